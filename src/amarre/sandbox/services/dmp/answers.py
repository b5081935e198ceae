"""The answers of the simulated DMP: envelopes, faults, registry responses, PRPA_IN201308UV02.

Shapes: IHE ITI TF-2 (§3.18, §3.41), ebRS 3.0, HL7 V3 PRPA_IN201308UV02, messages of SEL-MP-037.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from lxml import etree

from amarre.interop.common.xml import XSI, default_namespace, serialize
from amarre.sandbox.service import SandboxResponse
from amarre.sandbox.services.dmp.envelope import ANONYMOUS, SOAP11, SOAP12, WSA, WSSE
from amarre.sandbox.services.dmp.people import Authorisation, DmpState, Person
from amarre.sandbox.services.dmp.rules import Failure

HL7 = "urn:hl7-org:v3"
RS = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
XDSB = "urn:ihe:iti:xds-b:2007"
XOP = "http://www.w3.org/2004/08/xop/include"
HABILITATIONS = "urn:si-dmp-habilitations"
QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
STATUS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"
SEVERITY = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"
# The type of a value ("CV", "BL") is a QName: it needs HL7 as the default namespace, as in the real answers.
DEFAULT_HL7 = default_namespace(HL7, xsi=XSI)
DMP_OID = "1.2.250.1.213.4.1.1.1"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Namespaces in which the codes of faults are written; DMP codes have none of their own in what is published.
FAULT_NAMESPACES = {"wsa": WSA, "wsse": WSSE}


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answer repeats of its request, and its own identifier."""

    soap: str
    relates_to: str
    message_id: uuid.UUID


def fault(reply: Reply, *, sender: bool, subcode: str, reason: str) -> SandboxResponse:
    """Return a SOAP fault on HTTP 500. `subcode` is "" or "prefix:Name" or a DMP code."""
    soap = reply.soap or SOAP12
    element = etree.Element(f"{{{soap}}}Fault", nsmap={"soap": soap} | FAULT_NAMESPACES)
    if soap == SOAP11:
        value = subcode or ("soap:Client" if sender else "soap:Server")
        etree.SubElement(element, "faultcode").text = value
        etree.SubElement(element, "faultstring").text = reason
    else:
        code = etree.SubElement(element, f"{{{soap}}}Code")
        etree.SubElement(code, f"{{{soap}}}Value").text = "soap:Sender" if sender else "soap:Receiver"
        if subcode:
            detail = etree.SubElement(code, f"{{{soap}}}Subcode")
            etree.SubElement(detail, f"{{{soap}}}Value").text = subcode
        holder = etree.SubElement(element, f"{{{soap}}}Reason")
        text = etree.SubElement(holder, f"{{{soap}}}Text", attrib={XML_LANG: "fr"})
        text.text = reason
    return _envelope(reply, f"{WSA}/soap/fault", element, status=500)


PROVIDED = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse"
# Spelt as in the published answers, hyphen included.
UPDATED = "urn:ihe:iti:2010:UpdateDocumentSet-Response"
RETRIEVED = "urn:ihe:iti:2007:RetrieveDocumentSetResponse"


def registry_response(reply: Reply, failures: list[Failure], action: str = PROVIDED) -> SandboxResponse:
    """Return the answer of ITI-41 or ITI-57: Success, or Failure with one RegistryError per broken rule."""
    return _envelope(reply, action, _registry_response(failures))


def _registry_response(failures: list[Failure]) -> etree._Element:
    outcome = "Failure" if failures else "Success"
    root = etree.Element(f"{{{RS}}}RegistryResponse", nsmap={"rs": RS}, status=f"{STATUS}{outcome}")
    _add_errors(root, failures)
    return root


def authorisation_response(reply: Reply, status: str, context: str) -> SandboxResponse:
    """Return the answer of TD0.3."""
    root = etree.Element(f"{{{HABILITATIONS}}}setAuthorizationResponse", nsmap={"ns1": HABILITATIONS})
    output = etree.SubElement(root, f"{{{HABILITATIONS}}}output")
    etree.SubElement(output, f"{{{HABILITATIONS}}}status").text = status
    etree.SubElement(output, f"{{{HABILITATIONS}}}context").text = context
    action = f"{HABILITATIONS}:HabilitationsEndPoint:setAuthorizationResponse"
    return _envelope(reply, action, root)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A document that TD3.2 gives back. `attached` False forgets its part (a situation)."""

    repository: str
    unique_id: str
    mime_type: str
    data: bytes
    attached: bool = True


def retrieve_response(reply: Reply, found: Retrieved | None, failures: list[Failure]) -> SandboxResponse:
    """Return the answer of ITI-43: the document in a MIME part of its own, or Failure."""
    root = etree.Element(f"{{{XDSB}}}RetrieveDocumentSetResponse", nsmap={"ns4": XDSB, "ns2": RS})
    root.append(_registry_response(failures))
    if found is None:
        return _envelope(reply, RETRIEVED, root)
    item = etree.SubElement(root, f"{{{XDSB}}}DocumentResponse")
    for name, value in (
        ("RepositoryUniqueId", found.repository),
        ("DocumentUniqueId", found.unique_id),
        ("mimeType", found.mime_type),
    ):
        etree.SubElement(item, f"{{{XDSB}}}{name}").text = value
    identifier = f"{reply.message_id}-2@urn:ihe:iti:xds-b:2007"
    holder = etree.SubElement(item, f"{{{XDSB}}}Document")
    # The real service writes the colons of the identifier as %3A: a client must decode them.
    href = "cid:" + identifier.replace(":", "%3A")
    etree.SubElement(holder, f"{{{XOP}}}Include", nsmap={"xop": XOP}, href=href)
    plain = _envelope(reply, RETRIEVED, root)
    boundary = f"uuid:{reply.message_id}"
    root_type = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"'
    parts = [("root.message@cxf.apache.org", root_type, plain.body)]
    if found.attached:
        parts.append((identifier, found.mime_type, found.data))
    chunks = []
    for name, media, data in parts:
        head = f"--{boundary}\r\nContent-Type: {media}\r\nContent-Transfer-Encoding: binary\r\n"
        chunks += [head.encode(), f"Content-ID: <{name}>\r\n\r\n".encode(), data, b"\r\n"]
    chunks.append(f"--{boundary}--\r\n".encode())
    media = (
        f'multipart/related; type="application/xop+xml"; boundary="{boundary}"; '
        'start="<root.message@cxf.apache.org>"; start-info="application/soap+xml"'
    )
    return SandboxResponse(200, {"content-type": media}, b"".join(chunks))


def query_response(reply: Reply, objects: list[etree._Element], failures: list[Failure]) -> SandboxResponse:
    """Return the answer of ITI-18: the objects found, or Failure."""
    outcome = "Failure" if failures else "Success"
    root = etree.Element(
        f"{{{QUERY}}}AdhocQueryResponse",
        nsmap={"query": QUERY, "rs": RS, "rim": RIM},
        status=f"{STATUS}{outcome}",
        startIndex="0",
        totalResultCount=str(len(objects)),
    )
    _add_errors(root, failures)
    found = etree.SubElement(root, f"{{{RIM}}}RegistryObjectList")
    found.extend(objects)
    return _envelope(reply, "urn:ihe:iti:2007:RegistryStoredQueryResponse", root)


def object_ref(identifier: str) -> etree._Element:
    """Return an ObjectRef to an entryUUID."""
    return etree.Element(f"{{{RIM}}}ObjectRef", nsmap={"rim": RIM}, id=identifier)


@dataclass(frozen=True, slots=True)
class ExistenceQuestion:
    """What the answer of TD0.2 repeats of the question."""

    message: tuple[str, str]
    query: tuple[str, str]
    sender: str
    software: str
    reason: str = "TEST_EXST"


def existence(
    reply: Reply, question: ExistenceQuestion, person: Person | None, now: datetime.datetime
) -> SandboxResponse:
    """Return PRPA_IN201308UV02: NF without a DMP, else the state, the authorisation and the attachments.

    For TD1.3a (another reason), what the DMP knows of its holder, without authorisation.
    """
    found = person if person is not None and person.state is not DmpState.ABSENT else None
    root = _prpa(reply, question, now)
    if found is not None and question.reason == "TEST_EXST":
        _attention(root, found.authorisation)
    acknowledgement = _add(root, "acknowledgement", typeCode="AA")
    target = _add(acknowledgement, "targetMessage")
    _add(target, "id", root=question.message[0], extension=question.message[1])
    act = _add(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    _add(act, "reasonCode", code=question.reason, codeSystem="1.2.250.1.213.1.1.4.11")
    if found is not None:
        _registration(act, found)
    ack = _add(act, "queryAck")
    _add(ack, "queryId", root=question.query[0], extension=question.query[1])
    _add(ack, "queryResponseCode", code="OK" if found is not None else "NF")
    return _envelope(reply, "urn:hl7-org:v3:PRPA_IN201308UV02", root)


def existence_error(
    reply: Reply, question: ExistenceQuestion, failure: Failure, now: datetime.datetime
) -> SandboxResponse:
    """Return PRPA_IN201308UV02 with an acknowledgement AE and its detail."""
    root = _prpa(reply, question, now)
    acknowledgement = _add(root, "acknowledgement", typeCode="AE")
    target = _add(acknowledgement, "targetMessage")
    _add(target, "id", root=question.message[0], extension=question.message[1])
    detail = _add(acknowledgement, "acknowledgementDetail", typeCode="E")
    _add(detail, "code", code=failure.rule.code or "INTERNAL_ERROR")
    _add(detail, "text").text = failure.sentence
    act = _add(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    ack = _add(act, "queryAck")
    _add(ack, "queryId", root=question.query[0], extension=question.query[1])
    _add(ack, "queryResponseCode", code="AE")
    return _envelope(reply, "urn:hl7-org:v3:PRPA_IN201308UV02", root)


def _prpa(reply: Reply, question: ExistenceQuestion, now: datetime.datetime) -> etree._Element:
    root = etree.Element(f"{{{HL7}}}PRPA_IN201308UV02", nsmap=DEFAULT_HL7, ITSVersion="XML_1.0")
    _add(root, "id", root=str(reply.message_id))
    _add(root, "creationTime", value=now.strftime("%Y%m%d%H%M%S"))
    _add(root, "interactionId", root="2.16.840.1.113883.1.6", extension="PRPA_IN201308UV02")
    _add(root, "processingCode", code="P")
    _add(root, "processingModeCode", code="T")
    _add(root, "acceptAckCode", code="NE")
    for role, kind, oid, software in (
        ("receiver", "RCV", question.sender, question.software),
        ("sender", "SND", DMP_OID, "DMP"),
    ):
        device = _add(_add(root, role, typeCode=kind), "device", classCode="DEV", determinerCode="INSTANCE")
        _add(device, "id", root=oid)
        _add(device, "softwareName").text = software
    return root


def _attention(root: etree._Element, authorisation: Authorisation) -> None:
    line = _add(root, "attentionLine")
    _add(line, "keyWordText", code="AUTORISATION", codeSystem="1.2.250.1.213.4.1.2.6.1")
    value = _add(line, "value", code=authorisation.value, codeSystem="1.2.250.1.213.4.1.2.6.2")
    value.set(f"{{{XSI}}}type", "CV")
    line = _add(root, "attentionLine")
    _add(line, "keyWordText", code="STATUT_MT", codeSystem="1.2.250.1.213.4.1.2.6.3")
    _add(line, "value", value="false").set(f"{{{XSI}}}type", "BL")


def _registration(act: etree._Element, person: Person) -> None:
    """Add the DMP found. A closed one answers "inactive": the real value is not published."""
    subject = _add(act, "subject", contextConductionInd="false", typeCode="SUBJ")
    event = _add(subject, "registrationEvent", classCode="REG", moodCode="EVN")
    _add(event, "statusCode", code="completed")
    patient = _add(_add(event, "subject1", typeCode="SBJ"), "patient", classCode="PAT")
    _add(patient, "id", root=person.oid, extension=person.ins)
    active = person.state is DmpState.ACTIVE
    _add(patient, "statusCode", code="active" if active else "inactive")
    human = _add(patient, "patientPerson", classCode="PSN", determinerCode="INSTANCE")
    name = _add(human, "name")
    _add(name, "given").text = person.usager.premier_prenom
    _add(name, "family", qualifier="BR").text = person.usager.nom_naissance
    if person.usager.nom_utilise:
        _add(name, "family", qualifier="SP").text = person.usager.nom_utilise
    _add(human, "administrativeGenderCode", code=person.usager.sexe)
    _add(human, "birthTime", value=person.usager.date_naissance.replace("-", ""))
    for code, system, value in (
        ("COMPTE_INTERNET_OUVERT", "1.2.250.1.213.4.1.2.9", active),
        ("RATTACHEMENT_ENS", "1.2.250.1.213.4.1.2.3", active),
        ("OPPOSITION_BRIS_DE_GLACE", "1.2.250.1.213.4.1.2.3", person.opposed_break_glass),
        ("OPPOSITION_ACCES_URGENCE", "1.2.250.1.213.4.1.2.3", False),
    ):
        holder = _add(patient, "subjectOf", typeCode="SBJ")
        observation = _add(holder, "administrativeObservation", classCode="OBS", moodCode="EVN")
        _add(observation, "code", code=code, codeSystem=system)
        _add(observation, "value", value=str(value).lower()).set(f"{{{XSI}}}type", "BL")
    custodian = _add(event, "custodian", typeCode="CST")
    _add(_add(custodian, "assignedEntity", classCode="ASSIGNED"), "id", root=DMP_OID)


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{HL7}}}{name}", attrib=attributes)


def _add_errors(root: etree._Element, failures: list[Failure]) -> None:
    if not failures:
        return
    errors = etree.SubElement(root, f"{{{RS}}}RegistryErrorList", highestSeverity=SEVERITY)
    for failure in failures:
        etree.SubElement(
            errors,
            f"{{{RS}}}RegistryError",
            errorCode=failure.rule.code or "XDSRepositoryError",
            codeContext=failure.sentence,
            severity=SEVERITY,
            location="",
        )


def _envelope(reply: Reply, action: str, content: etree._Element, status: int = 200) -> SandboxResponse:
    soap = reply.soap or SOAP12
    root = etree.Element(f"{{{soap}}}Envelope", nsmap={"soap": soap, "wsa": WSA})
    header = etree.SubElement(root, f"{{{soap}}}Header")
    etree.SubElement(header, f"{{{WSA}}}Action").text = action
    etree.SubElement(header, f"{{{WSA}}}MessageID").text = reply.message_id.urn
    etree.SubElement(header, f"{{{WSA}}}To").text = ANONYMOUS
    if reply.relates_to:
        etree.SubElement(header, f"{{{WSA}}}RelatesTo").text = reply.relates_to
    etree.SubElement(root, f"{{{soap}}}Body").append(content)
    media = "text/xml; charset=UTF-8" if soap == SOAP11 else "application/soap+xml; charset=UTF-8"
    return SandboxResponse(status, {"content-type": media}, serialize(root))
