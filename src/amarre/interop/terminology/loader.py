"""Typed access to the value sets shipped as tab-separated files in ``data/``.

Each file starts with four lines ``# name``, ``# oid``, ``# version``, ``# source``, then a header line whose
first columns are ``code``, ``display``, ``system_oid``. Updating a value set is replacing its file.
"""

from __future__ import annotations

import csv
import functools
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ValueSetId(StrEnum):
    """File name (without suffix) of each value set, by the use made of it."""

    AUTHOR_SPECIALTY = "JDV_J01"
    FACILITY_TYPE = "JDV_J02"
    PRACTICE_SETTING = "JDV_J04"
    CLASS_CODE = "JDV_J06"
    TYPE_CODE = "JDV_J07"
    XDS_CONFIDENTIALITY = "JDV_J08"
    DMP_CLASS_CODE = "JDV_J57"
    DMP_CONFIDENTIALITY = "JDV_J58"
    DMP_CONTENT_TYPE = "JDV_J59"
    DMP_FORMAT_CODE = "JDV_J60"
    DMP_FACILITY_TYPE = "JDV_J61"
    DMP_PRACTICE_SETTING = "JDV_J62"
    DMP_VIHF_RESTRICTION = "JDV_J64"
    DMP_SUBJECT_ROLE = "JDV_J65"
    DMP_TYPE_CODE = "JDV_J66"
    DMP_REFERENCE_ID_TYPE = "JDV_J231"
    AVAILABILITY_STATUS = "JDV_J52"
    FUNCTION_CODE = "JDV_J47"
    RELATION = "JDV_J11"
    INFORMANT_ROLE = "JDV_RoleInformateur"
    ENCOUNTER_PARTICIPATION = "JDV_J140"
    ROLE_CLASS = "JDV_J141"
    ENCOUNTER_TYPE = "JDV_J142"
    GENDER = "JDV_J143"
    PARTICIPATION_TYPE = "JDV_J144"
    CIVILITY = "JDV_J245"
    TITLE = "JDV_J246"
    ESSMS_CATEGORY = "JDV_J254"
    CDA_CONFIDENTIALITY = "JDV_Confidentiality"
    ACCESS_MODE = "TRE_R248"
    ABSENT_ALLERGY = "JDV_AbsentOrUnknownAllergy"
    ABSENT_PROBLEM = "JDV_AbsentOrUnknownProblem"
    ABSENT_DEVICE = "JDV_AbsentOrUnknownDevices"
    ABSENT_MEDICATION = "JDV_AbsentOrUnknownMedication"
    ABSENT_PROCEDURE = "JDV_AbsentOrUnknownProcedure"
    ABSENT_IMMUNIZATION = "JDV_AbsentOrUnknownImmunization"
    DOCUMENT_STATUS = "JDV_StatutDoc"
    ENTRY_MODE = "JDV_ModaliteEntree"
    EXIT_MODE = "JDV_ModaliteSortie"
    DLU_CHECKLIST = "JDV_ChecklistDLU"
    DLU_MENTAL_STATE = "JDV_EtatPsychique"
    DLU_DISABILITY = "JDV_HandicapDeficitDLUEHPAD"
    DLU_MOBILITY = "JDV_Deplacement"
    DLU_OTHER_RISK = "JDV_AutreRisque"
    DISABILITY = "JDV_HandicapDeficitDLUDOM"
    GIR = "JDV_GIR"
    VITAL_SIGN = "JDV_SignesVitaux"
    DIRECTIVE_KIND = "JDV_TypeDirectiveAnticipee"
    ALLERGY_KIND = "JDV_TypeEvenementIndesirablePrevisible"
    PROBLEM_KIND = "JDV_ProblemCodes"
    IMMUNIZATION_KIND = "JDV_HL7_ActSubstanceAdministrationImmunizationCode"
    IMMUNIZATION_ROUTE = "JDV_ImmunizationRouteCodes"
    IMMUNIZATION_SITE = "JDV_ImmunizationApproachSiteCode"
    ROUTE = "JDV_RouteofAdministration"
    SOCIAL_HISTORY = "JDV_SocialHistoryCodes"
    SMOKING = "JDV_StatutTabagique"
    ENCOUNTER_KIND = "JDV_HL7_ActEncounterCode"


@dataclass(frozen=True, slots=True)
class Code:
    """A coded concept: code, French label, OID of its code system."""

    code: str
    display: str
    system: str


@dataclass(frozen=True, slots=True)
class ValueSet:
    """One version of one value set. `codes` is keyed by (code, system OID) in the order of the file."""

    name: str
    oid: str
    version: str
    source: str
    codes: Mapping[tuple[str, str], Code] = field(repr=False)

    def find(self, code: str, system: str | None = None) -> Code | None:
        """Return the concept with this code (and system when given), or None when it is not in the set."""
        if system is not None:
            return self.codes.get((code, system))
        return next((item for item in self.codes.values() if item.code == code), None)

    def get(self, code: str, system: str | None = None) -> Code:
        """Return the concept with this code; raises KeyError when it is not in the set."""
        found = self.find(code, system)
        if found is None:
            raise KeyError(f"{code} is not in {self.name} {self.version}")
        return found

    def __contains__(self, item: object) -> bool:
        """Tell whether a `Code` (its code and system, whatever its label) is in the set."""
        return isinstance(item, Code) and (item.code, item.system) in self.codes


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A document type a DUI may produce or receive. `usage` and `context` are French, for screens."""

    code: Code
    class_code: str
    in_dmp: bool
    usage: str
    context: str


@functools.cache
def _read(stem: str) -> tuple[Mapping[str, str], tuple[Mapping[str, str], ...]]:
    """Return the ``#`` header (key to value) and the rows of one data file."""
    source = importlib.resources.files(__package__ or "amarre.interop.terminology").joinpath(
        "data", f"{stem}.tsv"
    )
    lines = source.read_text(encoding="utf-8").splitlines()
    head = dict(line[2:].split("\t", 1) for line in lines if line.startswith("# "))
    rows = csv.DictReader(
        (line for line in lines if not line.startswith("# ")), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    return head, tuple(rows)


def _code(row: Mapping[str, str]) -> Code:
    return Code(row["code"], row["display"], row["system_oid"])


@functools.cache
def value_set(which: ValueSetId) -> ValueSet:
    """Return a value set, read once."""
    head, rows = _read(which)
    codes = {(row["code"], row["system_oid"]): _code(row) for row in rows}
    return ValueSet(head["name"], head["oid"], head["version"], head["source"], codes)


@functools.cache
def document_types() -> tuple[DocumentType, ...]:
    """Return the document types proposed in a DUI, in the order of the file."""
    _, rows = _read("dui_document_types")
    return tuple(
        DocumentType(
            _code(row),
            row["class_code"],
            row["allowed_in_dmp_j66"] == "yes",
            row["dui_usage"],
            row["context"],
        )
        for row in rows
    )


def document_type(code: str) -> DocumentType | None:
    """Return the DUI document type with this code, or None."""
    return next((item for item in document_types() if item.code.code == code), None)


def class_of_type(code: str) -> Code | None:
    """Return the DMP class (JDV_J57) of a document type by ASS_X16, or None when no class is published."""
    _, rows = _read("ASS_X16")
    found = next((row["class_code"] for row in rows if row["code"] == code), None)
    return value_set(ValueSetId.DMP_CLASS_CODE).find(found) if found else None


def format_of_template(template_ids: frozenset[str]) -> Code | None:
    """Return the XDS formatCode of a structured CDA from its templateIds (ASS_A11), most specific first."""
    _, rows = _read("ASS_A11")
    matches = [row for row in rows if row["cda_template_id"] in template_ids]
    best = max(matches, key=lambda row: len(row["cda_template_id"]), default=None)
    return _code(best) if best else None


def format_of_media_type(media_type: str) -> Code | None:
    """Return the XDS formatCode of an unstructured (N1) CDA from the media type of its body (ASS_A12)."""
    _, rows = _read("ASS_A12")
    return next((_code(row) for row in rows if row["nonxmlbody_media_type"] == media_type), None)


def code_system_name(oid: str) -> str:
    """Return the usual name of a code system, or an empty string when it is not known."""
    _, rows = _read("code_systems")
    return next((row["display"] for row in rows if row["code"] == oid), "")


def is_withdrawn_author_code(code: Code) -> bool:
    """Tell whether an author code was withdrawn from JDV_J01: readable, forbidden in new documents."""
    _, rows = _read("JDV_J01_withdrawn")
    return any(row["code"] == code.code and row["system_oid"] == code.system for row in rows)


def author_code_replacement(code: Code) -> Code | None:
    """Return the author code that replaces a withdrawn one, or None when none is published."""
    _, rows = _read("JDV_J01_withdrawn")
    found = next(
        (r["replaced_by"] for r in rows if r["code"] == code.code and r["system_oid"] == code.system), ""
    )
    return value_set(ValueSetId.AUTHOR_SPECIALTY).find(found) if found else None
