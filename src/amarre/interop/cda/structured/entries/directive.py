"""FR-Directive-anticipee: whether a directive was written, and where it is.

Source: CI-SIS, Modèles de contenus CDA, entrée 1.2.250.1.213.1.1.3.54.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lxml import etree

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
    add_typed,
    add_value,
    french_day,
    value_text,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

TEMPLATES = (
    "2.16.840.1.113883.10.20.1.17",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.7",
    "1.2.250.1.213.1.1.3.54",
)
ADVANCE_DIRECTIVES = Code("42348-3", "Directives anticipées", "2.16.840.1.113883.6.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """`present`: None when nobody asked. `where`: the place a reader will find the directive at."""

    present: bool | None
    day: Day | None = None
    where: str = ""
    code: Code = ADVANCE_DIRECTIVES

    columns: ClassVar[tuple[str, ...]] = ("Directive", "Choix de la personne", "Date", "Conservée à")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return directive, answer, day and place."""
        return (
            Cell(self.code.display),
            Cell(value_text(self.present)),
            Cell(french_day(self.day)),
            Cell(self.where),
        )

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the observation."""
        node = add(add(section, "entry"), "observation", classCode="OBS", moodCode="EVN")
        add_templates(node, TEMPLATES)
        add_entry_id(node, ids)
        add_coded(node, "code", self.code)
        add_reference(node, row.reference(0))
        add(node, "statusCode", code="completed")
        add_day(node, "effectiveTime", self.day, ids, absent=UNKNOWN)
        if self.present is None:
            # The template wants a boolean, known or not.
            add_typed(node, "value", "BL", nullFlavor=UNKNOWN)
        else:
            add_value(node, self.present)
        if self.where:
            add_comment(node, row.reference(3))
