"""The rows refused, given back to be corrected: CSV that every spreadsheet opens, and that runs nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from amarre.dui.usagers.importing.columns import Column
from amarre.dui.usagers.importing.fields import Aside
from amarre.dui.usagers.importing.plan import RefusedRow

# What a spreadsheet takes for a formula at the beginning of a cell (ASVS 1.2.10).
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(text: str) -> str:
    """Return the text with an apostrophe before what a spreadsheet would compute."""
    return f"'{text}" if text.startswith(_LIVE) else text


def refused_csv(columns: Iterable[Column], refused: Iterable[RefusedRow]) -> bytes:
    """Return the refused rows in UTF-8 with a mark, separated by semicolons, CRLF.

    Three columns are added: line, reasons, what to do. Columns of national numbers are not given back.
    """
    kept = [column for column in columns if column.aside is not Aside.NIR]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    headings = [column.heading for column in kept]
    writer.writerow(
        [safe_cell(text) for text in ("Ligne d'origine", *headings, "Refusée parce que", "À faire")]
    )
    for row in refused:
        reasons = " / ".join(f"{problem.column} : {problem.reason}" for problem in row.problems)
        advice = " / ".join(dict.fromkeys(problem.advice for problem in row.problems))
        cells = [row.line.text(column.index) for column in kept]
        writer.writerow([safe_cell(text) for text in (str(row.line.number), *cells, reasons, advice)])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")
