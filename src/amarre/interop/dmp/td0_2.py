"""TD0.2: does this person have a DMP, and may we use it?

Sources: SEL-MP-037 (TD0.2), HL7 v3 Normative Edition, PRPA_IN201307UV02 and PRPA_IN201308UV02.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from amarre.interop.common.xml import XSI, default_namespace
from amarre.interop.dmp.errors import DmpAbsent, DmpClosed, DmpUnexpectedAnswer, error_for
from amarre.interop.dmp.model import DMP_OID, DmpProfile
from amarre.interop.terminology import Code
from amarre.interop.xds import PatientId

HL7 = "urn:hl7-org:v3"
SERVICE = "patients"
ACTION = "urn:hl7-org:v3:PRPA_IN201307UV02"
_H = f"{{{HL7}}}"
_NS = {"h": HL7}
_INTERACTIONS = "2.16.840.1.113883.1.6"
TEST_OF_EXISTENCE = Code("TEST_EXST", "Test d'existence de dossier", "1.2.250.1.213.1.1.4.11")
_NIL = {f"{{{XSI}}}nil": "true"}
# Arcs under the software's OID for the identifiers of messages and of queries.
_MESSAGE_ARC, _QUERY_ARC = "1", "2"


class DmpState(StrEnum):
    """What TD0.2 says of the DMP."""

    ACTIVE = "active"
    CLOSED = "closed"
    ABSENT = "absent"


class Authorisation(StrEnum):
    """Authorisation of the caller to read (1.2.250.1.213.4.1.2.6.2)."""

    VALIDE = "VALIDE"
    NON_EXISTE = "NON_EXISTE"
    EXPIRE = "EXPIRE"
    INTERDIT = "INTERDIT"


@dataclass(frozen=True, slots=True)
class DmpStatus:
    """Answer to TD0.2. `authorisation` is needed to read only; None and False are what the DMP did not say.

    `reason` is the registry's own state or reason of closure, a code without personal data.
    """

    state: DmpState
    authorisation: Authorisation | None = None
    attached_to_mes: bool | None = None
    caller_is_treating_physician: bool = False
    reason: str = ""

    @property
    def can_receive(self) -> bool:
        """True when a deposit may be sent: an active DMP is enough."""
        return self.state is DmpState.ACTIVE

    def require_open(self) -> None:
        """Raise DmpAbsent or DmpClosed when no deposit may be sent."""
        if self.state is DmpState.ABSENT:
            raise DmpAbsent()
        if self.state is DmpState.CLOSED:
            raise DmpClosed()


def build_query(
    profile: DmpProfile,
    patient: PatientId,
    *,
    now: datetime.datetime,
    message_id: uuid.UUID,
    query_id: uuid.UUID,
    reason: Code = TEST_OF_EXISTENCE,
) -> etree._Element:
    """Return the PRPA_IN201307UV02 of a test of existence, or of another `reason` to look at a person."""
    root = etree.Element(
        _H + "PRPA_IN201307UV02", nsmap=default_namespace(HL7, xsi=XSI), ITSVersion="XML_1.0"
    )
    software = profile.software
    _item(root, "id", root=f"{software.oid}.{_MESSAGE_ARC}", extension=str(message_id))
    _item(root, "creationTime", value=now.astimezone(datetime.UTC).strftime("%Y%m%d%H%M%S"))
    _item(root, "interactionId", root=_INTERACTIONS, extension="PRPA_IN201307UV02")
    _item(root, "processingCode", code=profile.processing.value)
    _item(root, "processingModeCode", code="T")
    _item(root, "acceptAckCode", code="AL")
    _device(root, "receiver", "RCV", DMP_OID, "DMP")
    _device(root, "sender", "SND", software.oid, software.name)
    etree.SubElement(root, _H + "attentionLine", attrib=_NIL)
    act = _item(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    _item(act, "reasonCode", code=reason.code, codeSystem=reason.system, displayName=reason.display)
    query = _item(act, "queryByParameter")
    _item(query, "queryId", root=f"{software.oid}.{_QUERY_ARC}", extension=str(query_id))
    _item(query, "statusCode", code="new")
    parameters = _item(query, "parameterList")
    etree.SubElement(parameters, _H + "dataSource", attrib=_NIL)
    wanted = _item(parameters, "patientIdentifier")
    _item(wanted, "value", root=patient.authority, extension=patient.value)
    _item(wanted, "semanticsText").text = "Patient.id"
    return root


def _item(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _H + name, attrib=attributes)


def _device(root: etree._Element, name: str, kind: str, oid: str, software: str) -> None:
    device = _item(_item(root, name, typeCode=kind), "device", classCode="DEV", determinerCode="INSTANCE")
    _item(device, "id", root=oid)
    _item(device, "softwareName").text = software


def read_status(payload: etree._Element, patient: PatientId) -> DmpStatus:
    """Return what a PRPA_IN201308UV02 says. Raises a DmpError for an application refusal.

    DmpUnexpectedAnswer when the message is another one, or speaks of another person.
    """
    lines = _attention(payload)
    found = read_person(payload, patient)
    if isinstance(found, DmpState):
        reason = "DMPClosed" if found is DmpState.CLOSED else ""
        return DmpStatus(found, authorisation=_authorisation(lines), reason=reason)
    status = _attribute(found, "h:statusCode", "code")
    observations = observations_of(found)
    return DmpStatus(
        # Only "active" opens a deposit: any other state (terminated after a closure) is a closed DMP.
        state=DmpState.ACTIVE if status == "active" else DmpState.CLOSED,
        authorisation=_authorisation(lines),
        attached_to_mes=_boolean(observations.get("RATTACHEMENT_ENS")),
        caller_is_treating_physician=lines.get("STATUT_MT") == "true",
        reason="" if status == "active" else observations.get("MOTIF_FERMETURE", status),
    )


def read_person(payload: etree._Element, patient: PatientId) -> etree._Element | DmpState:
    """Return the ``patient`` element of a PRPA_IN201308UV02, else why there is none (ABSENT or CLOSED).

    Raises a DmpError for an application refusal, DmpUnexpectedAnswer when the message is another one or
    speaks of another person.
    """
    acknowledgement = payload.find("h:acknowledgement", _NS)
    if payload.tag != _H + "PRPA_IN201308UV02":
        raise DmpUnexpectedAnswer(defect="c'est un autre message")
    if acknowledgement is None:
        raise DmpUnexpectedAnswer(defect="elle ne dit pas si la demande est acceptée")
    detail = acknowledgement.find("h:acknowledgementDetail", _NS)
    code = _attribute(detail, "h:code", "code")
    if code == "DMPClosed":
        return DmpState.CLOSED
    if acknowledgement.get("typeCode") != "AA":
        text = "" if detail is None else " ".join("".join(str(item) for item in detail.itertext()).split())
        raise error_for(code, text)
    response = _attribute(payload, "h:controlActProcess/h:queryAck/h:queryResponseCode", "code")
    if response == "NF":
        return DmpState.ABSENT
    found = payload.find("h:controlActProcess/h:subject/h:registrationEvent/h:subject1/h:patient", _NS)
    if response != "OK" or found is None:
        raise DmpUnexpectedAnswer(defect="elle ne dit pas si le DMP existe")
    _check_person(found, patient)
    return found


def _check_person(found: etree._Element, patient: PatientId) -> None:
    """Refuse an answer about somebody else; an answer that repeats no identifier is believed."""
    given = {(item.get("root"), item.get("extension")) for item in found.iterfind("h:id", _NS)}
    same_kind = {pair for pair in given if pair[0] == patient.authority}
    if same_kind and (patient.authority, patient.value) not in same_kind:
        raise DmpUnexpectedAnswer(defect="elle concerne une autre personne")


def _attention(payload: etree._Element) -> dict[str, str]:
    """Return the attention lines: keyword → code or boolean."""
    lines: dict[str, str] = {}
    for line in payload.iterfind("h:attentionLine", _NS):
        value = line.find("h:value", _NS)
        if value is not None:
            lines[_attribute(line, "h:keyWordText", "code")] = value.get("code") or value.get("value") or ""
    return lines


def observations_of(found: etree._Element) -> dict[str, str]:
    """Return the administrative observations of a person: code → value."""
    result: dict[str, str] = {}
    for item in found.iterfind("h:subjectOf/h:administrativeObservation", _NS):
        value = item.find("h:value", _NS)
        result[_attribute(item, "h:code", "code")] = (
            "" if value is None else value.get("value") or value.get("code") or ""
        )
    return result


def _attribute(node: etree._Element | None, path: str, name: str) -> str:
    found = None if node is None else node.find(path, _NS)
    return "" if found is None else found.get(name, "")


def _authorisation(lines: dict[str, str]) -> Authorisation | None:
    try:
        return Authorisation(lines.get("AUTORISATION", ""))
    except ValueError:
        return None


def _boolean(text: str | None) -> bool | None:
    return {"true": True, "false": False}.get(text or "")
