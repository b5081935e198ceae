"""FR-Dispositif-medical: a device the person wears or uses.

Source: CI-SIS, Modèles de contenus CDA, entrée 1.2.250.1.213.1.1.3.20.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lxml import etree

from amarre.interop.cda.structured.writing import (
    UNKNOWN,
    Cell,
    EntryIds,
    Period,
    Row,
    add_coded,
    add_comment,
    add_entry_id,
    add_period,
    add_reference,
    add_templates,
    french_day,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

TEMPLATES = ("2.16.840.1.113883.10.20.1.34", "1.2.250.1.213.1.1.3.20")


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """`label` are the professional's words; `code` (EMDN) when there is one."""

    label: str
    code: Code | None = None
    period: Period = Period()
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = ("Début", "Fin", "Dispositif", "Commentaire")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return dates, words and comment."""
        return (
            Cell(french_day(self.period.start)),
            Cell(french_day(self.period.end)),
            Cell(self.label),
            Cell(self.comment),
        )

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the supply and its device."""
        node = add(add(section, "entry"), "supply", classCode="SPLY", moodCode="EVN")
        add_templates(node, TEMPLATES)
        add_entry_id(node, ids)
        add_reference(node, row.reference(2))
        add_period(node, self.period, ids, typed=True)
        role = add(add(node, "participant", typeCode="DEV"), "participantRole", classCode="MANU")
        add(role, "id", nullFlavor=UNKNOWN)
        device = add(role, "playingDevice", classCode="DEV", determinerCode="INSTANCE")
        add_coded(device, "code", self.code, reference=row.reference(2))
        if self.comment:
            add_comment(node, row.reference(3))
