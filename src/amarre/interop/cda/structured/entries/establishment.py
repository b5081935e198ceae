"""FR-Transport-du-patient: the hospital the person prefers.

Source: CI-SIS, Modèles de contenus CDA, entrée 1.2.250.1.213.1.1.3.97 (section 1.2.250.1.213.1.1.2.172).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lxml import etree

from amarre.interop.cda.parts import Organization
from amarre.interop.cda.structured.writing import (
    UNKNOWN,
    Cell,
    EntryIds,
    Row,
    add_coded,
    add_entry_id,
    add_reference,
    add_templates,
)
from amarre.interop.cda.writing import add, add_contact, add_id
from amarre.interop.terminology import Code

TEMPLATES = ("1.3.6.1.4.1.19376.1.5.3.1.1.10.4.2", "1.2.250.1.213.1.1.3.97")
CODE = Code("11302-7", "Etablissement de santé de préférence", "2.16.840.1.113883.6.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferredEstablishment:
    """Where the person wishes to be taken in an emergency."""

    organization: Organization

    columns: ClassVar[tuple[str, ...]] = ("Établissement", "Adresse", "Téléphone")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return name, address and telephone."""
        lines: list[str] = []
        for item in self.organization.addresses:
            street = f"{item.house_number} {item.street_name}".strip()
            lines += [*item.lines] or [street, f"{item.postal_code} {item.city}".strip()]
        phones = ", ".join(item.value.partition(":")[2] or item.value for item in self.organization.telecoms)
        return (
            Cell(self.organization.name),
            Cell(", ".join(line for line in lines if line)),
            Cell(phones),
        )

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the intended transport: the establishment receives the person, and is the destination."""
        node = add(add(section, "entry"), "act", classCode="ACT", moodCode="INT")
        add_templates(node, TEMPLATES)
        add_entry_id(node, ids)
        add_coded(node, "code", CODE)
        add_reference(node, row.reference(0))
        add(node, "statusCode", code="normal")
        add(node, "effectiveTime", nullFlavor=UNKNOWN)
        for kind in ("RCV", "ORG", "DST"):
            participant = add(node, "participant", typeCode=kind)
            add(participant, "time", nullFlavor=UNKNOWN)
            role = add(participant, "participantRole", classCode="ROL")
            add_id(role, self.organization.identifier)
            add_contact(role, self.organization.addresses, self.organization.telecoms, required=True)
            add(add(role, "playingEntity"), "name").text = self.organization.name
