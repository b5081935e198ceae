"""FR-Simple-Observation: a question and its answer.

Source: CI-SIS, Modèles de contenus CDA, entrée 1.2.250.1.213.1.1.3.48.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lxml import etree

from amarre.interop.cda.structured.writing import (
    NOT_APPLICABLE,
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

TEMPLATES = ("1.3.6.1.4.1.19376.1.5.3.1.4.13", "1.2.250.1.213.1.1.3.48")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """`code` is the question; `value` the answer, None when not known. `label` replaces the code's words.

    `templates`: the templateIds of a specialised observation, after those of the simple one.
    """

    code: Code
    value: Value | None
    day: Day | None = None
    label: str = ""
    templates: tuple[str, ...] = ()
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = ("Observation", "Valeur", "Date", "Commentaire")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return question, answer, day and comment."""
        return (
            Cell(self.label or self.code.display),
            Cell(value_text(self.value)),
            Cell(french_day(self.day)),
            Cell(self.comment),
        )

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the observation."""
        self.append(add(section, "entry"), row, ids)

    def append(self, parent: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the observation to an entry or a component."""
        node = add(parent, "observation", classCode="OBS", moodCode="EVN")
        add_templates(node, (*TEMPLATES, *self.templates))
        add_entry_id(node, ids)
        add_coded(node, "code", self.code)
        add_reference(node, row.reference(1))
        add(node, "statusCode", code="completed")
        add_day(node, "effectiveTime", self.day, ids, absent=NOT_APPLICABLE)
        add_value(node, self.value)
        if self.comment:
            add_comment(node, row.reference(3))
