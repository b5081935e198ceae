"""Blocks made of lines: treatments, allergies, problems… one line, one entry of the section.

Content: {"state": "none" | "unknown" | "", "lines": [{field: text}…], "note": text}.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from amarre.dui.authoring.blocks import Block, Content
from amarre.dui.authoring.structured.fields import FieldType, LineField
from amarre.dui.authoring.structured.kind import StructuredKind
from amarre.dui.authoring.structured.values import (
    day_of,
    earliest,
    latest,
    lines_of,
    paragraphs_of,
    text_of,
)
from amarre.interop.cda.structured import SECTIONS, Absence, Entry, Panel, Section
from amarre.interop.terminology import Code, value_set

NONE, UNKNOWN = "none", "unknown"
MOST_LINES = 60


class LinesKind(StructuredKind):
    """`none_words` and `unknown_words` are what is ticked when nothing is known, or nobody knows."""

    line_name: ClassVar[str]
    fields: ClassVar[tuple[LineField, ...]]
    none_words: ClassVar[str] = ""
    unknown_words: ClassVar[str] = ""
    period: ClassVar[tuple[str, str] | None] = None

    # Words before the lines, in a field of their own; "" when the section has no place for them.
    note_label: ClassVar[str] = ""

    @abstractmethod
    def entries(self, lines: tuple[Mapping[str, Any], ...]) -> tuple[Entry | Panel, ...]:
        """Return what complete lines say."""

    @property
    def states(self) -> tuple[tuple[str, str], ...]:
        """What may be ticked instead of a line."""
        words = ((NONE, self.none_words), (UNKNOWN, self.unknown_words))
        return tuple((state, label) for state, label in words if label)

    def section(self, block: Block, content: Content) -> Section | None:
        """Return the lines that can be read, or what says that there is none."""
        lines = tuple(line for line in lines_of(content) if self._complete(line))
        notes = self._notes(content)
        entries = self.entries(lines) if lines else self._absence(content)
        if not entries and not notes:
            return None
        return Section(kind=self.kind_for(block), title=block.title, entries=entries, notes=notes)

    def is_empty(self, block: Block, content: Content) -> bool:
        """Tell whether no line, nothing ticked, no note."""
        ticked = text_of(content, "state") in dict(self.states)
        return not lines_of(content) and not ticked and not self._notes(content)

    def problems(self, block: Block, content: Content) -> tuple[str, ...]:
        """Return what is missing or contradictory, line by line."""
        return tuple(self._problems(content))

    def _notes(self, content: Content) -> tuple[str, ...]:
        return paragraphs_of(content) if self.note_label else ()

    def _complete(self, line: Mapping[str, Any]) -> bool:
        return not any(field.missing(line) or field.unreadable(line) for field in self.fields)

    def _problems(self, content: Content) -> Iterator[str]:
        lines = lines_of(content)
        state = dict(self.states).get(text_of(content, "state"))
        if state and lines:
            yield f"vous avez coché « {state} » et écrit une ligne. Gardez l'un des deux."
        if self._notes(content) and not lines and not state and self.states:
            yield f"écrivez au moins une ligne, ou cochez « {self.none_words} » ou « {self.unknown_words} »."
        if len(lines) > MOST_LINES:
            yield f"{MOST_LINES} lignes au plus."
        for number, line in enumerate(lines, start=1):
            for field in self.fields:
                if field.missing(line):
                    yield f"ligne {number}, il manque « {field.label} »."
                elif field.unreadable(line):
                    yield f"ligne {number}, « {field.label} » ne peut pas être lu."
            if self._backwards(line):
                yield f"ligne {number}, la fin est avant le début."

    def _backwards(self, line: Mapping[str, Any]) -> bool:
        if self.period is None:
            return False
        start, end = (day_of(line, name) for name in self.period)
        return bool(start and end and earliest(start) > latest(end))

    def _absence(self, content: Content) -> tuple[Entry, ...]:
        state = text_of(content, "state")
        which = SECTIONS[self.section_kind].absence
        if state not in dict(self.states) or which is None:
            return ()
        return (Absence(_absent(tuple(value_set(which).codes.values()), none=state == NONE)),)


def _absent(codes: tuple[Code, ...], *, none: bool) -> Code:
    """Return the general code of a list: « no-known… » comes first among those that deny."""
    return next(code for code in codes if code.code.startswith("no-known") == none)


class OneByOne(LinesKind):
    """Lines that are an entry each."""

    @abstractmethod
    def entry(self, line: Mapping[str, Any]) -> Entry:
        """Return what a complete line says."""

    def entries(self, lines: tuple[Mapping[str, Any], ...]) -> tuple[Entry | Panel, ...]:
        """Return the entries, in the order of the lines."""
        return tuple(self.entry(line) for line in lines)


def text_field(name: str, label: str, **more: Any) -> LineField:
    """Return a field of free words."""
    return LineField(name=name, label=label, **more)


def day_field(name: str, label: str) -> LineField:
    """Return a field of a day, a month or a year."""
    return LineField(name=name, label=label, type=FieldType.DAY, width=1)


REMARK = text_field("remark", "Remarque")
