"""Rules on codes: in the value set, in the narrower list of the DMP, with the published label."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from amarre.interop.cda.rules.base import STRUCT_MIN, Hit, Severity, Subject, rule
from amarre.interop.terminology import Code, ValueSet, ValueSetId, is_withdrawn_author_code, value_set

TYPE = "h:code"
FACILITY = "h:componentOf/h:encompassingEncounter/h:location/h:healthCareFacility/h:code"
PRACTICE = (
    "h:documentationOf[1]/h:serviceEvent/h:performer/h:assignedEntity/h:representedOrganization"
    "/h:standardIndustryClassCode"
)
PROFESSIONS = (
    "h:author/h:assignedAuthor/h:code|h:legalAuthenticator/h:assignedEntity/h:code"
    "|h:documentationOf[1]/h:serviceEvent/h:performer/h:assignedEntity/h:code"
    "|h:participant/h:associatedEntity/h:code"
)


def _code(element: etree._Element) -> Code:
    return Code(element.get("code", ""), element.get("displayName", ""), element.get("codeSystem", ""))


def _outside(subject: Subject, path: str, values: ValueSet) -> Iterator[tuple[etree._Element, Code]]:
    """Yield the coded elements at `path` that are not in the value set (a nullFlavor is another rule's)."""
    for element in subject.all(path):
        if not element.get("nullFlavor") and _code(element) not in values:
            yield element, _code(element)


def _hit(subject: Subject, element: etree._Element, **params: str) -> Hit:
    return Hit(subject.where(element), params)


@rule(
    "CDA-R30",
    source=f"{STRUCT_MIN}, code ; ANS, JDV_J07-XdsTypeCode-CISIS",
    sentence="Le type de document « {code} » n'est pas dans la liste officielle.",
    advice="Choisissez un type de document dans la liste proposée.",
)
def type_in_list(subject: Subject) -> Iterator[Hit]:
    """Document type in JDV_J07."""
    for element, code in _outside(subject, TYPE, value_set(ValueSetId.TYPE_CODE)):
        yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R31",
    source="DMP, liste fermée des types de documents, JDV_J66-TypeCode-DMP",
    sentence="Le DMP n'accepte pas le type de document « {code} ».",
    advice="Choisissez un type accepté, par exemple « Document du secteur social / médico-social ».",
)
def type_for_dmp(subject: Subject) -> Iterator[Hit]:
    """Document type in JDV_J66 when the target is the DMP; not detected by the official suite."""
    if not subject.for_dmp:
        return
    official = value_set(ValueSetId.TYPE_CODE)
    for element, code in _outside(subject, TYPE, value_set(ValueSetId.DMP_TYPE_CODE)):
        if code in official:
            yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R32",
    source="ANS, Nomenclatures des objets de santé : libellé préféré du jeu de valeurs",
    sentence="Le libellé du code « {code} » n'est pas celui de la liste officielle : « {label} ».",
    advice="Refaites le document : le libellé est repris de la liste.",
)
def official_label(subject: Subject) -> Iterator[Hit]:
    """displayName identical to the list's; not detected by the official suite."""
    rows: tuple[tuple[str, ValueSetId, ValueSetId], ...] = (
        (TYPE, ValueSetId.TYPE_CODE, ValueSetId.DMP_TYPE_CODE),
        (FACILITY, ValueSetId.FACILITY_TYPE, ValueSetId.DMP_FACILITY_TYPE),
        (PRACTICE, ValueSetId.PRACTICE_SETTING, ValueSetId.DMP_PRACTICE_SETTING),
        (PROFESSIONS, ValueSetId.AUTHOR_SPECIALTY, ValueSetId.AUTHOR_SPECIALTY),
        ("h:confidentialityCode", ValueSetId.CDA_CONFIDENTIALITY, ValueSetId.CDA_CONFIDENTIALITY),
    )
    for path, general, narrow in rows:
        values = value_set(narrow if subject.for_dmp else general)
        for element in subject.all(path):
            code = _code(element)
            known = values.find(code.code, code.system)
            if known and known.display != code.display:
                yield _hit(subject, element, code=code.code, label=known.display)


@rule(
    "CDA-R33",
    source=f"{STRUCT_MIN}, confidentialityCode ; HL7 xBasicConfidentialityKind",
    sentence="Le niveau de confidentialité « {code} » n'est pas permis (N, R ou V).",
    advice="Utilisez N, sauf consigne contraire. Le masquage dans le DMP se règle au moment du dépôt.",
)
def confidentiality(subject: Subject) -> Iterator[Hit]:
    """confidentialityCode N, R or V."""
    values = value_set(ValueSetId.CDA_CONFIDENTIALITY)
    for element, code in _outside(subject, "h:confidentialityCode", values):
        yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R34",
    source=f"{STRUCT_MIN}, author ; ANS, JDV_J01-XdsAuthorSpecialty-CISIS",
    sentence="La profession ou le rôle « {code} » n'est pas dans la liste officielle.",
    advice="Corrigez la profession ou le rôle dans le compte de cette personne.",
)
def profession_in_list(subject: Subject) -> Iterator[Hit]:
    """Codes of professionals and systems in JDV_J01."""
    for element, code in _outside(subject, PROFESSIONS, value_set(ValueSetId.AUTHOR_SPECIALTY)):
        if not is_withdrawn_author_code(code):
            yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R35",
    source="ANS, JDV_J01-XdsAuthorSpecialty-CISIS, codes retirés entre 12/2024 et 07/2026",
    sentence="La profession ou le rôle « {code} » a été retiré de la liste officielle.",
    advice="Choisissez le code qui le remplace dans le compte de cette personne (aide-soignant : 313).",
)
def profession_withdrawn(subject: Subject) -> Iterator[Hit]:
    """Withdrawn codes are forbidden in new documents; still accepted by the official suite."""
    for element in subject.all(PROFESSIONS):
        code = _code(element)
        if is_withdrawn_author_code(code):
            yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R36",
    source=f"{STRUCT_MIN}, healthCareFacility ; ANS, JDV_J02-XdsHealthcareFacilityTypeCode-CISIS",
    sentence="Le type de structure « {code} » n'est pas dans la liste officielle.",
    advice="Corrigez le type de structure dans les réglages de l'établissement.",
)
def facility_in_list(subject: Subject) -> Iterator[Hit]:
    """Facility type in JDV_J02 (a code known by the DMP list only is another rule's)."""
    narrow = value_set(ValueSetId.DMP_FACILITY_TYPE)
    for element, code in _outside(subject, FACILITY, value_set(ValueSetId.FACILITY_TYPE)):
        if not (subject.for_dmp and code in narrow):
            yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R37",
    source="DMP, JDV_J61-HealthcareFacilityTypeCode-DMP",
    sentence="Le DMP n'accepte pas le type de structure « {code} ».",
    advice="Choisissez dans les réglages de l'établissement un type de structure accepté par le DMP.",
)
def facility_for_dmp(subject: Subject) -> Iterator[Hit]:
    """Facility type in JDV_J61 when the target is the DMP."""
    if not subject.for_dmp:
        return
    official = value_set(ValueSetId.FACILITY_TYPE)
    for element, code in _outside(subject, FACILITY, value_set(ValueSetId.DMP_FACILITY_TYPE)):
        if code in official:
            yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R38",
    source=f"{STRUCT_MIN}, standardIndustryClassCode ; ANS, JDV_J04-XdsPracticeSettingCode-CISIS",
    sentence="Le cadre d'exercice « {code} » n'est pas dans la liste officielle.",
    advice="Corrigez le cadre d'exercice dans les réglages de l'établissement.",
)
def practice_in_list(subject: Subject) -> Iterator[Hit]:
    """Practice setting in JDV_J04."""
    for element, code in _outside(subject, PRACTICE, value_set(ValueSetId.PRACTICE_SETTING)):
        yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R39",
    source="DMP, JDV_J62-PracticeSettingCode-DMP (22/09/2023) : ESSMS n'y figure pas",
    sentence="Le DMP n'accepte pas le cadre d'exercice « {code} ».",
    advice="Choisissez dans les réglages de l'établissement un cadre accepté (soins à domicile, maintien "
    "à domicile, ambulatoire, établissement).",
)
def practice_for_dmp(subject: Subject) -> Iterator[Hit]:
    """Practice setting in JDV_J62 when the target is the DMP; not detected by the official suite."""
    if not subject.for_dmp:
        return
    official = value_set(ValueSetId.PRACTICE_SETTING)
    for element, code in _outside(subject, PRACTICE, value_set(ValueSetId.DMP_PRACTICE_SETTING)):
        if code in official:
            yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R40",
    source=f"{STRUCT_MIN}, administrativeGenderCode ; ANS, JDV_J143-AdministrativeGender-CISIS",
    sentence="Le sexe « {code} » n'est pas dans la liste officielle (F, M, UN).",
    advice="Corrigez le sexe dans l'identité de la personne.",
)
def gender(subject: Subject) -> Iterator[Hit]:
    """Sex in JDV_J143."""
    path = "h:recordTarget/h:patientRole/h:patient/h:administrativeGenderCode"
    for element, code in _outside(subject, path, value_set(ValueSetId.GENDER)):
        yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R41",
    source=f"{STRUCT_MIN}, participant ; ANS, JDV_J47, JDV_J144 et JDV_J141",
    sentence="Le rôle d'un participant n'est pas dans la liste officielle : « {code} ».",
    advice="Corrigez le rôle de ce professionnel dans le document.",
)
def participant_roles(subject: Subject) -> Iterator[Hit]:
    """participant/@typeCode, associatedEntity/@classCode and functionCode in their value sets."""
    rows = (
        ("h:participant", "typeCode", ValueSetId.PARTICIPATION_TYPE),
        ("h:participant/h:associatedEntity", "classCode", ValueSetId.ROLE_CLASS),
        ("h:participant/h:functionCode|h:author/h:functionCode", "code", ValueSetId.FUNCTION_CODE),
    )
    for path, attribute, which in rows:
        for element in subject.all(path):
            value = element.get(attribute, "")
            if not element.get("nullFlavor") and value_set(which).find(value) is None:
                yield _hit(subject, element, code=value)


@rule(
    "CDA-R42",
    source=f"{STRUCT_MIN}, informant ; jdv-role-informateur-cisis et JDV_J11-RelationPatient-CISIS",
    sentence="Le rôle ou le lien d'un proche n'est pas dans la liste officielle : « {code} ».",
    advice="Corrigez le lien de cette personne dans son entourage.",
)
def informant_roles(subject: Subject) -> Iterator[Hit]:
    """relatedEntity/@classCode and code in their value sets."""
    for element in subject.all("h:informant/h:relatedEntity"):
        role = element.get("classCode", "")
        if value_set(ValueSetId.INFORMANT_ROLE).find(role) is None:
            yield _hit(subject, element, code=role)
    relations = value_set(ValueSetId.RELATION)
    for element, code in _outside(subject, "h:informant/h:relatedEntity/h:code", relations):
        yield _hit(subject, element, code=code.code)


@rule(
    "CDA-R43",
    source=f"{STRUCT_MIN}, encompassingEncounter ; ANS, JDV_J142-TypeRencontre-CISIS",
    sentence="Le type de prise en charge « {code} » n'est pas dans la liste officielle.",
    advice="Corrigez le type de prise en charge.",
    severity=Severity.ERROR,
)
def encounter_type(subject: Subject) -> Iterator[Hit]:
    """encompassingEncounter/code in JDV_J142."""
    path = "h:componentOf/h:encompassingEncounter/h:code"
    for element, code in _outside(subject, path, value_set(ValueSetId.ENCOUNTER_TYPE)):
        yield _hit(subject, element, code=code.code)


RULES = (
    type_in_list,
    type_for_dmp,
    official_label,
    confidentiality,
    profession_in_list,
    profession_withdrawn,
    facility_in_list,
    facility_for_dmp,
    practice_in_list,
    practice_for_dmp,
    gender,
    participant_roles,
    informant_roles,
    encounter_type,
)
