"""What an entry is: words for the reader, a coded form for the software, one pointing at the other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Protocol

from lxml import etree

from amarre.interop.cda.structured.writing import Cell, EntryIds, Row


class Entry(Protocol):
    """One clinical statement: one row of the narrative. `columns` are the headings of the row."""

    columns: ClassVar[tuple[str, ...]]

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return the row of the narrative, one cell per column; an empty text leaves the cell empty."""
        ...

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the coded form to a section; every part of it points at the cell that says the same."""
        ...


class Panel(ABC):
    """Several statements under one organizer: a table of its own, one row each, under a caption or none."""

    __slots__ = ()
    columns: ClassVar[tuple[str, ...]]

    @property
    @abstractmethod
    def caption(self) -> str:
        """What the table is about; empty when the section's title says it."""

    @abstractmethod
    def lines(self, ids: EntryIds) -> tuple[tuple[Cell, ...], ...]:
        """Return the rows of the narrative."""

    @abstractmethod
    def write_all(self, section: etree._Element, rows: Sequence[Row], ids: EntryIds) -> None:
        """Append the coded form, each statement pointing at its row."""
