"""Read a workbook in a process of its own: `python -m amarre.dui.usagers.importing.workbook_reader`.

Standard input: the bytes. Standard output: JSON, one object by visible sheet, cells as text, numbers, or
{"d": date}. A workbook of two cells may ask its reader for hundreds of gigabytes: here it only kills this
process, whose memory and time are bounded. Formulas are never computed: the value they had is read.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import sys
from typing import Any

from python_calamine import CalamineError, SheetVisibleEnum, load_workbook

from amarre.dui.usagers.importing.limits import (
    HEADER_SEARCH_LINES,
    MAX_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_LINES,
    READER_CPU_SECONDS,
    READER_MEMORY_BYTES,
)

EXIT_UNREADABLE = 3
MAX_SHEETS = 20


def _bound() -> None:
    """Limit memory and time where the machine can (POSIX)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (READER_MEMORY_BYTES, READER_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (READER_CPU_SECONDS, READER_CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return {"d": value.date().isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, int | float):
        return value
    # A cell beyond MAX_CELL is refused: no more of it comes out, a cell of 90 MB would weigh on the site.
    return str(value)[: MAX_CELL + 1]


def read(data: bytes) -> list[dict[str, Any]]:
    """Return the visible sheets, lines numbered as in the workbook, within the limits."""
    sheets = []
    with load_workbook(io.BytesIO(data)) as book:
        for index, meta in enumerate(book.sheets_metadata[:MAX_SHEETS]):
            if meta.visible != SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_index(index)
            too_long = sheet.height > MAX_LINES * 4 or sheet.height * sheet.width > MAX_CELLS
            too_wide = sheet.width > MAX_COLUMNS * 5
            start = sheet.start or (0, 0)
            rows = [] if too_long or too_wide else sheet.to_python(skip_empty_area=True)
            sheets.append(
                {
                    "name": meta.name,
                    "first_line": start[0] + 1,
                    "too_long": too_long or len(rows) > MAX_LINES * 4 + HEADER_SEARCH_LINES,
                    "too_wide": too_wide,
                    "rows": [[_plain(value) for value in row] for row in rows],
                }
            )
    return sheets


def main() -> int:
    """Read standard input, write standard output; exit 3 when the workbook is not readable."""
    _bound()
    try:
        sheets = read(sys.stdin.buffer.read())
    except (CalamineError, MemoryError, ValueError, OSError):
        return EXIT_UNREADABLE
    json.dump(sheets, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
