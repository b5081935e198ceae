"""The people and structures of the header, from author to participant, in the order of the specification.

Source: ANS, CI-SIS, Volet Structuration minimale des documents de santé, V1.16.8.
"""

from __future__ import annotations

import datetime

from lxml import etree

from amarre.interop.cda.encode_patient import fill_patient_actor
from amarre.interop.cda.model import (
    Authenticator,
    Author,
    AuthoringSystem,
    ClinicalDocument,
    DataEnterer,
    LegalAuthenticator,
    Participant,
    PatientActor,
    Recipient,
    RelatedPerson,
)
from amarre.interop.cda.parts import Organization, Professional
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


def append_roles(root: etree._Element, document: ClinicalDocument, zone: datetime.tzinfo) -> None:
    """Append author to participant, in the order the schema asks for."""
    for author in document.authors:
        _append_author(root, author, zone)
    if document.data_enterer:
        _append_data_enterer(root, document.data_enterer, zone)
    for person in document.informants:
        _append_informant(root, person)
    _append_custodian(root, document.custodian)
    for recipient in document.recipients:
        _append_recipient(root, recipient)
    _append_authenticator(root, "legalAuthenticator", document.legal_authenticator, zone)
    for authenticator in document.authenticators:
        _append_authenticator(root, "authenticator", authenticator, zone)
    for participant in document.participants:
        _append_participant(root, participant, zone)


def fill_assigned_entity(
    parent: etree._Element, who: Professional, *, practice_setting: bool = False
) -> None:
    """Append ``assignedEntity``, the role of a professional almost everywhere."""
    fill_professional(
        add(parent, "assignedEntity"),
        who,
        person="assignedPerson",
        organization="representedOrganization",
        practice_setting=practice_setting,
    )


def fill_professional(
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


def add_interval(
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


def _append_author(root: etree._Element, author: Author, zone: datetime.tzinfo) -> None:
    node = add(root, "author")
    who = author.who
    if isinstance(who, Professional) and who.function:
        add_code(node, "functionCode", who.function)
    add(node, "time", value=format_instant(author.time, zone))
    assigned = add(node, "assignedAuthor")
    match who:
        case Professional():
            fill_professional(assigned, who, person="assignedPerson", organization="representedOrganization")
        case PatientActor():
            fill_patient_actor(assigned, who)
        case AuthoringSystem():
            _fill_system(assigned, who)


def _fill_system(assigned: etree._Element, system: AuthoringSystem) -> None:
    add_id(assigned, system.identifier)
    add_code(assigned, "code", system.code)
    device = add(assigned, "assignedAuthoringDevice")
    add(device, "manufacturerModelName").text = system.model_name
    add(device, "softwareName").text = system.software_name
    if system.organization:
        add_organization(assigned, "representedOrganization", system.organization)


def _append_data_enterer(root: etree._Element, enterer: DataEnterer, zone: datetime.tzinfo) -> None:
    node = add(root, "dataEnterer")
    if enterer.time:
        add(node, "time", value=format_instant(enterer.time, zone))
    fill_assigned_entity(node, enterer.who)


def _append_informant(root: etree._Element, who: RelatedPerson | Professional | PatientActor) -> None:
    node = add(root, "informant")
    match who:
        case Professional():
            fill_assigned_entity(node, who)
        case PatientActor():
            fill_patient_actor(add(node, "assignedEntity"), who)
        case RelatedPerson():
            _fill_related(add(node, "relatedEntity", classCode=who.role), who)


def _fill_related(entity: etree._Element, person: RelatedPerson) -> None:
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
    root: etree._Element,
    tag: str,
    authenticator: LegalAuthenticator | Authenticator,
    zone: datetime.tzinfo,
) -> None:
    node = add(root, tag)
    add(node, "time", value=format_instant(authenticator.time, zone))
    add(node, "signatureCode", code="S")
    fill_assigned_entity(node, authenticator.who)


def _append_participant(root: etree._Element, participant: Participant, zone: datetime.tzinfo) -> None:
    who = participant.who
    node = add(root, "participant", typeCode=participant.type_code)
    function = participant.function or (who.function if isinstance(who, Professional) else None)
    if function:
        code = add_code(node, "functionCode", function)
        if participant.function_text:
            add(code, "originalText").text = participant.function_text
    add_interval(node, "time", participant.start, participant.end, zone, absent="NA")
    entity = add(node, "associatedEntity", classCode=participant.class_code)
    if isinstance(who, Professional):
        fill_professional(entity, who, person="associatedPerson", organization="scopingOrganization")
    else:
        add_organization(entity, "scopingOrganization", who)
