"""XDS.b answers read: RegistryResponse and AdhocQueryResponse.

Sources: OASIS ebXML RS 3.0 §2.1, IHE ITI TF-2 §3.18.4.1.2.7 and §3.41.4.2. Nothing here trusts the order or
the prefixes of what a registry sends.
"""

from __future__ import annotations

from lxml import etree

from amarre.interop.terminology import Code
from amarre.interop.xds import codes
from amarre.interop.xds.datatypes import parse_coded_string, parse_cx, parse_utc, parse_xcn, parse_xon
from amarre.interop.xds.errors import XdsUnreadableAnswer
from amarre.interop.xds.model import (
    ReceivedSubmission,
    RegisteredAuthor,
    RegisteredDocument,
    RegistryAnswer,
    RegistryError,
    ResponseStatus,
)

_R = f"{{{codes.RIM}}}"
_DONE = f"{{{codes.RS}}}RegistryResponse"
_FOUND = f"{{{codes.QUERY}}}AdhocQueryResponse"

# Both spellings exist in the wild: IHE's, and the OASIS prefix used by several registries.
_PARTIAL = frozenset(
    {
        "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess",
        "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:PartialSuccess",
    }
)


def decode_done(payload: etree._Element) -> RegistryAnswer:
    """Return the answer to a submission or an update: a question's answer is not one.

    Raises XdsUnreadableAnswer.
    """
    if payload.tag != _DONE:
        raise XdsUnreadableAnswer(defect=codes.ANOTHER_ANSWER)
    return decode_answer(payload)


def decode_found(payload: etree._Element) -> RegistryAnswer:
    """Return the answer to a stored query. A bare RegistryResponse may refuse one, never answer it.

    Raises XdsUnreadableAnswer.
    """
    answer = decode_answer(payload)
    if payload.tag == _DONE and answer.status is ResponseStatus.SUCCESS:
        raise XdsUnreadableAnswer(defect=codes.ANOTHER_ANSWER)
    return answer


def decode_answer(payload: etree._Element) -> RegistryAnswer:
    """Return the answer a SOAP body carries, of either kind. Raises XdsUnreadableAnswer for anything else."""
    if payload.tag not in (_DONE, _FOUND):
        raise XdsUnreadableAnswer(defect=codes.ANOTHER_ANSWER)
    objects = payload.find(f"{_R}RegistryObjectList")
    found = [] if objects is None else list(objects)
    return RegistryAnswer(
        status=_status(payload.get("status", "")),
        errors=tuple(_error(item) for item in payload.iter(f"{{{codes.RS}}}RegistryError")),
        documents=tuple(
            decode_document(item)
            for item in found
            if item.tag == f"{_R}ExtrinsicObject" and item.get("objectType") == codes.OBJECT_TYPE_DOCUMENT
        ),
        references=tuple(item.get("id", "") for item in found if item.tag == f"{_R}ObjectRef"),
    )


def decode_submission(root: etree._Element) -> ReceivedSubmission:
    """Return the submission a ``lcm:SubmitObjectsRequest`` (METADATA.XML) describes.

    Raises XdsUnreadableAnswer when the root is another element or holds no submission set.
    """
    package = root.find(f".//{_R}RegistryPackage")
    if root.tag != f"{{{codes.LCM}}}SubmitObjectsRequest" or package is None:
        raise XdsUnreadableAnswer(defect="elle ne décrit aucun envoi de documents")
    identifiers = _identifiers(package)
    return ReceivedSubmission(
        unique_id=identifiers.get(codes.SET_UNIQUE_ID, ""),
        source_id=identifiers.get(codes.SET_SOURCE_ID, ""),
        patient_id=parse_cx(identifiers.get(codes.SET_PATIENT_ID, "")),
        title=_label(package),
        documents=tuple(decode_document(item) for item in root.iter(f"{_R}ExtrinsicObject")),
    )


def _identifiers(item: etree._Element) -> dict[str, str]:
    return {
        element.get("identificationScheme", ""): element.get("value", "")
        for element in item.iterfind(f"{_R}ExternalIdentifier")
    }


def _status(text: str) -> ResponseStatus:
    if text in _PARTIAL:
        return ResponseStatus.PARTIAL
    try:
        return ResponseStatus(text)
    except ValueError as error:
        raise XdsUnreadableAnswer(defect="elle ne dit ni réussite ni échec") from error


def _error(item: etree._Element) -> RegistryError:
    return RegistryError(
        code=(item.get("errorCode") or "").strip().rpartition(":")[2],
        context=item.get("codeContext") or "",
        severity=item.get("severity") or "",
        location=item.get("location") or "",
    )


def decode_document(item: etree._Element) -> RegisteredDocument:
    """Return the document an ``ExtrinsicObject`` of a registry describes."""
    slots = _slots(item)
    coded: dict[str, list[Code]] = {}
    authors: list[str] = []
    details: list[RegisteredAuthor] = []
    for classification in item.iterfind(f"{_R}Classification"):
        scheme = classification.get("classificationScheme") or ""
        if scheme == codes.DOC_AUTHOR:
            authors += _slots(classification).get("authorPerson", [])
            details.append(_author(_slots(classification)))
        elif scheme:
            coded.setdefault(scheme, []).append(_code(classification))
    identifiers = _identifiers(item)
    version = item.find(f"{_R}VersionInfo")
    return RegisteredDocument(
        entry_uuid=item.get("id", ""),
        logical_id=item.get("lid", ""),
        status=item.get("status", ""),
        version=_integer("1" if version is None else version.get("versionName", "1")),
        unique_id=identifiers.get(codes.DOC_UNIQUE_ID, ""),
        repository_unique_id=_first(slots, "repositoryUniqueId"),
        patient_id=parse_cx(identifiers.get(codes.DOC_PATIENT_ID, "")),
        title=_label(item),
        mime_type=item.get("mimeType", ""),
        type_code=_single(coded, codes.DOC_TYPE),
        class_code=_single(coded, codes.DOC_CLASS),
        format_code=_single(coded, codes.DOC_FORMAT),
        confidentiality=tuple(coded.get(codes.DOC_CONFIDENTIALITY, [])),
        authors=tuple(authors),
        creation_time=parse_utc(_first(slots, "creationTime")),
        hash_sha1=_first(slots, "hash").lower(),
        size=_integer(_first(slots, "size")),
        uri=_first(slots, "URI"),
        comments=_label(item, "Description"),
        language=_first(slots, "languageCode"),
        service_start=parse_utc(_first(slots, "serviceStartTime")),
        service_stop=parse_utc(_first(slots, "serviceStopTime")),
        facility_type=_single(coded, codes.DOC_FACILITY),
        practice_setting=_single(coded, codes.DOC_PRACTICE),
        event_codes=tuple(coded.get(codes.DOC_EVENT, [])),
        author_details=tuple(details),
        raw=etree.tostring(item, with_tail=False),
    )


def _author(slots: dict[str, list[str]]) -> RegisteredAuthor:
    """Return an author from the slots of its classification."""
    identifier, name = parse_xcn(_first(slots, "authorPerson"))
    structure_name, structure = parse_xon(_first(slots, "authorInstitution"))
    return RegisteredAuthor(
        identifier=identifier,
        name=name,
        structure=structure,
        structure_name=structure_name,
        specialty=parse_coded_string(_first(slots, "authorSpecialty")),
        role=_first(slots, "authorRole"),
    )


def _slots(item: etree._Element) -> dict[str, list[str]]:
    return {
        slot.get("name", ""): [(value.text or "").strip() for value in slot.iter(f"{_R}Value")]
        for slot in item.iterfind(f"{_R}Slot")
    }


def _first(slots: dict[str, list[str]], name: str) -> str:
    values = slots.get(name, [])
    return values[0] if values else ""


def _integer(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def _label(item: etree._Element, name: str = "Name") -> str:
    string = item.find(f"{_R}{name}/{_R}LocalizedString")
    return "" if string is None else string.get("value", "")


def _code(item: etree._Element) -> Code:
    return Code(item.get("nodeRepresentation", ""), _label(item), _first(_slots(item), "codingScheme"))


def _single(coded: dict[str, list[Code]], scheme: str) -> Code | None:
    found = coded.get(scheme, [])
    return found[0] if found else None
