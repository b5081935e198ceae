"""IHE_XDM.zip written: one submission set, deterministic bytes.

Sources: IHE ITI TF-1 §16 and TF-2 §3.32 (XDM), CI-SIS Volet Échange de documents de santé, MSSanté
Référentiel #2
(file name, one submission set). The same input gives the same bytes: entries carry the time of submission.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace

from anyascii import anyascii
from lxml import etree

from amarre.interop.common.xml import serialize
from amarre.interop.terminology import Code
from amarre.interop.xds import Author, DocumentEntry, Submission, SubmissionSet, document_entry_from_cda
from amarre.interop.xds.encode import encode_submission

FILE_NAME = "IHE_XDM.zip"
ROOT = "IHE_XDM"
SUBSET = "SUBSET01"
_XHTML = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True, slots=True)
class XdmSender:
    """What README.TXT says of the sender and of the software that wrote the archive."""

    organisation: str
    mailbox: str
    software: str
    software_version: str
    vendor: str


@dataclass(frozen=True, slots=True)
class XdmSubmission:
    """The submission set: `unique_id` and `source_id` are OIDs, `content_type` a code of JDV_J59."""

    unique_id: str
    source_id: str
    time: datetime.datetime
    author: Author
    content_type: Code
    title: str = ""


def build_archive(
    documents: Sequence[bytes], submission: XdmSubmission, sender: XdmSender, recipients: Sequence[str]
) -> bytes:
    """Return the bytes of IHE_XDM.zip holding CDA documents, all of the same person.

    Metadata are read from the documents themselves. Raises ValueError for no document, CdaNotDescribable or
    an XmlError for a document that is not a complete CDA, ValueError too when they concern several persons.
    """
    entries = [_entry(index, data) for index, data in enumerate(documents, start=1)]
    if not entries:
        raise ValueError("an XDM archive holds at least one document")
    patient = entries[0].patient_id
    if any(entry.patient_id != patient for entry in entries):
        raise ValueError("an XDM archive holds the documents of one person")
    metadata = encode_submission(
        Submission(
            submission_set=SubmissionSet(
                entry_id="SubmissionSet01",
                unique_id=submission.unique_id,
                source_id=submission.source_id,
                submission_time=submission.time,
                author=submission.author,
                content_type=submission.content_type,
                patient_id=patient,
                title=submission.title or entries[0].title,
            ),
            documents=tuple(entries),
        )
    )
    files = {
        "README.TXT": _readme(entries, submission, sender, recipients),
        "INDEX.HTM": _index(entries, submission, sender),
        f"{ROOT}/{SUBSET}/METADATA.XML": serialize(metadata),
    }
    for entry, data in zip(entries, documents, strict=True):
        files[f"{ROOT}/{SUBSET}/{entry.uri}"] = data
    return _zip(files, submission.time)


def _entry(index: int, data: bytes) -> DocumentEntry:
    """Return the metadata of a document, with its file name (8.3, upper case), hash and size."""
    entry = document_entry_from_cda(data, entry_id=f"Document{index:02d}")
    # SHA-1 is the XDS definition of the attribute hash (IHE ITI TF-3), not a choice of ours.
    digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return replace(entry, uri=f"DOC{index:04d}.XML", hash_sha1=digest, size=len(data))


def _zip(files: dict[str, bytes], moment: datetime.datetime) -> bytes:
    """Return a ZIP whose bytes depend on its content and on the time of submission only."""
    stamp = moment.astimezone(datetime.UTC)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, stamp.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            # MS-DOS attributes everywhere: no permission, no owner, the same on every system.
            info.create_system = 0
            archive.writestr(info, data, compresslevel=6)
    return buffer.getvalue()


def _readme(
    entries: Sequence[DocumentEntry], submission: XdmSubmission, sender: XdmSender, recipients: Sequence[str]
) -> bytes:
    """Return README.TXT in ASCII: who sends, to whom, with what, and what is inside. No identity trait."""
    lines = [
        f"Emetteur : {sender.organisation} ({sender.mailbox})",
        f"Destinataires : {', '.join(recipients)}",
        f"Date : {submission.time.astimezone(datetime.UTC):%Y-%m-%d %H:%M} UTC",
        f"Logiciel : {sender.software} {sender.software_version} ({sender.vendor})",
        "",
        "Pour lire les documents, ouvrez INDEX.HTM dans un navigateur.",
        "",
        "README.TXT",
        "INDEX.HTM",
        f"{ROOT}",
        f"  {SUBSET}",
        "    METADATA.XML",
        *(f"    {entry.uri}" for entry in entries),
    ]
    return "".join(anyascii(line) + "\r\n" for line in lines).encode("ascii")


def _index(entries: Sequence[DocumentEntry], submission: XdmSubmission, sender: XdmSender) -> bytes:
    """Return INDEX.HTM: the sender, the date, a link to each document."""
    root = etree.Element("html", lang="fr", xmlns=_XHTML)
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = submission.title or "Documents de santé"
    body = etree.SubElement(root, "body")
    etree.SubElement(body, "h1").text = submission.title or "Documents de santé"
    moment = f"{submission.time.astimezone(datetime.UTC):%d/%m/%Y %H:%M} UTC"
    etree.SubElement(body, "p").text = f"Envoyé par {sender.organisation}, {moment}."
    listing = etree.SubElement(body, "ul")
    for entry in entries:
        link = etree.SubElement(
            etree.SubElement(listing, "li"), "a", href=f"{ROOT}/{SUBSET}/{entry.uri}", type=entry.mime_type
        )
        link.text = f"{entry.title} ({entry.type_code.display})"
    return serialize(root)
