"""What an entry is: words for the reader, a coded form for the software, one pointing at the other."""

from __future__ import annotations

from typing import ClassVar, Protocol

from lxml import etree

from amarre.interop.cda.structured.writing import Cell, EntryIds, Row


class Entry(Protocol):
    """One clinical statement. `columns` are the headings of its row in the narrative."""

    columns: ClassVar[tuple[str, ...]]

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return the row of the narrative, one cell per column; an empty text leaves the cell empty."""
        ...

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the coded form to a section; every part of it points at the cell that says the same."""
        ...
