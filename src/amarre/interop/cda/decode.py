"""Bytes → header of a received CDA, tolerant: what is absent or unreadable is empty, never invented.

Source: ANS, CI-SIS, Volet Structuration minimale V1.16.8. Accepts self-presentable documents (the CDA under
``data:Contenu`` of an XSL style sheet); the style sheet itself is never run.
"""

from __future__ import annotations

import base64
import binascii
import datetime
from dataclasses import dataclass, field

from lxml import etree

from amarre.interop.cda.codes import CDA_NS, INS_OIDS
from amarre.interop.cda.errors import CdaWithoutBody, NotClinicalDocument
from amarre.interop.cda.parts import Identifier, PersonName
from amarre.interop.cda.reading import parse_date, parse_time, select, text_of
from amarre.interop.common.xml import parse_foreign
from amarre.interop.terminology import Code

_ROOT = f"{{{CDA_NS}}}ClinicalDocument"
NO_CODE = Code("", "", "")


@dataclass(frozen=True, slots=True)
class ReceivedPatient:
    """The person as the sender wrote it: to be compared with the record, never trusted as qualified.

    `birth_date` is the HL7 text (``AAAA`` to ``AAAAMMJJ``), `ins` the identifier under an INS OID.
    """

    ins: Identifier | None = field(repr=False)
    local_ids: tuple[Identifier, ...] = field(repr=False)
    birth_name: str = field(repr=False)
    used_name: str = field(repr=False)
    given_names: str = field(repr=False)
    first_given_name: str = field(repr=False)
    used_given_name: str = field(repr=False)
    sex: str = field(repr=False)
    birth_date: str = field(repr=False)
    birthplace_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReceivedActor:
    """A person or a system playing a part. `name` is empty for a system, whose model is in `device`."""

    identifiers: tuple[Identifier, ...]
    code: Code
    name: PersonName
    device: str
    organization: str
    organization_id: Identifier | None
    time: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class ReceivedDocument:
    """Header of a received CDA. Times are aware UTC, None when absent or without offset.

    `structured` tells an N3/N2 body from an unstructured one, whose `media_type` is then given.
    """

    document_id: Identifier
    set_id: Identifier
    version: int | None
    templates: tuple[str, ...]
    type_code: Code
    title: str
    effective_time: datetime.datetime | None
    confidentiality: str
    language: str
    patient: ReceivedPatient
    authors: tuple[ReceivedActor, ...]
    custodian: str
    custodian_id: Identifier | None
    legal_authenticator: ReceivedActor | None
    practice_setting: Code
    facility: Code
    service_start: datetime.datetime | None
    service_end: datetime.datetime | None
    encounter_start: datetime.date | None
    related: tuple[tuple[str, Identifier], ...]
    structured: bool
    media_type: str


def parse_document(data: bytes) -> etree._Element:
    """Return the ClinicalDocument element of a foreign file. Raises XmlError, NotClinicalDocument."""
    root = parse_foreign(data)
    if root.tag == _ROOT:
        return root
    found = root.find(f".//{_ROOT}")
    if found is None:
        raise NotClinicalDocument()
    return found


def decode(data: bytes) -> ReceivedDocument:
    """Read the header of a received CDA. Raises XmlError, NotClinicalDocument."""
    return decode_element(parse_document(data))


def decode_element(root: etree._Element) -> ReceivedDocument:
    """Read the header of a ClinicalDocument element that `parse_document` gave."""
    version = _attribute(root, "h:versionNumber", "value")
    event = "h:documentationOf[1]/h:serviceEvent"
    encounter = "h:componentOf/h:encompassingEncounter"
    custodian = "h:custodian/h:assignedCustodian/h:representedCustodianOrganization"
    authenticator = _first(root, "h:legalAuthenticator")
    return ReceivedDocument(
        document_id=_identifier(_first(root, "h:id")) or Identifier(""),
        set_id=_identifier(_first(root, "h:setId")) or Identifier(""),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
        templates=tuple(element.get("root", "") for element in select(root, "h:templateId")),
        type_code=read_code(_first(root, "h:code")),
        title=_text(root, "h:title"),
        effective_time=parse_time(_attribute(root, "h:effectiveTime", "value")),
        confidentiality=_attribute(root, "h:confidentialityCode", "code"),
        language=_attribute(root, "h:languageCode", "code"),
        patient=_patient(root),
        authors=tuple(_actor(author, "h:assignedAuthor") for author in select(root, "h:author")),
        custodian=_text(root, f"{custodian}/h:name"),
        custodian_id=_identifier(_first(root, f"{custodian}/h:id")),
        legal_authenticator=None if authenticator is None else _actor(authenticator, "h:assignedEntity"),
        practice_setting=read_code(_first(root, f"{event}/h:performer//h:standardIndustryClassCode")),
        facility=read_code(_first(root, f"{encounter}/h:location/h:healthCareFacility/h:code")),
        service_start=parse_time(_attribute(root, f"{event}/h:effectiveTime/h:low", "value")),
        service_end=parse_time(_attribute(root, f"{event}/h:effectiveTime/h:high", "value")),
        encounter_start=parse_date(_attribute(root, f"{encounter}/h:effectiveTime/h:low", "value")),
        related=_related(root),
        structured=_first(root, "h:component/h:structuredBody") is not None,
        media_type=_attribute(root, "h:component/h:nonXMLBody/h:text", "mediaType"),
    )


def extract_body(data: bytes) -> bytes:
    """Return the bytes of the unstructured body (usually a PDF) of a received CDA.

    Raises CdaWithoutBody when there is none or when it is not base64, XmlError, NotClinicalDocument.
    """
    text = _first(parse_document(data), "h:component/h:nonXMLBody/h:text")
    if text is None:
        raise CdaWithoutBody()
    try:
        content = base64.b64decode("".join((text.text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CdaWithoutBody() from error
    if not content:
        raise CdaWithoutBody()
    return content


def _patient(root: etree._Element) -> ReceivedPatient:
    role = "h:recordTarget/h:patientRole"
    person = f"{role}/h:patient"
    ids = [found for element in select(root, f"{role}/h:id") if (found := _identifier(element))]
    # Documents older than the qualifiers write a single family name: it is then the birth name.
    birth_name = _text(root, f"{person}/h:name/h:family[@qualifier='BR']") or _text(
        root, f"{person}/h:name/h:family[not(@qualifier='CL' or @qualifier='SP')]"
    )
    return ReceivedPatient(
        ins=next((item for item in ids if item.root in INS_OIDS), None),
        local_ids=tuple(item for item in ids if item.root not in INS_OIDS),
        birth_name=birth_name,
        used_name=_text(root, f"{person}/h:name/h:family[@qualifier='CL' or @qualifier='SP']"),
        given_names=" ".join(_texts(root, f"{person}/h:name/h:given[not(@qualifier)]")),
        first_given_name=_text(root, f"{person}/h:name/h:given[@qualifier='BR']"),
        used_given_name=_text(root, f"{person}/h:name/h:given[@qualifier='CL']"),
        sex=_attribute(root, f"{person}/h:administrativeGenderCode", "code"),
        birth_date=_attribute(root, f"{person}/h:birthTime", "value")[:8],
        birthplace_code=_text(root, f"{person}/h:birthplace/h:place/h:addr/h:county"),
    )


def _actor(element: etree._Element, entity: str) -> ReceivedActor:
    ids = (_identifier(item) for item in select(element, f"{entity}/h:id"))
    name = f"{entity}/h:assignedPerson/h:name"
    organization = f"{entity}/h:representedOrganization"
    device = f"{entity}/h:assignedAuthoringDevice"
    model = (_text(element, f"{device}/h:manufacturerModelName"), _text(element, f"{device}/h:softwareName"))
    return ReceivedActor(
        identifiers=tuple(item for item in ids if item),
        code=read_code(_first(element, f"{entity}/h:code")),
        name=PersonName(
            _text(element, f"{name}/h:family"),
            _text(element, f"{name}/h:given"),
            _text(element, f"{name}/h:prefix"),
            _text(element, f"{name}/h:suffix"),
        ),
        device=" ".join(part for part in model if part),
        organization=_text(element, f"{organization}/h:name"),
        organization_id=_identifier(_first(element, f"{organization}/h:id")),
        time=parse_time(_attribute(element, "h:time", "value")),
    )


def _related(root: etree._Element) -> tuple[tuple[str, Identifier], ...]:
    pairs = []
    for element in select(root, "h:relatedDocument"):
        parent = _identifier(_first(element, "h:parentDocument/h:id"))
        if parent:
            pairs.append((element.get("typeCode", ""), parent))
    return tuple(pairs)


def _first(element: etree._Element, path: str) -> etree._Element | None:
    return next(iter(select(element, path)), None)


def _attribute(element: etree._Element, path: str, name: str) -> str:
    found = _first(element, path)
    return "" if found is None else found.get(name, "").strip()


def _texts(element: etree._Element, path: str) -> list[str]:
    return [text_of(item) for item in select(element, path)]


def _text(element: etree._Element, path: str) -> str:
    return next(iter(_texts(element, path)), "")


def _identifier(element: etree._Element | None) -> Identifier | None:
    if element is None or not element.get("root"):
        return None
    return Identifier(element.get("root", ""), element.get("extension", ""))


def read_code(element: etree._Element | None) -> Code:
    """Return a coded value as it is written, empty when absent."""
    if element is None:
        return NO_CODE
    return Code(element.get("code", ""), element.get("displayName", ""), element.get("codeSystem", ""))
