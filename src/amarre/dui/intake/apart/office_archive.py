"""A text of an office (ODT, DOCX) as an archive: judged, then written again without what leads outside.

LibreOffice opens what is given back. It must find nothing to fetch, nothing to run: remote pictures and
templates, fields that include other files, embedded programs are taken away here.
Source of the limits: quality bars, attack class 4 (archives).
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from enum import StrEnum

from amarre.dui.intake.apart.limits import MIB
from amarre.dui.intake.apart.office_parts import cleaned_docx_part, cleaned_odt_part
from amarre.dui.intake.apart.verdicts import Note, Reason, Refused
from amarre.interop.common.xml import XmlError

MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 60 * MIB
MAX_RATIO = 150
# Below this size a high ratio is only a small, repetitive part.
_SMALL_BYTES = MIB
_CHUNK_BYTES = 64 * 1024
_LONGEST_NAME = 200
# What an entry may be, when its archive says it: an ordinary file. Neither a link, nor a device, nor a pipe.
_FILES = (0, stat.S_IFREG)

_ODT = b"application/vnd.oasis.opendocument.text"
_DOCX_MAIN = b"wordprocessingml.document.main+xml"
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
_OTHER_OFFICE = (b"application/vnd.oasis.opendocument.", b"spreadsheetml.sheet.main", b"presentationml.")
# Programs and documents inside the document: their picture is what is printed, it is kept.
_DROPPED = ("word/embeddings/", "word/activex/", "word/afchunk", "customui/", "customxml/")


class Office(StrEnum):
    """The two kinds converted; the value is the suffix LibreOffice expects."""

    ODT = "odt"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class CleanText:
    """An archive to be opened by LibreOffice, and what was taken away from it."""

    kind: Office
    data: bytes = field(repr=False)
    notes: frozenset[Note]


def clean_office(data: bytes) -> CleanText:
    """Return `data` written again without what leads outside. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = _checked_entries(archive, len(data))
            parts = _read(archive, entries)
    except (
        zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError,
        ValueError, zlib.error,
    ) as error:  # fmt: skip
        raise Refused(Reason.OFFICE_BROKEN) from error
    kind = _kind(parts)
    _refuse_macros(parts)
    notes = {Note.OFFICE}
    kept = {}
    for name, content in parts.items():
        if kind is Office.DOCX and name.lower().startswith(_DROPPED):
            notes.add(Note.OBJECTS)
            continue
        clean = _cleaned(kind, name, content)
        if clean is not content:
            notes.add(Note.EXTERNAL)
        kept[name] = clean
    return CleanText(kind, _archive(kept), frozenset(notes))


def _checked_entries(archive: zipfile.ZipFile, size: int) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise Refused(Reason.OFFICE_BOMB)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise Refused(Reason.OFFICE_BROKEN)
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.flag_bits & 1:
            raise Refused(Reason.OFFICE_ENCRYPTED)
        if not _is_plain_name(entry.filename) or stat.S_IFMT(entry.external_attr >> 16) not in _FILES:
            raise Refused(Reason.OFFICE_BROKEN)
        if entry.file_size > _SMALL_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Refused(Reason.OFFICE_BOMB)
        # Entries that share their bytes are how an archive of kilobytes gives gigabytes.
        if entry.header_offset < end or entry.header_offset + entry.compress_size > size:
            raise Refused(Reason.OFFICE_BOMB)
        end = entry.header_offset + entry.compress_size
    return entries


def _is_plain_name(name: str) -> bool:
    pieces = name.split("/")
    return (
        0 < len(name) <= _LONGEST_NAME
        and name.isprintable()
        and "\\" not in name
        and ":" not in name
        and all(piece not in ("", ".", "..") for piece in pieces)
    )


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Read every part, counting what really comes out."""
    left = MAX_UNPACKED_BYTES
    parts = {}
    for entry in entries:
        pieces = []
        with archive.open(entry) as stream:
            while piece := stream.read(_CHUNK_BYTES):
                left -= len(piece)
                if left < 0:
                    raise Refused(Reason.OFFICE_BOMB)
                pieces.append(piece)
        parts[entry.filename] = b"".join(pieces)
    return parts


def _kind(parts: dict[str, bytes]) -> Office:
    mimetype = parts.get("mimetype", b"").strip()
    types = parts.get("[Content_Types].xml", b"")
    if mimetype in (_ODT, _ODT + b"-template") and "content.xml" in parts:
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise Refused(Reason.OFFICE_ENCRYPTED)
        return Office.ODT
    if b"macroEnabled" in types:
        raise Refused(Reason.OFFICE_MACROS)
    if _DOCX_MAIN in types and "word/document.xml" in parts:
        return Office.DOCX
    if any(mark in mimetype or mark in types for mark in _OTHER_OFFICE):
        raise Refused(Reason.OTHER_OFFICE)
    raise Refused(Reason.UNKNOWN_FORMAT)


def _refuse_macros(parts: dict[str, bytes]) -> None:
    for name in parts:
        lower = name.lower()
        if lower.endswith(_MACRO_PARTS) or lower.startswith(("basic/", "scripts/")):
            raise Refused(Reason.OFFICE_MACROS)


def _cleaned(kind: Office, name: str, content: bytes) -> bytes:
    if not name.lower().endswith((".xml", ".rels")):
        return content
    try:
        return cleaned_odt_part(name, content) if kind is Office.ODT else cleaned_docx_part(name, content)
    except XmlError as error:
        raise Refused(Reason.OFFICE_BROKEN) from error


def _archive(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        # OpenDocument wants its type first and not compressed.
        for name in sorted(parts, key=lambda one: one != "mimetype"):
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), parts[name], how)
    return kept.getvalue()
