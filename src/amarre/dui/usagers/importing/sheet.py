"""A list as it was read: lines of cells, with the number a person sees in their own software."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass

CellValue = str | int | float | datetime.date

# ="01053": how spreadsheets keep a leading zero in a CSV file. The only formula that is understood, as text.
_PROTECTED = re.compile(r'="([^"=]*)"')
_SPACES = re.compile(r"[\s\u00a0\u202f\u2007]+")
# Left by word processors and web pages; what they separate reads the same without them.
UNSEEN = "\u200b\ufeff\u00ad\u200e\u200f\u2060"
_UNSEEN = dict.fromkeys(map(ord, UNSEEN))


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line that is not blank. `number` counts from 1, blank lines included."""

    number: int
    cells: tuple[CellValue, ...]

    def at(self, index: int) -> CellValue:
        """Return the cell of a column, "" when the line is shorter."""
        return self.cells[index] if index < len(self.cells) else ""

    def text(self, index: int) -> str:
        """Return the cell of a column as text."""
        return cell_text(self.at(index))


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """The lines of a file, and French notes about how it was read."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Number of columns up to the last one that holds something."""
        return max((len(line.cells) for line in self.lines), default=0)


def cell_text(value: CellValue) -> str:
    """Return what a person reads in a cell: one space between words, whole numbers without decimals."""
    if isinstance(value, datetime.date):
        return value.strftime("%d/%m/%Y") if value.year >= 1000 else value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = unicodedata.normalize("NFC", str(value)).translate(_UNSEEN)
    text = _SPACES.sub(" ", text).strip()
    match = _PROTECTED.fullmatch(text)
    return match[1].strip() if match else text


def trimmed(cells: list[CellValue]) -> tuple[CellValue, ...]:
    """Return the cells without the empty ones at the end."""
    end = len(cells)
    while end and cell_text(cells[end - 1]) == "":
        end -= 1
    return tuple(cells[:end])
