"""Nothing to report: "none known" or "no information", in the template of what is absent.

Sources: HL7 International Patient Summary (absent and unknown data); ANS, JDV_AbsentOrUnknown*_CISIS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from lxml import etree

from amarre.interop.cda.structured.entries import allergy, device, medication, problem, procedure, vaccination
from amarre.interop.cda.structured.writing import (
    NOT_APPLICABLE,
    Cell,
    EntryIds,
    Period,
    Row,
    add_coded,
    add_coded_value,
    add_entry_id,
    add_period,
    add_reference,
    add_templates,
    add_typed,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code, ValueSetId, value_set

FAMILIES: Final = (
    ValueSetId.ABSENT_PROBLEM,
    ValueSetId.ABSENT_ALLERGY,
    ValueSetId.ABSENT_MEDICATION,
    ValueSetId.ABSENT_PROCEDURE,
    ValueSetId.ABSENT_DEVICE,
    ValueSetId.ABSENT_IMMUNIZATION,
)
PROBLEM_KIND = Code("55607006", "problème", problem.SNOMED)


@dataclass(frozen=True, slots=True)
class Absence:
    """`code` comes from one of the JDV_AbsentOrUnknown value sets. Raises ValueError for another code."""

    code: Code

    columns: ClassVar[tuple[str, ...]] = ("Information",)

    def __post_init__(self) -> None:
        if not any(self.code in value_set(which) for which in FAMILIES):
            raise ValueError("the code does not say that something is absent or unknown")

    @property
    def value_set(self) -> ValueSetId:
        """The value set the code comes from: it tells what is absent."""
        return next(which for which in FAMILIES if self.code in value_set(which))

    @property
    def none_known(self) -> bool:
        """Whether someone looked and found nothing, rather than having no information."""
        return self.code.code.startswith("no-known")

    def cells(self, ids: EntryIds) -> tuple[Cell, ...]:
        """Return the label of the code."""
        return (Cell(self.code.display),)

    def write(self, section: etree._Element, row: Row, ids: EntryIds) -> None:
        """Append the entry in the template of what is absent."""
        match self.value_set:
            case ValueSetId.ABSENT_MEDICATION:
                _no_medication(self, section, row, ids)
            case ValueSetId.ABSENT_PROCEDURE:
                _no_procedure(self, section, row, ids)
            case ValueSetId.ABSENT_DEVICE:
                _no_device(self, section, row, ids)
            case ValueSetId.ABSENT_IMMUNIZATION:
                vaccination.write_no_vaccination(section, self.code, row, ids)
            case which:
                _no_problem(self, section, row, ids, allergies=which is ValueSetId.ABSENT_ALLERGY)


def _no_problem(
    absence: Absence, section: etree._Element, row: Row, ids: EntryIds, *, allergies: bool
) -> None:
    templates = (allergy.LIST, allergy.ALLERGY) if allergies else (problem.CONCERN, problem.PROBLEM)
    act = problem.open_concern(section, templates[0], Period(), False, ids)
    relation = add(act, "entryRelationship", typeCode="SUBJ", inversionInd="false")
    # "None known" denies a problem; an allergy is denied by its code alone.
    negation = "true" if absence.none_known and not allergies else "false"
    node = add(relation, "observation", classCode="OBS", moodCode="EVN", negationInd=negation)
    add_templates(node, templates[1])
    add_entry_id(node, ids)
    add_coded(node, "code", allergy.DRUG_ALLERGY if allergies else PROBLEM_KIND)
    add_reference(node, row.reference(0))
    add(node, "statusCode", code="completed")
    add_period(node, Period(), ids, typed=allergies)
    add_coded_value(node, absence.code, row.reference(0))


def _no_medication(absence: Absence, section: etree._Element, row: Row, ids: EntryIds) -> None:
    entry = add(section, "entry", typeCode="DRIV")
    node = add(entry, "substanceAdministration", classCode="SBADM", moodCode="EVN")
    add_templates(node, medication.TREATMENT)
    add_entry_id(node, ids)
    add_coded(node, "code", absence.code, reference=row.reference(0))
    add_reference(node, row.reference(0))
    add(node, "statusCode", code="completed")
    interval = add_typed(node, "effectiveTime", "IVL_TS")
    add(interval, "low", nullFlavor=NOT_APPLICABLE)
    add(interval, "high", nullFlavor=NOT_APPLICABLE)
    product = add(add(node, "consumable"), "manufacturedProduct")
    add_templates(product, medication.PRODUCT)
    material = add(product, "manufacturedMaterial")
    add(material, "code", nullFlavor=NOT_APPLICABLE)
    add(material, "name", nullFlavor=NOT_APPLICABLE)


def _no_procedure(absence: Absence, section: etree._Element, row: Row, ids: EntryIds) -> None:
    negation = "true" if absence.none_known else "false"
    node = add(add(section, "entry"), "procedure", classCode="PROC", moodCode="EVN", negationInd=negation)
    add_templates(node, procedure.TEMPLATES)
    add_entry_id(node, ids)
    add_coded(node, "code", absence.code, reference=row.reference(0))
    add_reference(node, row.reference(0))
    add(node, "statusCode", code="completed")
    add(node, "effectiveTime", nullFlavor=NOT_APPLICABLE)


def _no_device(absence: Absence, section: etree._Element, row: Row, ids: EntryIds) -> None:
    node = add(add(section, "entry"), "supply", classCode="SPLY", moodCode="EVN")
    add_templates(node, device.TEMPLATES)
    add_entry_id(node, ids)
    add_reference(node, row.reference(0))
    add(node, "effectiveTime", nullFlavor=NOT_APPLICABLE)
    role = add(add(node, "participant", typeCode="DEV"), "participantRole", classCode="MANU")
    playing = add(role, "playingDevice", classCode="DEV", determinerCode="INSTANCE")
    add_coded(playing, "code", absence.code, reference=row.reference(0))
