"""FR-Liste-des-problemes: a pathology or an antecedent, current or past.

Source: CI-SIS, Modèles de contenus CDA, entrées 1.2.250.1.213.1.1.3.39 (list) and .37 (problem).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lxml import etree

from amarre.interop.cda.structured.writing import (
    NOT_APPLICABLE,
    Cell,
    EntryIds,
    Period,
    Row,
    add_coded,
    add_coded_value,
    add_comment,
    add_entry_id,
    add_period,
    add_reference,
    add_templates,
    french_day,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

SNOMED = "2.16.840.1.113883.6.96"
CONCERN = (
    "2.16.840.1.113883.10.20.1.27",
    "1.3.6.1.4.1.19376.1.5.3.1.4.5.1",
    "1.3.6.1.4.1.19376.1.5.3.1.4.5.2",
    "1.2.250.1.213.1.1.3.39",
)
PROBLEM = ("2.16.840.1.113883.10.20.1.28", "1.3.6.1.4.1.19376.1.5.3.1.4.5", "1.2.250.1.213.1.1.3.37")
DIAGNOSIS = Code("282291009", "interprétation diagnostique", SNOMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`label` are the professional's words; `code` (CIM-10, SNOMED CT…) when there is one."""

    label: str
    code: Code | None = None
    period: Period = Period()
    active: bool = True
    kind: Code = DIAGNOSIS
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = ("Début", "Fin", "Problème", "Statut", "Commentaire")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return dates, words, status and comment."""
        code = f" ({self.code.code})" if self.code else ""
        return (
            Cell(french_day(self.period.start)),
            Cell(french_day(self.period.end)),
            Cell(self.label + code),
            Cell("En cours" if self.active else "Terminé"),
            Cell(self.comment),
        )

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the concern, then the problem inside it."""
        act = open_concern(section, CONCERN, self.period, self.active, ids)
        relation = add(act, "entryRelationship", typeCode="SUBJ", inversionInd="false")
        node = add(relation, "observation", classCode="OBS", moodCode="EVN", negationInd="false")
        add_templates(node, PROBLEM)
        add_entry_id(node, ids)
        add_coded(node, "code", self.kind)
        add_reference(node, row.reference(2))
        add(node, "statusCode", code="completed")
        add_period(node, self.period, ids)
        add_coded_value(node, self.code, row.reference(2))
        if self.comment:
            add_comment(node, row.reference(4))


def open_concern(
    section: etree._Element, templates: tuple[str, ...], period: Period, active: bool, ids: EntryIds
) -> etree._Element:
    """Append the act that groups what is said of a problem or an allergy, and return it."""
    act = add(add(section, "entry"), "act", classCode="ACT", moodCode="EVN")
    add_templates(act, templates)
    add_entry_id(act, ids)
    add(act, "code", nullFlavor=NOT_APPLICABLE)
    add(act, "statusCode", code="active" if active else "completed")
    add_period(act, period, ids, closed=not active)
    return act
