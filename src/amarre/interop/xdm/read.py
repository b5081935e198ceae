"""A foreign IHE_XDM.zip read without ever writing to disk or trusting what it declares.

Sources: IHE ITI TF-2 §3.32 (layout), CI-SIS Volet Échange. Sizes are counted while inflating: the sizes
written in a ZIP directory are the sender's word.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import stat
import zipfile
import zlib
from dataclasses import dataclass, field

from amarre.interop.common.xml import parse_foreign
from amarre.interop.xdm.errors import (
    XdmDocumentMissing,
    XdmHashMismatch,
    XdmMetadataMissing,
    XdmNotAnArchive,
    XdmTooLarge,
    XdmUnsafeEntry,
)
from amarre.interop.xds import PatientId, RegisteredDocument
from amarre.interop.xds.decode import decode_submission

_CHUNK = 64 * 1024
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass(frozen=True, slots=True)
class XdmLimits:
    """Bounds on an archive: bytes received, entries, bytes of one entry and of all, inflated ÷ deflated."""

    archive_bytes: int = 30 * 1024 * 1024
    entries: int = 200
    entry_bytes: int = 30 * 1024 * 1024
    total_bytes: int = 60 * 1024 * 1024
    ratio: int = 200


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


def read_archive(data: bytes, limits: XdmLimits | None = None) -> tuple[XdmArchive, ...]:
    """Return the submission sets of an archive, in the order of their folders.

    Raises an XdmError, or an XmlError for metadata that cannot be parsed.
    """
    bounds = limits or XdmLimits()
    files = _inflate(data, bounds)
    folders = sorted(
        posixpath.dirname(name)
        for name in files
        if posixpath.basename(name) == "metadata.xml" and name.startswith("ihe_xdm/")
    )
    if not folders:
        raise XdmMetadataMissing()
    return tuple(_subset(files, folder) for folder in folders)


def _inflate(data: bytes, bounds: XdmLimits) -> dict[str, bytes]:
    """Return the files of a ZIP by lower-case path, every bound and every name checked."""
    if len(data) > bounds.archive_bytes:
        raise XdmTooLarge(limit="taille de l'archive")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > bounds.entries:
                raise XdmTooLarge(limit="nombre de fichiers")
            files: dict[str, bytes] = {}
            remaining = bounds.total_bytes
            for info in infos:
                name = _safe_name(info)
                if info.is_dir():
                    continue
                if name in files:
                    raise XdmUnsafeEntry(defect="deux fichiers du même nom")
                files[name] = _bounded_read(archive, info, min(bounds.entry_bytes, remaining), bounds.ratio)
                remaining -= len(files[name])
            return files
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise XdmNotAnArchive() from error


def _safe_name(info: zipfile.ZipInfo) -> str:
    """Return the lower-case relative path of an entry. Raises XdmUnsafeEntry."""
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or "\x00" in name or ".." in name.split("/"):
        raise XdmUnsafeEntry(defect="chemin interdit")
    if info.flag_bits & 0x1:
        raise XdmUnsafeEntry(defect="fichier chiffré")
    mode = info.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) and stat.S_IFMT(mode):
        raise XdmUnsafeEntry(defect="lien")
    if info.compress_type not in _METHODS:
        raise XdmUnsafeEntry(defect="compression inattendue")
    return posixpath.normpath(name).lower()


def _bounded_read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int, ratio: int) -> bytes:
    """Inflate one entry, stopping as soon as a bound is passed."""
    chunks: list[bytes] = []
    size = 0
    # A small file may compress well without being a bomb: the ratio counts from 1 MB inflated.
    ceiling = max(info.compress_size * ratio, 1024 * 1024)
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise XdmTooLarge(limit="taille décompressée")
            if size > ceiling:
                raise XdmTooLarge(limit="taux de compression")
            chunks.append(chunk)
    return b"".join(chunks)


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
