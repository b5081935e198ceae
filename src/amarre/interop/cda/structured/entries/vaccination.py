"""FR-Vaccination: a vaccine that was given.

Source: CI-SIS, Modèles de contenus CDA, entrées 1.2.250.1.213.1.1.3.45 (vaccination), .43 (product) and .82
(rank).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lxml import etree

from amarre.interop.cda.structured.entries.medication import PRODUCT
from amarre.interop.cda.structured.writing import (
    NOT_APPLICABLE,
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
    french_day,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

TEMPLATES = ("2.16.840.1.113883.10.20.1.24", "1.3.6.1.4.1.19376.1.5.3.1.4.12", "1.2.250.1.213.1.1.3.45")
RANK = ("2.16.840.1.113883.10.20.1.46", "1.2.250.1.213.1.1.3.82")
RANK_CODE = Code("30973-2", "Rang de la vaccination", "2.16.840.1.113883.6.1")
IMMUNIZATION = Code("IMMUNIZ", "Vaccination sans autre précision", "2.16.840.1.113883.5.4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccination:
    """`name` are the professional's words (vaccine, or what it protects from); `code` is CIS, when known.

    `kind`, `route` and `site` come from JDV_HL7_ActSubstanceAdministrationImmunizationCode,
    JDV_ImmunizationRouteCodes and JDV_ImmunizationApproachSiteCode. `rank` counts from 1.
    """

    name: str
    day: Day | None = None
    kind: Code = IMMUNIZATION
    code: Code | None = None
    atc: Code | None = None
    lot: str = ""
    rank: int | None = None
    route: Code | None = None
    site: Code | None = None
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = (
        "Date",
        "Vaccin",
        "Type",
        "Rang",
        "Lot",
        "Voie",
        "Site",
        "Commentaire",
    )

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return day, vaccine, kind, rank, lot, route, site and comment."""
        return (
            Cell(french_day(self.day)),
            Cell(self.name),
            Cell(self.kind.display),
            Cell(str(self.rank) if self.rank else ""),
            Cell(self.lot),
            Cell(self.route.display if self.route else ""),
            Cell(self.site.display if self.site else ""),
            Cell(self.comment),
        )

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the vaccination, its product, its rank and its comment."""
        node = open_vaccination(section, self.kind, row, ids)
        add_day(node, "effectiveTime", self.day, ids, absent=UNKNOWN)
        if self.route:
            add_coded(node, "routeCode", self.route, reference=row.reference(5))
        if self.site:
            add_coded(node, "approachSiteCode", self.site, reference=row.reference(6))
        material = add_product(node)
        code = add_coded(material, "code", self.code, reference=row.reference(1))
        if self.atc:
            add_coded(code, "translation", self.atc)
        add(material, "name").text = self.name
        if self.lot:
            add(material, "lotNumberText").text = self.lot
        if self.rank:
            self._write_rank(node, self.rank)
        if self.comment:
            add_comment(node, row.reference(7))

    def _write_rank(self, node: etree._Element, rank: int) -> None:
        relation = add(node, "entryRelationship", typeCode="SUBJ")
        observation = add(relation, "observation", classCode="OBS", moodCode="EVN")
        add_templates(observation, RANK)
        add_coded(observation, "code", RANK_CODE)
        add(observation, "statusCode", code="completed")
        add_typed(observation, "value", "INT", value=str(rank))


def open_vaccination(section: etree._Element, code: Code, row: Row, ids: EntryIds) -> etree._Element:
    """Append the administration down to its status, and return it."""
    node = add(
        add(section, "entry"),
        "substanceAdministration",
        classCode="SBADM",
        moodCode="EVN",
        negationInd="false",
    )
    add_templates(node, TEMPLATES)
    add_entry_id(node, ids)
    add_coded(node, "code", code)
    add_reference(node, row.reference(1 if len(row.anchors) > 1 else 0))
    add(node, "statusCode", code="completed")
    return node


def add_product(node: etree._Element) -> etree._Element:
    """Append the product of a vaccination and return its material."""
    product = add(add(node, "consumable", typeCode="CSM"), "manufacturedProduct")
    add_templates(product, PRODUCT)
    return add(product, "manufacturedMaterial")


def write_no_vaccination(section: etree._Element, code: Code, row: Row, ids: EntryIds) -> None:
    """Append "no vaccine known" or "no information" (JDV_AbsentOrUnknownImmunization)."""
    node = open_vaccination(section, code, row, ids)
    add(node, "effectiveTime", nullFlavor=NOT_APPLICABLE)
    material = add_product(node)
    add(material, "code", nullFlavor=NOT_APPLICABLE)
    add(material, "name", nullFlavor=NOT_APPLICABLE)
