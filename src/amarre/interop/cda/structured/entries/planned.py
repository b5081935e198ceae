"""What is to come: an appointment, an examination or a follow-up asked for, an act.

Source: CI-SIS, Modèles de contenus CDA, entrées 1.2.250.1.213.1.1.3.58 (rencontre), .27 (demande d'examen ou
de suivi) and .62 (acte, in intent).
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
    add_value,
    french_day,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code

_INTENT = "2.16.840.1.113883.10.20.1.25"
APPOINTMENT = (
    "2.16.840.1.113883.10.20.1.21",
    _INTENT,
    "1.3.6.1.4.1.19376.1.5.3.1.4.14",
    "1.2.250.1.213.1.1.3.58",
)
REQUEST = (_INTENT, "1.3.6.1.4.1.19376.1.5.3.1.1.20.3.1", "1.2.250.1.213.1.1.3.27")
ACT = (_INTENT, "1.3.6.1.4.1.19376.1.5.3.1.4.19", "1.2.250.1.213.1.1.3.62")
AMBULATORY = Code("AMB", "Ambulatoire (hors établissement)", "2.16.840.1.113883.5.4")
FOLLOW_UP = Code("ORG-064", "Demande d'examen ou de suivi", "1.2.250.1.213.1.1.4.322")
# HL7 ActPriority: someone must call to agree on a day.
CALLBACK = Code("CS", "recontacter pour fixer RDV", "2.16.840.1.113883.5.7")


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """`label`: with whom, for what. `kind` from JDV_HL7_ActEncounterCode. Without `day`, to be arranged."""

    label: str
    day: Day | None = None
    kind: Code = AMBULATORY
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = ("Date", "Rendez-vous", "Type", "Commentaire")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return day, words, kind and comment."""
        when = french_day(self.day) or "à fixer"
        return Cell(when), Cell(self.label), Cell(self.kind.display), Cell(self.comment)

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the appointment asked for."""
        node = add(add(section, "entry"), "encounter", classCode="ENC", moodCode="ARQ")
        add_templates(node, APPOINTMENT)
        add_entry_id(node, ids)
        add_coded(node, "code", self.kind, reference=row.reference(2))
        add_reference(node, row.reference(1))
        if self.day:
            add_day(node, "effectiveTime", self.day, ids, absent=UNKNOWN)
        else:
            add_coded(node, "priorityCode", CALLBACK)
        if self.comment:
            add_comment(node, row.reference(3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An examination or a follow-up to organise, in the professional's words; `code` when there is one."""

    label: str
    day: Day | None = None
    code: Code = FOLLOW_UP
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = ("Date", "Examen ou suivi demandé", "Commentaire")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return day, words and comment."""
        return Cell(french_day(self.day)), Cell(self.label), Cell(self.comment)

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the request."""
        node = add(add(section, "entry"), "observation", classCode="OBS", moodCode="INT")
        add_templates(node, REQUEST)
        add_entry_id(node, ids)
        add_coded(node, "code", self.code, reference=row.reference(1))
        add_reference(node, row.reference(1))
        add(node, "statusCode", code="active")
        add_day(node, "effectiveTime", self.day, ids, absent=UNKNOWN)
        add_value(node, self.label)
        if self.comment:
            add_comment(node, row.reference(2))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAct:
    """An act to be done (palliative care, an operation); `code` (SNOMED CT, CCAM) when there is one."""

    label: str
    code: Code | None = None
    day: Day | None = None
    comment: str = ""

    columns: ClassVar[tuple[str, ...]] = ("Date", "Acte prévu", "Commentaire")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return day, words and comment."""
        return Cell(french_day(self.day)), Cell(self.label), Cell(self.comment)

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the act in intent."""
        node = add(add(section, "entry"), "procedure", classCode="PROC", moodCode="INT")
        add_templates(node, ACT)
        add_entry_id(node, ids)
        add_coded(node, "code", self.code, reference=row.reference(1))
        add_reference(node, row.reference(1))
        add(node, "statusCode", code="active")
        add_day(node, "effectiveTime", self.day, ids, absent=UNKNOWN)
        if self.comment:
            add_comment(node, row.reference(2))
