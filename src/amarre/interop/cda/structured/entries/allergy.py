"""FR-Liste-des-allergies-et-hypersensibilites: an agent and what it does.

Source: CI-SIS, Modèles de contenus CDA, entrées 1.2.250.1.213.1.1.3.40 (list) and .41 (allergy).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lxml import etree

from amarre.interop.cda.structured.entries.problem import PROBLEM, SNOMED, open_concern
from amarre.interop.cda.structured.writing import (
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

LIST = (
    "2.16.840.1.113883.10.20.1.27",
    "1.3.6.1.4.1.19376.1.5.3.1.4.5.1",
    "1.3.6.1.4.1.19376.1.5.3.1.4.5.3",
    "1.2.250.1.213.1.1.3.40",
)
ALLERGY = (
    "2.16.840.1.113883.10.20.1.28",
    "2.16.840.1.113883.10.20.1.18",
    "1.3.6.1.4.1.19376.1.5.3.1.4.5",
    "1.3.6.1.4.1.19376.1.5.3.1.4.6",
    "1.2.250.1.213.1.1.3.41",
)
REACTION = (PROBLEM[0], "2.16.840.1.113883.10.20.1.54", *PROBLEM[1:])
DRUG_ALLERGY = Code("416098002", "allergie médicamenteuse", SNOMED)
SYMPTOM = Code("418799008", "symptôme rapporté par le patient ou le répondant", SNOMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy:
    """`agent` and `reaction` are the professional's words; their codes when there are some.

    `kind` comes from JDV_TypeEvenementIndesirablePrevisible.
    """

    agent: str
    agent_code: Code | None = None
    kind: Code = DRUG_ALLERGY
    reaction: str = ""
    reaction_code: Code | None = None
    period: Period = Period()
    active: bool = True
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = (
        "Début",
        "Fin",
        "Type",
        "Agent",
        "Réaction",
        "Statut",
        "Commentaire",
    )

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return dates, kind, agent, reaction, status and comment."""
        return (
            Cell(french_day(self.period.start)),
            Cell(french_day(self.period.end)),
            Cell(self.kind.display),
            Cell(self.agent),
            Cell(self.reaction),
            Cell("En cours" if self.active else "Terminé"),
            Cell(self.comment),
        )

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the concern, the allergy inside it, its agent and its reaction."""
        act = open_concern(section, LIST, self.period, self.active, ids)
        relation = add(act, "entryRelationship", typeCode="SUBJ", inversionInd="false")
        node = add(relation, "observation", classCode="OBS", moodCode="EVN", negationInd="false")
        add_templates(node, ALLERGY)
        add_entry_id(node, ids)
        add_coded(node, "code", self.kind)
        add_reference(node, row.reference(2))
        add(node, "statusCode", code="completed")
        add_period(node, self.period, ids, typed=True)
        add_coded_value(node, None, row.reference(3))
        role = add(add(node, "participant", typeCode="CSM"), "participantRole", classCode="MANU")
        entity = add(role, "playingEntity", classCode="MMAT")
        add_coded(entity, "code", self.agent_code, reference=row.reference(3))
        add(entity, "name").text = self.agent
        if self.reaction:
            self._write_reaction(node, row, ids)
        if self.comment:
            add_comment(node, row.reference(6))

    def _write_reaction(self, allergy: etree._Element, row: Row, ids: EntryIds) -> None:
        relation = add(allergy, "entryRelationship", typeCode="MFST", inversionInd="false")
        node = add(relation, "observation", classCode="OBS", moodCode="EVN", negationInd="false")
        add_templates(node, REACTION)
        add_entry_id(node, ids)
        add_coded(node, "code", SYMPTOM)
        add_reference(node, row.reference(4))
        add(node, "statusCode", code="completed")
        add_period(node, Period(self.period.start), ids)
        add_coded_value(node, self.reaction_code, row.reference(4))
