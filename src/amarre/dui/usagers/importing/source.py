"""From bytes to a sheet: the content decides what the file is, never its name."""

from __future__ import annotations

from amarre.dui.usagers.importing.csv_source import read_csv
from amarre.dui.usagers.importing.errors import ListEmpty, ListTooLarge, NotAList, OldWorkbook
from amarre.dui.usagers.importing.limits import MAX_BYTES
from amarre.dui.usagers.importing.sheet import Sheet
from amarre.dui.usagers.importing.workbook_source import read_workbook

_OTHER_KINDS = (
    (b"%PDF", "c'est un PDF"),
    (b"\x89PNG", "c'est une image"),
    (b"\xff\xd8\xff", "c'est une image"),
    (b"GIF8", "c'est une image"),
    (b"{\\rtf", "c'est un texte mis en page"),
    (b"\x1f\x8b", "c'est une archive"),
    (b"Rar!", "c'est une archive"),
    (b"7z\xbc\xaf", "c'est une archive"),
)
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<workbook", b"<!--", b"<meta", b"<head")


def read_list(data: bytes) -> Sheet:
    """Return what a CSV, XLSX or ODS file holds. Raises the errors IMP-001 to IMP-009."""
    if len(data) > MAX_BYTES:
        raise ListTooLarge(limit=MAX_BYTES // (1024 * 1024))
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ListEmpty
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return read_workbook(data)
    if data.startswith(_OLD_WORKBOOK):
        raise OldWorkbook
    for mark, kind in _OTHER_KINDS:
        if data.startswith(mark):
            raise NotAList(kind=kind)
    if data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise NotAList(kind="c'est une page web ou du XML, malgré son nom")
    return read_csv(data)
