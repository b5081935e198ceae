"""The list behind a number, as a file for a spreadsheet: no name in it, only numbers and references."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable

from amarre.dui.indicators.acts import Lens
from amarre.dui.indicators.definitions import Definition
from amarre.dui.indicators.lists import Line
from amarre.dui.web.dates import local

BOM = "\ufeff"
COLUMNS = (
    "Indicateur",
    "Règle de calcul",
    "Période",
    "Environnement",
    "Numéro de dossier",
    "Dernier acte accepté le",
    "Nombre d'actes",
    "Références des actes",
)
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Return `text` as a spreadsheet shows it: an apostrophe stops what would be read as a formula."""
    return f"'{text}" if text.lstrip(" \u00a0\u202f").startswith(_FORMULA) else text


def file_of(definition: Definition, lens: Lens, lines: Iterable[Line]) -> tuple[bytes, int]:
    """Return the file (UTF-8 with BOM, semicolons, CRLF) and its number of lines without the head."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(COLUMNS)
    count = 0
    for line in lines:
        count += 1
        cells = (
            definition.code,
            definition.version,
            lens.period.dates or lens.period.label,
            lens.environment,
            line.dossier_number,
            _moment(line.last_at),
            str(len(line.acts)),
            " ".join(act.reference for act in line.acts),
        )
        writer.writerow(safe_cell(cell) for cell in cells)
    return (BOM + buffer.getvalue()).encode(), count


def _moment(at: datetime.datetime | None) -> str:
    return local(at).strftime("%d/%m/%Y %H:%M") if at else ""
