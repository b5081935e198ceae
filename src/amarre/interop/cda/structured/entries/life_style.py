"""FR-Habitus-Mode-de-vie: tobacco, alcohol, exercise, diet…

Source: CI-SIS, Modèles de contenus CDA, entrée 1.2.250.1.213.1.1.3.52; JDV_SocialHistoryCodes.
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
    Value,
    add_coded,
    add_comment,
    add_day,
    add_entry_id,
    add_reference,
    add_templates,
    add_value,
    french_day,
    value_text,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

TEMPLATES = (
    "2.16.840.1.113883.10.20.1.33",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.4",
    "1.2.250.1.213.1.1.3.52",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeStyle:
    """`code` (JDV_SocialHistoryCodes) is what is told of; `value` what is known of it."""

    code: Code
    value: Value | None
    day: Day | None = None
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = ("Date", "Observation", "Réponse", "Commentaire")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return day, subject, what is known and comment."""
        return (
            Cell(french_day(self.day)),
            Cell(self.code.display),
            Cell(value_text(self.value)),
            Cell(self.comment),
        )

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the observation."""
        node = add(add(section, "entry"), "observation", classCode="OBS", moodCode="EVN")
        add_templates(node, TEMPLATES)
        add_entry_id(node, ids)
        add_coded(node, "code", self.code)
        add_reference(node, row.reference(2))
        add(node, "statusCode", code="completed")
        add_day(node, "effectiveTime", self.day, ids, absent=UNKNOWN)
        add_value(node, self.value)
        if self.comment:
            add_comment(node, row.reference(3))
