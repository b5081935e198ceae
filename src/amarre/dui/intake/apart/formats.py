"""What a file is, by its first bytes: its name and the type its sender gives say nothing."""

from __future__ import annotations

from enum import StrEnum

from amarre.dui.intake.apart.verdicts import Reason, Refused

_HEAD_BYTES = 1024
_BLANK = b"\xef\xbb\xbf\x00\t\n\x0c\r "
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Kind(StrEnum):
    """What the conversion reads; a text of an office is made a PDF first."""

    PDF = "pdf"
    PICTURE = "picture"


def kind_of(data: bytes) -> Kind:
    """Return what `data` is. Raises Refused for anything else, with the reason that helps."""
    if not data.strip(b"\x00\t\n\x0c\r "):
        raise Refused(Reason.EMPTY)
    if is_picture(data):
        return Kind.PICTURE
    if b"%PDF-" in data[:_HEAD_BYTES]:
        return Kind.PDF
    if data[4:8] == b"ftyp":
        raise Refused(Reason.HEIC)
    if data.startswith(_TIFF):
        raise Refused(Reason.TIFF)
    if data.startswith(_OLD_OFFICE):
        raise Refused(Reason.OLD_OFFICE)
    raise Refused(Reason.UNKNOWN_FORMAT)


def is_picture(data: bytes) -> bool:
    """Say whether `data` begins as a JPEG or PNG picture."""
    return data.startswith(_PICTURES)


def is_archive(data: bytes) -> bool:
    """Say whether `data` begins as a ZIP archive, as the texts of an office do."""
    return data.startswith(_ZIP)
