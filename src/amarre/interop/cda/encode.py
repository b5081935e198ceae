"""ClinicalDocument → bytes. Same document, same bytes: no clock, no random value, no dictionary order.

Source: ANS, CI-SIS, Volet Structuration minimale des documents de santé, V1.16.8 (order of elements and
cardinalities), IHE ITI TF-3 §5.2 (XDS-SD) for the unstructured body. The roles of the header are in
`encode_roles`, the structured body in `structured.encode`.
"""

from __future__ import annotations

import base64
import datetime
import zoneinfo

from lxml import etree

from amarre.interop.cda import codes, encode_roles
from amarre.interop.cda.encode_patient import append_record_target
from amarre.interop.cda.model import (
    ClinicalDocument,
    Encounter,
    FurtherEvent,
    LifeFacts,
    ServiceEvent,
    UnstructuredBody,
)
from amarre.interop.cda.structured.encode import append_structured_body
from amarre.interop.cda.writing import add, add_code, add_id, add_ids, format_instant, format_minute
from amarre.interop.common.xml import XSI, default_namespace, serialize
from amarre.interop.terminology import Code, ValueSetId, code_system_name, value_set


def encode(document: ClinicalDocument) -> bytes:
    """Return the CDA R2 document as UTF-8 bytes with an XML declaration."""
    zone = zoneinfo.ZoneInfo(document.time_zone)
    root = etree.Element(f"{{{codes.CDA_NS}}}ClinicalDocument", nsmap=_namespaces(document))
    _append_head(root, document, zone)
    append_record_target(root, document.patient)
    encode_roles.append_roles(root, document, zone)
    for order in document.orders:
        add_id(add(add(root, "inFulfillmentOf"), "order"), order)
    _append_service_event(root, document.service_event, zone)
    for event in document.further_events:
        _append_further_event(root, event, zone)
    if document.replaces:
        related = add(root, "relatedDocument", typeCode="RPLC")
        add(add(related, "parentDocument"), "id", root=document.replaces)
    for consent in document.consents:
        node = add(add(root, "authorization", typeCode="AUTH"), "consent")
        add_code(node, "code", consent)
        add(node, "statusCode", code="completed")
    _append_encounter(root, document.encounter, zone)
    component = add(root, "component")
    if isinstance(document.body, UnstructuredBody):
        text = add(
            add(component, "nonXMLBody"), "text", mediaType=document.body.media_type, representation="B64"
        )
        text.text = base64.b64encode(document.body.data).decode("ascii")
    else:
        append_structured_body(component, document.body, document_id=document.document_id, zone=zone)
    return serialize(root)


def _namespaces(document: ClinicalDocument) -> dict[str, str]:
    """Return the prefixes the document needs, no more: xsi for typed values, sdtc for death and birth."""
    prefixes = {} if isinstance(document.body, UnstructuredBody) else {"xsi": XSI}
    if document.patient.facts != LifeFacts():
        prefixes["sdtc"] = codes.SDTC_NS
    return default_namespace(codes.CDA_NS, **prefixes)


def _append_head(root: etree._Element, document: ClinicalDocument, zone: datetime.tzinfo) -> None:
    add(root, "realmCode", code="FR")
    add(root, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    add(root, "templateId", root=codes.TEMPLATE_HL7_FRANCE)
    add(root, "templateId", root=codes.TEMPLATE_CISIS_HEADER)
    if isinstance(document.body, UnstructuredBody):
        add(root, "templateId", root=codes.TEMPLATE_XDS_SD)
    else:
        for template, version in document.body.model.templates:
            node = add(root, "templateId", root=template)
            if version:
                node.set("extension", version)
    add(root, "id", root=document.document_id)
    _add_named_code(root, document.type_code)
    add(root, "title").text = document.title
    add(root, "effectiveTime", value=format_instant(document.effective_time, zone))
    add_code(
        root, "confidentialityCode", value_set(ValueSetId.CDA_CONFIDENTIALITY).get(document.confidentiality)
    )
    add(root, "languageCode", code="fr-FR")
    add(root, "setId", root=document.set_id)
    add(root, "versionNumber", value=str(document.version))


def _add_named_code(node: etree._Element, value: Code) -> None:
    """Write ``code`` with the name of its code system, which some volets check."""
    code = add_code(node, "code", value)
    if name := code_system_name(value.system):
        code.set("codeSystemName", name)


def _append_service_event(root: etree._Element, event: ServiceEvent, zone: datetime.tzinfo) -> None:
    node = add(add(root, "documentationOf"), "serviceEvent")
    add_ids(node, event.identifiers)
    if event.code:
        _add_named_code(node, event.code)
    interval = add(node, "effectiveTime")
    add(interval, "low", value=format_minute(event.start, zone))
    if event.end:
        add(interval, "high", value=format_minute(event.end, zone))
    encode_roles.fill_assigned_entity(
        add(node, "performer", typeCode="PRF"), event.performer, practice_setting=True
    )


def _append_further_event(root: etree._Element, event: FurtherEvent, zone: datetime.tzinfo) -> None:
    node = add(add(root, "documentationOf"), "serviceEvent")
    add_ids(node, event.identifiers)
    _add_named_code(node, event.code)
    if event.start or event.end:
        encode_roles.add_interval(node, "effectiveTime", event.start, event.end, zone, absent="UNK")
    if event.performer:
        encode_roles.fill_assigned_entity(
            add(node, "performer", typeCode="PRF"), event.performer, practice_setting=True
        )


def _append_encounter(root: etree._Element, encounter: Encounter, zone: datetime.tzinfo) -> None:
    node = add(add(root, "componentOf"), "encompassingEncounter")
    add_ids(node, encounter.identifiers)
    if encounter.code:
        add_code(node, "code", encounter.code)
    encode_roles.add_interval(node, "effectiveTime", encounter.start, encounter.end, zone, absent="UNK")
    if encounter.discharge:
        add_code(node, "dischargeDispositionCode", encounter.discharge)
    if encounter.responsible:
        encode_roles.fill_assigned_entity(add(node, "responsibleParty"), encounter.responsible)
    for participant in encounter.participants:
        encode_roles.fill_assigned_entity(
            add(node, "encounterParticipant", typeCode=participant.type_code), participant.who
        )
    facility = add(add(node, "location"), "healthCareFacility")
    code = add_code(facility, "code", encounter.facility)
    if encounter.facility_category:
        add_code(code, "translation", encounter.facility_category)
