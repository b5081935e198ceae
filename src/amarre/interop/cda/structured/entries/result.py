"""FR-Resultats: results of examinations, grouped by what was examined.

Source: CI-SIS, Modèles de contenus CDA, entrées 1.2.250.1.213.1.1.3.208 (group) and .209 (result).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from lxml import etree

from amarre.interop.cda.structured.entries.base import Panel
from amarre.interop.cda.structured.writing import (
    UNKNOWN,
    Cell,
    Day,
    EntryIds,
    Row,
    add_coded,
    add_comment,
    add_day,
    add_entry_id,
    add_reference,
    add_templates,
    add_value,
    french_day,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

GROUP = ("1.2.250.1.213.1.1.3.208",)
RESULT = ("1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.2.250.1.213.1.1.3.48", "1.2.250.1.213.1.1.3.209")
_LOINC = "2.16.840.1.113883.6.1"


class Examination(Enum):
    """What was examined: the five groups the template allows."""

    BIOLOGY = Code("26436-6", "Biologie polyvalente", _LOINC)
    IMAGING = Code("18748-4", "Imagerie", _LOINC)
    CYTOLOGY = Code("26438-2", "Cytologie", _LOINC)
    PATHOLOGY = Code("27898-6", "Pathologie", _LOINC)
    GENETICS = Code("26435-8", "Génétique humaine", _LOINC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`label` and `value` are the professional's words; `code` (LOINC) when there is one."""

    label: str
    value: str
    code: Code | None = None
    day: Day | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results(Panel):
    """The results of one kind of examination. Raises ValueError without a result."""

    kind: Examination
    results: tuple[Result, ...]

    columns: ClassVar[tuple[str, ...]] = ("Date", "Examen", "Résultat", "Commentaire")

    def __post_init__(self) -> None:
        if not self.results:
            raise ValueError("a group of results holds at least one")

    @property
    def caption(self) -> str:
        """What was examined."""
        return self.kind.value.display

    def lines(self, ids: EntryIds) -> tuple[tuple[Cell, ...], ...]:
        """Return day, examination, result and comment."""
        return tuple(
            (Cell(french_day(item.day)), Cell(item.label), Cell(item.value), Cell(item.comment))
            for item in self.results
        )

    def write_all(self, section: etree._Element, rows: Sequence[Row], ids: EntryIds) -> None:
        """Append the group and its results."""
        group = add(add(section, "entry"), "organizer", classCode="CLUSTER", moodCode="EVN")
        add_templates(group, GROUP)
        add_entry_id(group, ids)
        add_coded(group, "code", self.kind.value)
        add(group, "statusCode", code="completed")
        for item, row in zip(self.results, rows, strict=True):
            node = add(add(group, "component"), "observation", classCode="OBS", moodCode="EVN")
            add_templates(node, RESULT)
            add_entry_id(node, ids)
            add_coded(node, "code", item.code, reference=row.reference(1))
            add_reference(node, row.reference(2))
            add(node, "statusCode", code="completed")
            add_day(node, "effectiveTime", item.day, ids, absent=UNKNOWN)
            add_value(node, item.value)
            if item.comment:
                add_comment(node, row.reference(3))
