"""FR-Traitement: a medicine, when and how it is taken.

Source: CI-SIS, Modèles de contenus CDA, entrées 1.2.250.1.213.1.1.3.42 (treatment) and .43 (product).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lxml import etree

from amarre.interop.cda.structured.writing import (
    Cell,
    EntryIds,
    Period,
    Quantity,
    Row,
    add_coded,
    add_comment,
    add_entry_id,
    add_period,
    add_reference,
    add_templates,
    add_typed,
    french_day,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

TREATMENT = (
    "2.16.840.1.113883.10.20.1.24",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7",
    "1.2.250.1.213.1.1.3.42",
    # Dosage kind: normal, without step nor condition.
    "1.3.6.1.4.1.19376.1.5.3.1.4.7.1",
)
PRODUCT = ("2.16.840.1.113883.10.20.1.53", "1.3.6.1.4.1.19376.1.5.3.1.4.7.2", "1.2.250.1.213.1.1.3.43")
DRUG = Code("DRUG", "Médicament", "2.16.840.1.113883.5.4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication:
    """`name` and `dosage` are the prescriber's words. `code` is CIS, `atc` its class, when known.

    `dose` per intake and `every` (period between intakes) are coded beside the words, never instead of them.
    `route` comes from JDV_RouteofAdministration (EDQM).
    """

    name: str
    dosage: str = ""
    code: Code | None = None
    atc: Code | None = None
    period: Period = Period()
    dose: Quantity | None = None
    every: Quantity | None = None
    route: Code | None = None
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = ("Début", "Fin", "Médicament", "Posologie", "Voie", "Commentaire")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return dates, name, dosage, route and comment."""
        coded = [self.dose.text] if self.dose else []
        coded += [f"toutes les {self.every.text}"] if self.every else []
        words = self.dosage or ", ".join(coded)
        return (
            Cell(french_day(self.period.start)),
            Cell(french_day(self.period.end)),
            Cell(self.name),
            Cell(words),
            Cell(self.route.display if self.route else ""),
            Cell(self.comment),
        )

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the administration and its product."""
        node = add(
            add(section, "entry", typeCode="DRIV"),
            "substanceAdministration",
            classCode="SBADM",
            moodCode="EVN",
        )
        add_templates(node, TREATMENT)
        add_entry_id(node, ids)
        add_coded(node, "code", DRUG)
        add_reference(node, row.reference(2))
        add(node, "statusCode", code="completed")
        add_period(node, self.period, ids, typed=True, closed=True)
        if self.every:
            times = add_typed(node, "effectiveTime", "PIVL_TS", operator="A")
            add(times, "period", value=f"{self.every.value:f}", unit=self.every.unit)
        if self.route:
            add_coded(node, "routeCode", self.route, reference=row.reference(4))
        if self.dose:
            unit = {"unit": self.dose.unit} if self.dose.unit else {}
            amount = add(node, "doseQuantity")
            for end in ("low", "high"):
                add(amount, end, value=f"{self.dose.value:f}", **unit)
        product = add(add(node, "consumable"), "manufacturedProduct")
        add_templates(product, PRODUCT)
        material = add(product, "manufacturedMaterial")
        code = add_coded(material, "code", self.code, reference=row.reference(2))
        if self.atc:
            add_coded(code, "translation", self.atc)
        add(material, "name").text = self.name
        if self.comment:
            add_comment(node, row.reference(5))
