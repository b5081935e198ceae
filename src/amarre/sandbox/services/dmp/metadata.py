"""Reads XDS.b metadata from ebRIM 3.0 and judges the attributes of a set and of its documents.

Sources: IHE ITI TF-3 §4.2 (metadata), CI-SIS "Volet Partage de documents de santé" (French constraints).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
ENTRY_TYPE = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
SET_NODE = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
REPLACE = "urn:ihe:iti:2007:AssociationType:RPLC"
SIGNS = "urn:ihe:iti:2007:AssociationType:signs"

SET_AUTHOR = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
CONTENT_TYPE = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"
SET_PATIENT = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
SET_SOURCE = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"
SET_UNIQUE = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"

AUTHOR = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
CLASS = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"
TYPE = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
FORMAT = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"
FACILITY = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
PRACTICE = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead"
EVENT = "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4"
ENTRY_PATIENT = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
ENTRY_UNIQUE = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"

OID = re.compile(r"(?=.{1,64}\Z)[0-2](\.(0|[1-9][0-9]*))+")
DATE = re.compile(r"[0-9]{8}([0-9]{4}([0-9]{2})?)?")
# CX of an INS: matricule with its key, "^^^&OID&ISO^NH", sometimes followed by a date.
CX_INS = re.compile(r"(?P<id>[0-9AB]{15})\^\^\^&(?P<oid>[0-9.]+)&ISO\^NH(\^\^[0-9]{8})?")
CX_LOCAL = re.compile(r"[^^&]+\^\^\^&[0-9.]+&ISO\^PI")
XCN = re.compile(r"[^^]+\^[^^]+\^[^^]+\^{6}&[0-9.]+&ISO\^[DU]\^\^\^(IDNPS|EI|RI|NH)")
XON = re.compile(r"[^^]+\^{5}&[0-9.]+&ISO\^(IDNST|SIREN)\^\^\^[^^]+")


@dataclass(frozen=True, slots=True)
class Coded:
    """One classification that carries a code."""

    code: str
    system: str
    label: str


@dataclass(frozen=True, slots=True)
class Author:
    """One author classification: slot name → values."""

    slots: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RegistryObject:
    """A RegistryPackage or an ExtrinsicObject, as received."""

    identifier: str
    object_type: str
    mime_type: str
    title: str
    slots: dict[str, tuple[str, ...]]
    codes: dict[str, tuple[Coded, ...]]
    authors: tuple[Author, ...]
    identifiers: dict[str, str]
    element: etree._Element

    def slot(self, name: str) -> str:
        """Return the first value of a slot, "" when it is absent."""
        return next(iter(self.slots.get(name, ())), "")

    def code(self, scheme: str) -> Coded:
        """Return the first code of a scheme, empty when it is absent."""
        return next(iter(self.codes.get(scheme, ())), Coded("", "", ""))


@dataclass(frozen=True, slots=True)
class Association:
    """One link between two objects."""

    kind: str
    source: str
    target: str
    status: str


@dataclass(frozen=True, slots=True)
class Submission:
    """The objects of one ProvideAndRegisterDocumentSetRequest."""

    sets: tuple[RegistryObject, ...]
    entries: tuple[RegistryObject, ...]
    associations: tuple[Association, ...]


def read_submission(objects: etree._Element) -> Submission:
    """Read a RegistryObjectList."""
    packages = [read_object(item) for item in objects.findall(f"{{{RIM}}}RegistryPackage")]
    nodes = {
        item.get("classifiedObject", "")
        for item in objects.iter(f"{{{RIM}}}Classification")
        if item.get("classificationNode") == SET_NODE
    }
    entries = [read_object(item) for item in objects.findall(f"{{{RIM}}}ExtrinsicObject")]
    links = [
        Association(
            kind=item.get("associationType", ""),
            source=item.get("sourceObject", ""),
            target=item.get("targetObject", ""),
            status=_slots(item).get("SubmissionSetStatus", ("",))[0],
        )
        for item in objects.findall(f"{{{RIM}}}Association")
    ]
    return Submission(
        sets=tuple(item for item in packages if item.identifier in nodes),
        entries=tuple(item for item in entries if item.object_type == ENTRY_TYPE),
        associations=tuple(links),
    )


def read_object(element: etree._Element) -> RegistryObject:
    """Read a RegistryPackage or an ExtrinsicObject."""
    codes: dict[str, tuple[Coded, ...]] = {}
    authors: list[Author] = []
    for item in element.findall(f"{{{RIM}}}Classification"):
        scheme = item.get("classificationScheme", "")
        slots = _slots(item)
        if scheme in {AUTHOR, SET_AUTHOR}:
            authors.append(Author(slots))
        elif scheme:
            system = slots.get("codingScheme", ("",))[0]
            coded = Coded(item.get("nodeRepresentation", ""), system, _localized(item, "Name"))
            codes[scheme] = (*codes.get(scheme, ()), coded)
    return RegistryObject(
        identifier=element.get("id", ""),
        object_type=element.get("objectType", ""),
        mime_type=element.get("mimeType", ""),
        title=_localized(element, "Name"),
        slots=_slots(element),
        codes=codes,
        authors=tuple(authors),
        identifiers={
            item.get("identificationScheme", ""): item.get("value", "")
            for item in element.findall(f"{{{RIM}}}ExternalIdentifier")
        },
        element=element,
    )


def _slots(element: etree._Element) -> dict[str, tuple[str, ...]]:
    return {
        slot.get("name", ""): tuple((item.text or "").strip() for item in slot.iter(f"{{{RIM}}}Value"))
        for slot in element.findall(f"{{{RIM}}}Slot")
    }


def _localized(element: etree._Element, name: str) -> str:
    found = element.find(f"{{{RIM}}}{name}/{{{RIM}}}LocalizedString")
    return "" if found is None else found.get("value", "")
