"""The words of a section, once: the narrative of the CDA and any other reading (a PDF) come from here.

What a reader of the document sees is then what a reader of the paper sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from amarre.interop.cda.structured.entries import Entry, Panel
from amarre.interop.cda.structured.model import Section
from amarre.interop.cda.structured.writing import Cell, EntryIds


@dataclass(frozen=True, slots=True)
class WordsTable:
    """A table of the narrative: rows of cells under headings, for statements of one kind.

    Every row has a cell per column of the kind; `shown` are the columns in which one row at least says
    something. `source` is what the rows say: an entry each, or one panel.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: tuple[Entry, ...] | Panel

    @property
    def shown(self) -> tuple[int, ...]:
        """The columns that are not empty all along."""
        return tuple(
            number
            for number in range(len(self.columns))
            if any(row[number].text or row[number].media for row in self.rows)
        )


def tables_of(section: Section, ids: EntryIds) -> Iterator[WordsTable]:
    """Yield the tables of a section: one per run of entries of the same kind, one per panel."""
    for _, run in groupby(section.entries, key=type):
        entries: list[Entry] = []
        for item in run:
            if isinstance(item, Panel):
                yield WordsTable(item.caption, item.columns, item.lines(ids), item)
            else:
                entries.append(item)
        if entries:
            rows = tuple(entry.cells(ids) for entry in entries)
            yield WordsTable("", entries[0].columns, rows, tuple(entries))
