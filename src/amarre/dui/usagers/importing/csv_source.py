"""Text lists: which letters (encoding), which separator, then lines and cells."""

from __future__ import annotations

import codecs
import csv
import io
import re
from itertools import islice

from amarre.dui.usagers.importing.errors import (
    EncodingUnknown,
    ListTooLong,
    ListTooWide,
    NotAList,
    QuotesBroken,
)
from amarre.dui.usagers.importing.headings import recognised_count
from amarre.dui.usagers.importing.limits import HEADER_SEARCH_LINES, MAX_COLUMNS, MAX_LINES
from amarre.dui.usagers.importing.sheet import CellValue, Line, Sheet, trimmed

SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Letters of DOS (CP850) or of an old Mac read as Windows-1252: « Michèle » would become « MichŠle », written
# MICHSLE without a word. These bytes hardly ever follow a letter in French; « Œ » never follows a small one.
_OTHER_LETTERS = re.compile(
    rb"[A-Za-z][\x83\x8a\x8e\x9a\x9e\x9f]|[A-Za-z][\x82\x85\x87-\x89\x8b\x91\x93-\x95\x99](?=[A-Za-z])"
    rb"|[a-z]\x8c|\x83[a-z]"
)
# Control characters that no list contains; a tabulation and line ends are not among them.
_CONTROL = {chr(code) for code in range(32)} - {"\t", "\n", "\r", "\x0b", "\x0c"}


def read_csv(data: bytes) -> Sheet:
    """Return the lines of a text list.

    Raises EncodingUnknown, NotAList, QuotesBroken, ListTooLong, ListTooWide.
    """
    text, encoding = decode(data)
    text, declared = _declared_separator(text)
    separator = declared or guess_separator(text)
    lines = _lines(text, separator, shift=1 if declared else 0)
    return Sheet(lines, (f"Lettres {encoding}, séparateur : {SEPARATORS[separator]}.",))


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding: a mark first, then UTF-8, then Windows-1252.

    Raises EncodingUnknown, or NotAList for bytes that are no text.
    """
    for mark, codec, label in _BOMS:
        if data.startswith(mark):
            return _checked(data, codec, label)
    if codec := _bare_utf16(data):
        return _checked(data, codec, "UTF-16")
    try:
        return _refuse_control(data.decode("utf-8")), "UTF-8"
    except UnicodeDecodeError:
        doubtful = _OTHER_LETTERS.search(data)
        if doubtful is not None:
            raise EncodingUnknown(position=doubtful.end() - 1) from None
        return _checked(data, "cp1252", "Windows-1252")


def _checked(data: bytes, codec: str, label: str) -> tuple[str, str]:
    try:
        return _refuse_control(data.decode(codec)), label
    except UnicodeDecodeError as error:
        raise EncodingUnknown(position=error.start) from None


def _refuse_control(text: str) -> str:
    if _CONTROL.intersection(text):
        raise NotAList(kind="il contient des données qui ne sont pas du texte")
    return text


def _bare_utf16(data: bytes) -> str:
    """Recognise UTF-16 without its mark: in French, one byte of two is zero."""
    start = data[:2000]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half >= 8 and odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if half >= 8 and even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return ""


def _declared_separator(text: str) -> tuple[str, str]:
    """Take off the line « sep=; » that Excel understands."""
    first, _, rest = text.partition("\n")
    first = first.strip().strip('"').lower()
    if first.startswith("sep=") and first[4:] in SEPARATORS:
        return rest, first[4:]
    return text, ""


def guess_separator(text: str) -> str:
    """Return the separator that shows the most known headings, then the most regular columns."""
    scores = []
    for rank, separator in enumerate(SEPARATORS):
        records = _first_records(text, separator)
        known = max((recognised_count(record) for record in records), default=0)
        widest = max((len(record) for record in records), default=0)
        regular = sum(len(record) == widest for record in records) if widest > 1 else 0
        scores.append(((known, regular, widest, -rank), separator))
    return max(scores)[1]


def _first_records(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [
            record for record in islice(reader, HEADER_SEARCH_LINES) if any(cell.strip() for cell in record)
        ]
    except csv.Error:
        return []


def _lines(text: str, separator: str, shift: int) -> tuple[Line, ...]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[Line] = []
    start = 1 + shift
    while True:
        try:
            record = next(reader, None)
        except csv.Error:
            raise QuotesBroken(line=start) from None
        if record is None:
            return tuple(lines)
        values: list[CellValue] = list(record)
        cells = trimmed(values)
        if cells:
            lines.append(Line(start, cells))
        if len(lines) > MAX_LINES + HEADER_SEARCH_LINES:
            raise ListTooLong(limit=MAX_LINES)
        if len(cells) > MAX_COLUMNS:
            raise ListTooWide(limit=MAX_COLUMNS)
        start = reader.line_num + 1 + shift
