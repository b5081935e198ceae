"""DocumentEntry derived from the bytes of a CDA document.

Source: CI-SIS, Volet Partage, table of correspondence CDA header → XDS metadata. The metadata are read from
the very bytes that will be sent, so that they cannot disagree with them: the DMP compares title, times, type,
practice setting, facility, author and patient.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from lxml import etree

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry
from amarre.interop.common.xml import parse_foreign
from amarre.interop.terminology import (
    Code,
    ValueSetId,
    class_of_type,
    document_type,
    format_of_media_type,
    format_of_template,
    value_set,
)
from amarre.interop.xds.model import (
    INS_NIR_TYPE,
    LOCAL_TYPE,
    PS_ROOT,
    Author,
    DocumentEntry,
    Institution,
    PatientId,
    PatientInfo,
    Person,
    PersonKind,
)

CDA = "urn:hl7-org:v3"
_NS = {"c": CDA}
_FACILITY = "c:componentOf/c:encompassingEncounter/c:location/c:healthCareFacility/c:code"
_PRACTICE = "c:performer/c:assignedEntity/c:representedOrganization/c:standardIndustryClassCode"
_AUTHENTICATOR = "c:legalAuthenticator/c:assignedEntity"
_EVENTS = "c:documentationOf/c:serviceEvent/c:code"
# Root of every INS OID, production and test (ANS, registry of OIDs: 1.2.250.1.213.1.4.8 to .11).
_INS_ROOTS = re.compile(r"1\.2\.250\.1\.213\.1\.4\.(8|9|10|11)")
# N1 documents carry this template (IHE XDS-SD): their format depends on the media type of the body.
_XDS_SD_TEMPLATE = "1.3.6.1.4.1.19376.1.2.20"


class CdaNotDescribable(AmarreError):
    """The CDA header lacks a value that an XDS attribute needs. `part` names it in French."""

    code = "XDS-080"
    phase = Phase.BUILD
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.SUPPORT
    what = "Le document ne peut pas être décrit pour l'envoi : il manque {part}."
    data_state = "Rien n'a été envoyé. Le document reste dans le dossier."
    advice = "Complétez cette information, puis validez à nouveau le document."


def document_entry_from_cda(
    data: bytes,
    *,
    entry_id: str = "Document01",
    visibility: Iterable[Code] = (),
    class_code: Code | None = None,
) -> DocumentEntry:
    """Return the DocumentEntry that describes a CDA R2 document.

    `visibility` are the codes added after the document's own confidentiality (JDV_J58); `class_code`
    replaces the
    class derived from the type (ASS_X16). Raises CdaNotDescribable, or an XmlError of the parser.
    """
    root = parse_foreign(data)
    if root.tag != f"{{{CDA}}}ClinicalDocument":
        raise CdaNotDescribable(part="l'élément ClinicalDocument")
    patient_role = _need(root, "c:recordTarget/c:patientRole", "la personne concernée")
    patient_id, local_id = _patient_ids(patient_role)
    type_code = _coded(_need(root, "c:code", "le type du document"))
    event = _need(root, "c:documentationOf[1]/c:serviceEvent", "l'acte documenté")
    chosen_class = class_code or class_for(type_code)
    if chosen_class is None:
        raise CdaNotDescribable(part="la classe de ce type de document")
    stop = event.find("c:effectiveTime/c:high", _NS)
    return DocumentEntry(
        entry_id=entry_id,
        unique_id=_need(root, "c:id", "le numéro du document").get("root", ""),
        title=_text(_need(root, "c:title", "le titre")),
        class_code=chosen_class,
        type_code=type_code,
        format_code=_format(root),
        facility_type=_coded(_need(root, _FACILITY, "le secteur d'activité")),
        practice_setting=_coded(_need(event, _PRACTICE, "le cadre d'exercice")),
        confidentiality=(_coded(_need(root, "c:confidentialityCode", "la confidentialité")), *visibility),
        creation_time=_time(_need(root, "c:effectiveTime", "la date du document")),
        service_start=_time(_need(event, "c:effectiveTime/c:low", "la date de l'acte")),
        service_stop=None if stop is None or not stop.get("value") else _time(stop),
        authors=tuple(_author(item) for item in root.iterfind("c:author", _NS)),
        legal_authenticator=_person(_need(root, _AUTHENTICATOR, "le responsable du document")),
        patient_id=patient_id,
        source_patient_id=local_id or patient_id,
        source_patient_info=_patient_info(patient_role),
        event_codes=tuple(_coded(item) for item in root.iterfind(_EVENTS, _NS) if item.get("code")),
        language=_need(root, "c:languageCode", "la langue").get("code", ""),
    )


def class_for(type_code: Code) -> Code | None:
    """Return the class of a document type: the DMP's (ASS_X16), else the CI-SIS one (JDV_J06), else None.

    The second serves the types the DMP does not take, which may still travel by secure mail.
    """
    found = class_of_type(type_code.code)
    if found is not None:
        return found
    known = document_type(type_code.code)
    return None if known is None else value_set(ValueSetId.CLASS_CODE).find(known.class_code)


def _need(node: etree._Element, path: str, part: str) -> etree._Element:
    found = node.find(path, _NS)
    if found is None:
        raise CdaNotDescribable(part=part)
    return found


def _text(node: etree._Element | None) -> str:
    return "" if node is None else " ".join("".join(str(item) for item in node.itertext()).split())


def _coded(node: etree._Element) -> Code:
    return Code(node.get("code", ""), node.get("displayName", ""), node.get("codeSystem", ""))


def _time(node: etree._Element) -> datetime.datetime:
    """Read a CDA time with its offset; minutes or seconds, fraction ignored."""
    match = re.fullmatch(r"(\d{12})(\d{2})?(?:\.\d+)?([+-]\d{4})", node.get("value", ""))
    if match is None:
        raise CdaNotDescribable(part="une date précise, avec son décalage horaire")
    text = f"{match[1]}{match[2] or '00'}{match[3]}"
    try:
        return datetime.datetime.strptime(text, "%Y%m%d%H%M%S%z")
    except ValueError as error:
        raise CdaNotDescribable(part="une date valide") from error


def _patient_ids(role: etree._Element) -> tuple[PatientId, PatientId | None]:
    """Return the INS (or, without one, the first identifier) and the first local identifier."""
    ids = [(item.get("extension", ""), item.get("root", "")) for item in role.iterfind("c:id", _NS)]
    national = [PatientId(value, root, INS_NIR_TYPE) for value, root in ids if _INS_ROOTS.fullmatch(root)]
    local = [
        PatientId(value, root, LOCAL_TYPE) for value, root in ids if value and not _INS_ROOTS.fullmatch(root)
    ]
    if national:
        return national[0], local[0] if local else None
    if local:
        return local[0], local[0]
    raise CdaNotDescribable(part="l'identifiant de la personne")


def _patient_info(role: etree._Element) -> PatientInfo | None:
    patient = role.find("c:patient", _NS)
    if patient is None:
        return None
    family = patient.find("c:name/c:family[@qualifier='BR']", _NS)
    given = patient.find("c:name/c:given[@qualifier='BR']", _NS)
    birth = patient.find("c:birthTime", _NS)
    gender = patient.find("c:administrativeGenderCode", _NS)
    return PatientInfo(
        family=_text(family if family is not None else patient.find("c:name/c:family", _NS)),
        given=_text(given if given is not None else patient.find("c:name/c:given", _NS)),
        birth_date="" if birth is None else birth.get("value", "")[:8],
        sex="" if gender is None else gender.get("code", ""),
    )


def _author(node: etree._Element) -> Author:
    assigned = _need(node, "c:assignedAuthor", "l'auteur")
    code = assigned.find("c:code", _NS)
    function = node.find("c:functionCode", _NS)
    return Author(
        person=_person(assigned),
        specialty=None if code is None or not code.get("code") else _coded(code),
        institution=_institution(assigned.find("c:representedOrganization", _NS)),
        role="" if function is None else function.get("displayName", ""),
    )


def _person(node: etree._Element) -> Person:
    """Return the professional, system or patient of an assignedAuthor or assignedEntity."""
    identifier = _need(node, "c:id", "l'identifiant de l'auteur")
    root, extension = identifier.get("root", ""), identifier.get("extension", "")
    device = node.find("c:assignedAuthoringDevice", _NS)
    if device is not None:
        software, model = device.find("c:softwareName", _NS), device.find("c:manufacturerModelName", _NS)
        return Person(extension, _text(software), _text(model), PersonKind.SYSTEM, root)
    name = _need(node, "c:assignedPerson/c:name", "le nom de l'auteur")
    family, given = _text(name.find("c:family", _NS)), _text(name.find("c:given", _NS))
    if not family or not given:
        raise CdaNotDescribable(part="le nom et le prénom de l'auteur")
    kind = PersonKind.PROFESSIONAL if root == PS_ROOT else PersonKind.PATIENT
    return Person(extension, family, given, kind, root)


def _institution(node: etree._Element | None) -> Institution | None:
    if node is None:
        return None
    identifier = node.find("c:id", _NS)
    return Institution(
        name=_text(node.find("c:name", _NS)),
        identifier="" if identifier is None else identifier.get("extension", ""),
    )


def _format(root: etree._Element) -> Code:
    """Return formatCode: by media type for an unstructured body (ASS_A12), else by template (ASS_A11)."""
    body = root.find("c:component/c:nonXMLBody/c:text", _NS)
    if body is not None:
        found = format_of_media_type(body.get("mediaType", ""))
    else:
        templates = (item.get("root", "") for item in root.iterfind("c:templateId", _NS))
        found = format_of_template(frozenset(item for item in templates if item != _XDS_SD_TEMPLATE))
    if found is None:
        raise CdaNotDescribable(part="un format de document connu")
    return found
