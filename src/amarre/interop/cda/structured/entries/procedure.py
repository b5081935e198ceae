"""FR-Acte: an act or an operation.

Source: CI-SIS, Modèles de contenus CDA, entrée 1.2.250.1.213.1.1.3.62.
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
    french_day,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

TEMPLATES = ("1.3.6.1.4.1.19376.1.5.3.1.4.19", "2.16.840.1.113883.10.20.1.29", "1.2.250.1.213.1.1.3.62")


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """`label` are the professional's words; `code` (CCAM, SNOMED CT…) when there is one."""

    label: str
    code: Code | None = None
    day: Day | None = None
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = ("Date", "Acte", "Commentaire")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return day, words and comment."""
        code = f" ({self.code.code})" if self.code else ""
        return (Cell(french_day(self.day)), Cell(self.label + code), Cell(self.comment))

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the procedure."""
        node = add(add(section, "entry"), "procedure", classCode="PROC", moodCode="EVN")
        add_templates(node, TEMPLATES)
        add_entry_id(node, ids)
        add_coded(node, "code", self.code, reference=row.reference(1))
        add_reference(node, row.reference(1))
        add(node, "statusCode", code="completed")
        add_day(node, "effectiveTime", self.day, ids, absent=UNKNOWN)
        if self.comment:
            add_comment(node, row.reference(2))
