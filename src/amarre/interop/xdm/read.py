"""A foreign IHE_XDM.zip read without ever writing to disk or trusting what it declares.

Sources: IHE ITI TF-2 §3.32 (layout), CI-SIS Volet Échange. The ZIP itself is read by `common.archives`.
"""

from __future__ import annotations

import hashlib
import posixpath
from dataclasses import dataclass, field

from amarre.interop.common.archives import ArchiveFault, ArchiveLimits, ArchiveRefused, read_entries
from amarre.interop.common.xml import parse_foreign
from amarre.interop.xdm.errors import (
    XdmDocumentMissing,
    XdmError,
    XdmHashMismatch,
    XdmMetadataMissing,
    XdmNotAnArchive,
    XdmTooLarge,
    XdmUnsafeEntry,
)
from amarre.interop.xds import PatientId, RegisteredDocument
from amarre.interop.xds.decode import decode_submission

_REFUSALS: dict[ArchiveFault, type[XdmError]] = {
    ArchiveFault.UNREADABLE: XdmNotAnArchive,
    ArchiveFault.TOO_LARGE: XdmTooLarge,
    ArchiveFault.UNSAFE: XdmUnsafeEntry,
}


@dataclass(frozen=True, slots=True)
class XdmDocument:
    """One document of an archive with its metadata. `hash_checked` is False when none was given."""

    metadata: RegisteredDocument
    data: bytes = field(repr=False)
    hash_checked: bool


@dataclass(frozen=True, slots=True)
class XdmArchive:
    """One received submission set. `patient_id` must still be compared with the header of each document."""

    submission_unique_id: str
    patient_id: PatientId | None
    title: str = field(repr=False)
    documents: tuple[XdmDocument, ...]


def is_xdm_name(name: str) -> bool:
    """Tell whether an attachment's file name is that of an XDM archive (case does not matter)."""
    return name.casefold() == "ihe_xdm.zip"


def read_archive(data: bytes, limits: ArchiveLimits | None = None) -> tuple[XdmArchive, ...]:
    """Return the submission sets of an archive, in the order of their folders.

    Raises an XdmError, or an XmlError for metadata that cannot be parsed.
    """
    try:
        found = read_entries(data, limits or ArchiveLimits())
    except ArchiveRefused as error:
        raise _REFUSALS[error.fault](detail=error.detail) from error
    files = {name.lower(): content for name, content in found.items()}
    folders = sorted(
        posixpath.dirname(name)
        for name in files
        if posixpath.basename(name) == "metadata.xml" and name.startswith("ihe_xdm/")
    )
    if not folders:
        raise XdmMetadataMissing()
    return tuple(_subset(files, folder) for folder in folders)


def _subset(files: dict[str, bytes], folder: str) -> XdmArchive:
    """Read one submission set and the documents it describes."""
    received = decode_submission(parse_foreign(files[f"{folder}/metadata.xml"]))
    if not received.documents:
        raise XdmMetadataMissing()
    return XdmArchive(
        submission_unique_id=received.unique_id,
        patient_id=received.patient_id,
        title=received.title,
        documents=tuple(_document(files, folder, item) for item in received.documents),
    )


def _document(files: dict[str, bytes], folder: str, item: RegisteredDocument) -> XdmDocument:
    """Find the bytes of a document and compare them with its hash and size."""
    path = posixpath.normpath(posixpath.join(folder, item.uri.replace("\\", "/"))).lower()
    # Only files of the same submission set: a URI must not reach another person's document.
    if not item.uri or not path.startswith(f"{folder}/"):
        raise XdmDocumentMissing()
    data = files.get(path)
    if data is None:
        raise XdmDocumentMissing()
    if item.size and item.size != len(data):
        raise XdmHashMismatch()
    if item.hash_sha1 and hashlib.sha1(data, usedforsecurity=False).hexdigest() != item.hash_sha1:
        raise XdmHashMismatch()
    return XdmDocument(item, data, hash_checked=bool(item.hash_sha1))
