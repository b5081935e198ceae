"""ClinicalDocument → bytes. Same document, same bytes: no clock, no random value, no dictionary order.

Source: ANS, CI-SIS, Volet Structuration minimale des documents de santé, V1.16.8 (order of elements and
cardinalities), IHE ITI TF-3 §5.2 (XDS-SD) for the unstructured body.
"""

from __future__ import annotations

import base64
import datetime
import zoneinfo
from typing import cast

from lxml import etree

from amarre.interop.cda import codes
from amarre.interop.cda.encode_patient import append_record_target
from amarre.interop.cda.model import (
    Author,
    AuthoringSystem,
    ClinicalDocument,
    Encounter,
    LegalAuthenticator,
    Organization,
    Participant,
    Professional,
    Recipient,
    RelatedPerson,
    ServiceEvent,
)
from amarre.interop.cda.writing import (
    add,
    add_code,
    add_contact,
    add_id,
    add_ids,
    add_name,
    add_organization,
    format_instant,
    format_minute,
)
from amarre.interop.common.xml import serialize
from amarre.interop.terminology import ValueSetId, code_system_name, value_set


def encode(document: ClinicalDocument) -> bytes:
    """Return the CDA R2 document as UTF-8 bytes with an XML declaration."""
    zone = zoneinfo.ZoneInfo(document.time_zone)
    # The stubs of lxml forget that the default namespace has no prefix.
    nsmap = cast("dict[str, str]", {None: codes.CDA_NS})
    root = etree.Element(f"{{{codes.CDA_NS}}}ClinicalDocument", nsmap=nsmap)
    _append_head(root, document, zone)
    append_record_target(root, document.patient)
    for author in document.authors:
        _append_author(root, author, zone)
    for person in document.informants:
        _append_informant(root, person)
    _append_custodian(root, document.custodian)
    for recipient in document.recipients:
        _append_recipient(root, recipient)
    _append_authenticator(root, document.legal_authenticator, zone)
    for participant in document.participants:
        _append_participant(root, participant, zone)
    _append_service_event(root, document.service_event, zone)
    if document.replaces:
        related = add(root, "relatedDocument", typeCode="RPLC")
        add(add(related, "parentDocument"), "id", root=document.replaces)
    _append_encounter(root, document.encounter, zone)
    body = add(add(root, "component"), "nonXMLBody")
    text = add(body, "text", mediaType=document.body.media_type, representation="B64")
    text.text = base64.b64encode(document.body.data).decode("ascii")
    return serialize(root)


def _append_head(root: etree._Element, document: ClinicalDocument, zone: datetime.tzinfo) -> None:
    add(root, "realmCode", code="FR")
    add(root, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    for template in (codes.TEMPLATE_HL7_FRANCE, codes.TEMPLATE_CISIS_HEADER, codes.TEMPLATE_XDS_SD):
        add(root, "templateId", root=template)
    add(root, "id", root=document.document_id)
    code = add_code(root, "code", document.type_code)
    if name := code_system_name(document.type_code.system):
        code.set("codeSystemName", name)
    add(root, "title").text = document.title
    add(root, "effectiveTime", value=format_instant(document.effective_time, zone))
    add_code(
        root, "confidentialityCode", value_set(ValueSetId.CDA_CONFIDENTIALITY).get(document.confidentiality)
    )
    add(root, "languageCode", code="fr-FR")
    add(root, "setId", root=document.set_id)
    add(root, "versionNumber", value=str(document.version))


def _append_author(root: etree._Element, author: Author, zone: datetime.tzinfo) -> None:
    node = add(root, "author")
    who = author.who
    if isinstance(who, Professional) and who.function:
        add_code(node, "functionCode", who.function)
    add(node, "time", value=format_instant(author.time, zone))
    assigned = add(node, "assignedAuthor")
    if isinstance(who, Professional):
        _fill_professional(assigned, who, person="assignedPerson", organization="representedOrganization")
        return
    _fill_system(assigned, who)


def _fill_system(assigned: etree._Element, system: AuthoringSystem) -> None:
    add_id(assigned, system.identifier)
    add_code(assigned, "code", system.code)
    device = add(assigned, "assignedAuthoringDevice")
    add(device, "manufacturerModelName").text = system.model_name
    add(device, "softwareName").text = system.software_name
    if system.organization:
        add_organization(assigned, "representedOrganization", system.organization)


def _fill_professional(
    node: etree._Element,
    who: Professional,
    *,
    person: str,
    organization: str,
    practice_setting: bool = False,
) -> None:
    """Write id, code, addr, telecom, person, organization: the order shared by every CDA role."""
    add_ids(node, (who.identifier, *who.other_ids))
    if who.code:
        add_code(node, "code", who.code)
    add_contact(node, who.addresses, who.telecoms, required=True)
    add_name(add(node, person), who.name)
    if who.organization:
        add_organization(node, organization, who.organization, practice_setting=practice_setting)


def _append_informant(root: etree._Element, person: RelatedPerson) -> None:
    entity = add(add(root, "informant"), "relatedEntity", classCode=person.role)
    if person.relation:
        code = add_code(entity, "code", person.relation)
        if person.relation_text:
            add(code, "originalText").text = person.relation_text
    add_contact(entity, person.addresses, person.telecoms)
    add_name(add(entity, "relatedPerson"), person.name)


def _append_custodian(root: etree._Element, organization: Organization) -> None:
    assigned = add(add(root, "custodian"), "assignedCustodian")
    add_organization(assigned, "representedCustodianOrganization", organization)


def _append_recipient(root: etree._Element, recipient: Recipient) -> None:
    who = recipient.who
    node = add(add(root, "informationRecipient"), "intendedRecipient")
    add_ids(node, (who.identifier, *who.other_ids))
    add_contact(node, who.addresses, who.telecoms)
    add_name(add(node, "informationRecipient"), who.name)
    if who.organization:
        add_organization(node, "receivedOrganization", who.organization)


def _append_authenticator(
    root: etree._Element, authenticator: LegalAuthenticator, zone: datetime.tzinfo
) -> None:
    node = add(root, "legalAuthenticator")
    add(node, "time", value=format_instant(authenticator.time, zone))
    add(node, "signatureCode", code="S")
    _fill_professional(
        add(node, "assignedEntity"),
        authenticator.who,
        person="assignedPerson",
        organization="representedOrganization",
    )


def _append_participant(root: etree._Element, participant: Participant, zone: datetime.tzinfo) -> None:
    who = participant.who
    node = add(root, "participant", typeCode=participant.type_code)
    if who.function:
        add_code(node, "functionCode", who.function)
    _add_interval(node, "time", participant.start, participant.end, zone, absent="NA")
    _fill_professional(
        add(node, "associatedEntity", classCode=participant.class_code),
        who,
        person="associatedPerson",
        organization="scopingOrganization",
    )


def _append_service_event(root: etree._Element, event: ServiceEvent, zone: datetime.tzinfo) -> None:
    node = add(add(root, "documentationOf"), "serviceEvent")
    add_ids(node, event.identifiers)
    if event.code:
        add_code(node, "code", event.code)
    interval = add(node, "effectiveTime")
    add(interval, "low", value=format_minute(event.start, zone))
    if event.end:
        add(interval, "high", value=format_minute(event.end, zone))
    _fill_professional(
        add(add(node, "performer", typeCode="PRF"), "assignedEntity"),
        event.performer,
        person="assignedPerson",
        organization="representedOrganization",
        practice_setting=True,
    )


def _append_encounter(root: etree._Element, encounter: Encounter, zone: datetime.tzinfo) -> None:
    node = add(add(root, "componentOf"), "encompassingEncounter")
    add_ids(node, encounter.identifiers)
    if encounter.code:
        add_code(node, "code", encounter.code)
    _add_interval(node, "effectiveTime", encounter.start, encounter.end, zone, absent="UNK")
    facility = add(add(node, "location"), "healthCareFacility")
    code = add_code(facility, "code", encounter.facility)
    if encounter.facility_category:
        add_code(code, "translation", encounter.facility_category)


def _add_interval(
    node: etree._Element,
    tag: str,
    start: datetime.date | None,
    end: datetime.date | None,
    zone: datetime.tzinfo,
    *,
    absent: str,
) -> None:
    """Write an interval; when neither end is known, the nullFlavor `absent` (the element is mandatory)."""
    if start is None and end is None:
        add(node, tag, nullFlavor=absent)
        return
    interval = add(node, tag)
    for name, value in (("low", start), ("high", end)):
        if isinstance(value, datetime.datetime):
            add(interval, name, value=format_minute(value, zone))
        elif value is not None:
            add(interval, name, value=value.strftime("%Y%m%d"))
