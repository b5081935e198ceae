"""Workbooks (XLSX, ODS): checked as archives, then read by a process of their own."""

from __future__ import annotations

import datetime
import io
import json
import subprocess
import sys
import zipfile
from typing import Any

from amarre.dui.usagers.importing.errors import (
    ListEmpty,
    ListTooLong,
    ListTooWide,
    NotAList,
    OldWorkbook,
    WorkbookUnreadable,
)
from amarre.dui.usagers.importing.headings import recognised_count
from amarre.dui.usagers.importing.limits import (
    HEADER_SEARCH_LINES,
    MAX_COLUMNS,
    MAX_LINES,
    MAX_PARTS,
    MAX_UNPACKED_BYTES,
    READER_WALL_SECONDS,
)
from amarre.dui.usagers.importing.sheet import CellValue, Line, Sheet, cell_text, trimmed

_READER = "amarre.dui.usagers.importing.workbook_reader"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def read_workbook(data: bytes) -> Sheet:
    """Return the sheet of the workbook whose headings are best known.

    Raises NotAList, OldWorkbook, WorkbookUnreadable, ListEmpty, ListTooLong, ListTooWide.
    """
    _check_archive(data)
    return _chosen(_read_apart(data))


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            mimetype = archive.read("mimetype") if _small(parts, "mimetype") else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise WorkbookUnreadable(reason="l'archive est abîmée ou incomplète") from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise WorkbookUnreadable(reason="déplié, il serait beaucoup trop grand")
    if any(part.flag_bits & 1 for part in parts):
        raise OldWorkbook
    if "xl/workbook.bin" in names:
        raise NotAList(kind="c'est un classeur binaire (.xlsb)")
    if "xl/workbook.xml" not in names and not mimetype.startswith(_ODS):
        raise NotAList(kind="c'est une archive, et pas un classeur")


def _small(parts: list[zipfile.ZipInfo], name: str) -> bool:
    return any(part.filename == name and part.file_size < 200 for part in parts)


def _read_apart(data: bytes) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", _READER]
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the file only travels by standard input
            command, input=data, capture_output=True, timeout=READER_WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise WorkbookUnreadable(reason="sa lecture est trop longue") from None
    if done.returncode != 0:
        raise WorkbookUnreadable(reason="il est abîmé, ou des cellules sont remplies très loin de la liste")
    sheets: list[dict[str, Any]] = json.loads(done.stdout)
    return sheets


def _chosen(sheets: list[dict[str, Any]]) -> Sheet:
    """Return the sheet with the most known headings; the first one that holds something when none has any."""
    filled = [sheet for sheet in sheets if sheet["rows"] or sheet["too_long"] or sheet["too_wide"]]
    if not filled:
        raise ListEmpty
    best = max(filled, key=lambda sheet: (_known(sheet), -filled.index(sheet)))
    if best["too_wide"]:
        raise ListTooWide(limit=MAX_COLUMNS)
    if best["too_long"]:
        raise ListTooLong(limit=MAX_LINES)
    notes = [f"Feuille lue : « {best['name']} »."]
    others = [f"« {sheet['name']} »" for sheet in filled if sheet is not best]
    if others:
        notes.append(f"Feuilles laissées de côté : {', '.join(others)}.")
    return Sheet(_lines(best), tuple(notes))


def _known(sheet: dict[str, Any]) -> int:
    heads = sheet["rows"][:HEADER_SEARCH_LINES]
    return max((recognised_count([cell_text(_cell(value)) for value in row]) for row in heads), default=0)


def _cell(value: Any) -> CellValue:
    if isinstance(value, dict):
        return datetime.date.fromisoformat(value["d"])
    return value if isinstance(value, int | float) else str(value)


def _lines(sheet: dict[str, Any]) -> tuple[Line, ...]:
    lines = []
    for number, row in enumerate(sheet["rows"], sheet["first_line"]):
        cells = trimmed([_cell(value) for value in row])
        if cells:
            lines.append(Line(number, cells))
        if len(cells) > MAX_COLUMNS:
            raise ListTooWide(limit=MAX_COLUMNS)
        if len(lines) > MAX_LINES + HEADER_SEARCH_LINES:
            raise ListTooLong(limit=MAX_LINES)
    return tuple(lines)
