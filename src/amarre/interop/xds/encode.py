"""XDS.b messages written: submission (ITI-41) and stored queries (ITI-18).

Sources: IHE ITI TF-2 §3.41 and §3.18, TF-3 §4.2, OASIS ebXML RIM 3.0; French constraints of the Volet
Partage.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from lxml import etree

from amarre.interop.common.mtom import include
from amarre.interop.common.xml import default_namespace, parse_foreign
from amarre.interop.terminology import Code
from amarre.interop.xds import codes, datatypes
from amarre.interop.xds.model import (
    Association,
    AssociationKind,
    Author,
    DocumentEntry,
    DocumentFilter,
    EntryStatus,
    PatientId,
    Submission,
    SubmissionSet,
)

_R = f"{{{codes.RIM}}}"


class ReturnType(StrEnum):
    """What a stored query asks for: whole metadata, or identifiers only."""

    METADATA = "LeafClass"
    REFERENCES = "ObjectRef"


class _Builder:
    """Builds ebRIM objects with identifiers unique inside one request, in document order."""

    def __init__(self) -> None:
        self._classifications = itertools.count(1)
        self._identifiers = itertools.count(1)
        self._associations = itertools.count(1)

    def slot(self, parent: etree._Element, name: str, values: Iterable[str]) -> None:
        """Append a Slot; nothing when every value is empty."""
        kept = [value for value in values if value]
        if kept:
            slot = etree.SubElement(parent, _R + "Slot", name=name)
            listing = etree.SubElement(slot, _R + "ValueList")
            for value in kept:
                etree.SubElement(listing, _R + "Value").text = value

    def text(self, parent: etree._Element, name: str, value: str) -> None:
        """Append a Name or Description; nothing when it is empty."""
        if value:
            holder = etree.SubElement(parent, _R + name)
            string = etree.SubElement(holder, _R + "LocalizedString", charset="UTF8", value=value)
            string.set(f"{{{codes.XML_NS}}}lang", "FR")

    def code(self, parent: etree._Element, scheme: str, code: Code) -> None:
        """Append the classification of a coded attribute."""
        element = self._classification(parent, scheme)
        element.set("nodeRepresentation", code.code)
        self.slot(element, "codingScheme", [code.system])
        self.text(element, "Name", code.display)

    def author(self, parent: etree._Element, scheme: str, author: Author) -> None:
        """Append the classification of an author."""
        element = self._classification(parent, scheme)
        self.slot(element, "authorPerson", [datatypes.xcn(author.person)])
        if author.institution is not None:
            self.slot(element, "authorInstitution", [datatypes.xon(author.institution)])
        if author.role:
            self.slot(element, "authorRole", [datatypes.escape(author.role)])
        if author.specialty is not None:
            self.slot(element, "authorSpecialty", [datatypes.coded_string(author.specialty)])

    def node(self, parent: etree._Element, node: str) -> None:
        """Append the classification that makes a RegistryPackage a SubmissionSet."""
        element = etree.SubElement(parent, _R + "Classification")
        element.set("id", f"classification{next(self._classifications)}")
        element.set("classifiedObject", parent.get("id") or "")
        element.set("classificationNode", node)

    def identifier(self, parent: etree._Element, scheme: str, name: str, value: str) -> None:
        """Append an ExternalIdentifier."""
        element = etree.SubElement(parent, _R + "ExternalIdentifier")
        element.set("id", f"identifier{next(self._identifiers)}")
        element.set("registryObject", parent.get("id") or "")
        element.set("identificationScheme", scheme)
        element.set("value", value)
        self.text(element, "Name", name)

    def association(self, parent: etree._Element, link: Association) -> None:
        """Append an Association; SubmissionSetStatus travels with those whose target is in the submission."""
        element = etree.SubElement(parent, _R + "Association")
        element.set("id", f"association{next(self._associations)}")
        element.set("associationType", link.kind.value)
        element.set("sourceObject", link.source)
        element.set("targetObject", link.target)
        if link.kind in (AssociationKind.HAS_MEMBER, AssociationKind.SIGNS):
            self.slot(element, "SubmissionSetStatus", ["Original"])
        for name, value in link.slots:
            self.slot(element, name, [value])

    def _classification(self, parent: etree._Element, scheme: str) -> etree._Element:
        element = etree.SubElement(parent, _R + "Classification")
        element.set("id", f"classification{next(self._classifications)}")
        element.set("classifiedObject", parent.get("id") or "")
        element.set("classificationScheme", scheme)
        return element


def encode_submission(submission: Submission) -> etree._Element:
    """Return the ``lcm:SubmitObjectsRequest`` of a submission. HasMember associations are added.

    The same element is the METADATA.XML of an XDM archive and the first child of an ITI-41 request. Raises
    ValueError for a naive time or an author without name.
    """
    root = etree.Element(
        f"{{{codes.LCM}}}SubmitObjectsRequest", nsmap=default_namespace(codes.RIM, lcm=codes.LCM)
    )
    objects = etree.SubElement(root, _R + "RegistryObjectList")
    build = _Builder()
    _package(build, objects, submission.submission_set)
    for entry in submission.documents:
        _extrinsic(build, objects, entry)
    members = (
        Association(AssociationKind.HAS_MEMBER, submission.submission_set.entry_id, entry.entry_id)
        for entry in submission.documents
    )
    for link in (*members, *submission.associations):
        build.association(objects, link)
    return root


def encode_update(
    submission_set: SubmissionSet,
    associations: Iterable[Association],
    registered: Iterable[etree._Element] = (),
) -> etree._Element:
    """Return the ``lcm:SubmitObjectsRequest`` of ITI-57: a set, objects of the registry (moved), links.

    HasMember links of the objects are the caller's: they carry PreviousVersion.
    """
    root = etree.Element(
        f"{{{codes.LCM}}}SubmitObjectsRequest", nsmap=default_namespace(codes.RIM, lcm=codes.LCM)
    )
    objects = etree.SubElement(root, _R + "RegistryObjectList")
    build = _Builder()
    _package(build, objects, submission_set)
    objects.extend(registered)
    for link in associations:
        build.association(objects, link)
    return root


def with_confidentiality(raw: bytes, confidentiality: Iterable[Code], *, entry_id: str) -> etree._Element:
    """Return an ExtrinsicObject of the registry with another list of confidentiality codes.

    `raw` is `RegisteredDocument.raw`. The object takes the symbolic `entry_id`; its logical identifier and
    everything else stay as the registry gave them. Raises an XmlError when `raw` is not XML.
    """
    element = parse_foreign(raw)
    old = element.get("id") or ""
    element.set("id", entry_id)
    for child in element.iter():
        for name in ("classifiedObject", "registryObject"):
            if isinstance(child.tag, str) and child.get(name) == old:
                child.set(name, entry_id)
    place = len(element)
    for position, child in enumerate(list(element)):
        if child.tag == _R + "Classification":
            place = min(place, position)
            if child.get("classificationScheme") == codes.DOC_CONFIDENTIALITY:
                element.remove(child)
    holder = etree.Element(_R + "ExtrinsicObject", id=entry_id)
    build = _Builder()
    for code in confidentiality:
        build.code(holder, codes.DOC_CONFIDENTIALITY, code)
    for number, child in enumerate(list(holder)):
        child.set("id", f"confidentiality{number + 1}")
        element.insert(place + number, child)
    return element


def _package(build: _Builder, objects: etree._Element, item: SubmissionSet) -> None:
    """Append the RegistryPackage of the submission set."""
    package = etree.SubElement(objects, _R + "RegistryPackage", id=item.entry_id)
    build.slot(package, "submissionTime", [datatypes.utc(item.submission_time)])
    build.text(package, "Name", item.title)
    build.text(package, "Description", item.comments)
    build.author(package, codes.SET_AUTHOR, item.author)
    build.code(package, codes.SET_CONTENT_TYPE, item.content_type)
    build.node(package, codes.NODE_SUBMISSION_SET)
    build.identifier(
        package, codes.SET_PATIENT_ID, "XDSSubmissionSet.patientId", datatypes.cx(item.patient_id)
    )
    build.identifier(package, codes.SET_SOURCE_ID, "XDSSubmissionSet.sourceId", item.source_id)
    build.identifier(package, codes.SET_UNIQUE_ID, "XDSSubmissionSet.uniqueId", item.unique_id)


def _extrinsic(build: _Builder, objects: etree._Element, entry: DocumentEntry) -> None:
    """Append the ExtrinsicObject of a document."""
    element = etree.SubElement(objects, _R + "ExtrinsicObject", id=entry.entry_id)
    element.set("mimeType", entry.mime_type)
    element.set("objectType", codes.OBJECT_TYPE_DOCUMENT)
    for name, values in _document_slots(entry).items():
        build.slot(element, name, values)
    build.text(element, "Name", entry.title)
    build.text(element, "Description", entry.comments)
    for author in entry.authors:
        build.author(element, codes.DOC_AUTHOR, author)
    build.code(element, codes.DOC_CLASS, entry.class_code)
    build.code(element, codes.DOC_TYPE, entry.type_code)
    for code in entry.confidentiality:
        build.code(element, codes.DOC_CONFIDENTIALITY, code)
    build.code(element, codes.DOC_FORMAT, entry.format_code)
    build.code(element, codes.DOC_FACILITY, entry.facility_type)
    build.code(element, codes.DOC_PRACTICE, entry.practice_setting)
    for code in entry.event_codes:
        build.code(element, codes.DOC_EVENT, code)
    build.identifier(
        element, codes.DOC_PATIENT_ID, "XDSDocumentEntry.patientId", datatypes.cx(entry.patient_id)
    )
    build.identifier(element, codes.DOC_UNIQUE_ID, "XDSDocumentEntry.uniqueId", entry.unique_id)


def _document_slots(entry: DocumentEntry) -> Mapping[str, Sequence[str]]:
    """Return the slots of a document in alphabetical order of names, empty values included."""
    info = entry.source_patient_info
    stop = entry.service_stop
    return {
        "URI": [entry.uri],
        "creationTime": [datatypes.utc(entry.creation_time)],
        "hash": [entry.hash_sha1],
        "languageCode": [entry.language],
        "legalAuthenticator": [datatypes.xcn(entry.legal_authenticator)],
        "serviceStartTime": [datatypes.utc(entry.service_start)],
        "serviceStopTime": [] if stop is None else [datatypes.utc(stop)],
        "size": [str(entry.size)] if entry.size else [],
        "sourcePatientId": [datatypes.cx(entry.source_patient_id)],
        "sourcePatientInfo": () if info is None else datatypes.source_patient_info(info),
    }


def encode_provide_and_register(metadata: etree._Element, content_ids: Mapping[str, str]) -> etree._Element:
    """Return the ITI-41 request around a ``lcm:SubmitObjectsRequest`` (moved, not copied).

    `content_ids` maps the symbolic id of each document to the Content-ID of the MIME part that carries it.
    """
    request = etree.Element(
        f"{{{codes.XDSB}}}ProvideAndRegisterDocumentSetRequest", nsmap={"xdsb": codes.XDSB}
    )
    request.append(metadata)
    for entry_id, content_id in content_ids.items():
        document = etree.SubElement(request, f"{{{codes.XDSB}}}Document", id=entry_id)
        document.append(include(content_id))
    return request


def encode_get_documents(unique_ids: Sequence[str], returning: ReturnType) -> etree._Element:
    """Return the stored query GetDocuments by uniqueId (TD3.1b when one identifier)."""
    values = [f"({_quoted(unique_id)})" for unique_id in unique_ids]
    return _query(codes.GET_DOCUMENTS, returning, {"$XDSDocumentEntryUniqueId": values})


def encode_find_documents(
    patient: PatientId,
    returning: ReturnType = ReturnType.METADATA,
    *,
    statuses: Sequence[EntryStatus] = (EntryStatus.APPROVED,),
    type_codes: Sequence[Code] = (),
    filters: DocumentFilter | None = None,
) -> etree._Element:
    """Return the stored query FindDocuments of one patient (TD3.1a).

    `filters` adds the optional parameters; its own statuses and types replace the two arguments.
    """
    if filters is not None:
        statuses, type_codes = filters.statuses, filters.type_codes
    slots: dict[str, Sequence[str]] = {
        # One value, without parentheses: the parameter is not multi-valued.
        "$XDSDocumentEntryPatientId": [_quoted(datatypes.cx(patient))],
        "$XDSDocumentEntryStatus": ["(" + ",".join(_quoted(status.value) for status in statuses) + ")"],
    }
    if type_codes:
        slots["$XDSDocumentEntryTypeCode"] = [_listed(type_codes)]
    if filters is not None:
        slots |= _filter_slots(filters)
    return _query(codes.FIND_DOCUMENTS, returning, slots)


def _filter_slots(filters: DocumentFilter) -> dict[str, Sequence[str]]:
    """Return the optional parameters of FindDocuments (TF-2 §3.18.4.1.2.3.7.1); dates in UTC."""
    coded = {
        "ClassCode": filters.class_codes,
        "PracticeSettingCode": filters.practice_settings,
        "HealthcareFacilityTypeCode": filters.facility_types,
        "FormatCode": filters.format_codes,
        "ConfidentialityCode": filters.confidentiality,
        "EventCodeList": filters.event_codes,
    }
    slots: dict[str, Sequence[str]] = {
        f"$XDSDocumentEntry{name}": [_listed(values)] for name, values in coded.items() if values
    }
    instants = {
        "CreationTimeFrom": filters.created_from,
        "CreationTimeTo": filters.created_to,
        "ServiceStartTimeFrom": filters.service_start_from,
        "ServiceStartTimeTo": filters.service_start_to,
        "ServiceStopTimeFrom": filters.service_stop_from,
        "ServiceStopTimeTo": filters.service_stop_to,
    }
    for name, instant in instants.items():
        if instant is not None:
            slots[f"$XDSDocumentEntry{name}"] = [_quoted(datatypes.utc(instant))]
    if filters.author:
        slots["$XDSDocumentEntryAuthorPerson"] = [f"({_quoted(filters.author)})"]
    return slots


def _listed(values: Sequence[Code]) -> str:
    return "(" + ",".join(_quoted(f"{code.code}^^{code.system}") for code in values) + ")"


def _quoted(value: str) -> str:
    """Return a value between quotes; a quote inside is doubled (TF-2 §3.18.4.1.2.3.5)."""
    return "'" + value.replace("'", "''") + "'"


def _query(query_id: str, returning: ReturnType, slots: Mapping[str, Sequence[str]]) -> etree._Element:
    """Return an AdhocQueryRequest."""
    root = etree.Element(
        f"{{{codes.QUERY}}}AdhocQueryRequest", nsmap=default_namespace(codes.RIM, query=codes.QUERY)
    )
    etree.SubElement(
        root, f"{{{codes.QUERY}}}ResponseOption", returnComposedObjects="true", returnType=returning.value
    )
    query = etree.SubElement(root, _R + "AdhocQuery", id=query_id)
    build = _Builder()
    for name, values in slots.items():
        build.slot(query, name, values)
    return root
