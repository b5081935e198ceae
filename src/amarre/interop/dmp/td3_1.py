"""TD3.1: which documents does a DMP hold (a), does it hold the one that has this identifier (b)?

Sources: SEL-MP-037 (TD3.1), IHE ITI-18, stored queries FindDocuments and GetDocuments.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from lxml import etree

from amarre.interop.dmp.errors import DmpListOfAnother
from amarre.interop.dmp.visibility import Visibility
from amarre.interop.xds import (
    DocumentFilter,
    EntryStatus,
    PatientId,
    RegisteredDocument,
    RegistryAnswer,
    ResponseStatus,
    ReturnType,
    decode_found,
    encode_find_documents,
    encode_get_documents,
    error_from,
)
from amarre.interop.xds.codes import ACTION_STORED_QUERY
from amarre.interop.xds.errors import XdsDocumentNotFound, XdsError, XdsUnreadableAnswer

SERVICE = "registry"
ACTION = ACTION_STORED_QUERY


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """The DMP holds the document. `metadata` is None when only its registry identifier was asked for."""

    entry_uuid: str
    unique_id: str
    metadata: RegisteredDocument | None = None

    def has_same_bytes(self, document: bytes) -> bool | None:
        """Compare our bytes with the SHA-1 and size the DMP computed; None when it did not give them."""
        if self.metadata is None or not self.metadata.hash_sha1:
            return None
        # SHA-1 is the XDS definition of the attribute hash (IHE ITI TF-3), not a choice of ours.
        ours = hashlib.sha1(document, usedforsecurity=False).hexdigest()
        return ours == self.metadata.hash_sha1 and self.metadata.size in (0, len(document))


# Class of what patients write (JDV_J57), prefix of the types of such documents.
_PATIENT_CLASS, _PATIENT_TYPES = "90", "DOCPAT"
# Type of the signature documents: they are not shown.
_SIGNATURE_TYPE = "E1762"
# The guide limits the first automatic search.
FIRST_SEARCH = datetime.timedelta(days=2 * 365)


@dataclass(frozen=True, slots=True)
class DmpDocument:
    """One document of a list, with what a screen must mark."""

    metadata: RegisteredDocument

    @property
    def hidden_from(self) -> frozenset[Visibility]:
        """Audiences it is hidden from."""
        known = {item.value: item for item in Visibility}
        return frozenset(known[code.code] for code in self.metadata.confidentiality if code.code in known)

    @property
    def status(self) -> EntryStatus | None:
        """Its status, None when it is not one of JDV_J52."""
        try:
            return EntryStatus(self.metadata.status)
        except ValueError:
            return None

    @property
    def by_patient(self) -> bool:
        """True when the person wrote it."""
        group, kind = self.metadata.class_code, self.metadata.type_code
        return (group is not None and group.code == _PATIENT_CLASS) or (
            kind is not None and kind.code.startswith(_PATIENT_TYPES)
        )


def first_search(now: datetime.datetime) -> DocumentFilter:
    """Return the filter of a first automatic search: current documents of the last two years."""
    return DocumentFilter(created_from=now - FIRST_SEARCH)


def build_list_query(patient: PatientId, filters: DocumentFilter) -> etree._Element:
    """Return the FindDocuments of a person, metadata included."""
    return encode_find_documents(patient, ReturnType.METADATA, filters=filters)


def read_list(payload: etree._Element, patient: PatientId) -> tuple[DmpDocument, ...]:
    """Return the documents, newest first, signatures of submission sets left out.

    Raises the XdsError of a refusal, DmpListOfAnother when one of them belongs to another person. A partial
    answer (warnings) is given as it is.
    """
    answer = decode_found(payload)
    if answer.status is ResponseStatus.FAILURE or any(not item.is_warning for item in answer.errors):
        raise _refusal(answer)
    for item in answer.documents:
        _require_owner(item, patient)
    shown = [
        DmpDocument(item)
        for item in answer.documents
        if item.type_code is None or item.type_code.code != _SIGNATURE_TYPE
    ]
    oldest = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    shown.sort(key=lambda item: item.metadata.creation_time or oldest, reverse=True)
    return tuple(shown)


def _require_owner(document: RegisteredDocument, patient: PatientId) -> None:
    """Raise DmpListOfAnother unless the document is the person's."""
    owner = document.patient_id
    if owner is None or (owner.value, owner.authority) != (patient.value, patient.authority):
        raise DmpListOfAnother()


def build_query(unique_id: str, returning: ReturnType = ReturnType.REFERENCES) -> etree._Element:
    """Return the query by uniqueId. Identifiers only by default: mode INDIRECTE may not read metadata."""
    return encode_get_documents([unique_id], returning)


def read_found(
    payload: etree._Element, unique_id: str, patient: PatientId | None = None
) -> FoundDocument | None:
    """Return the document found, None when the DMP does not hold it.

    Raises an XdsError for a refusal, XdsUnreadableAnswer for an answer about other documents,
    DmpListOfAnother when the metadata name somebody else than `patient`.
    """
    answer = decode_found(payload)
    if answer.status is not ResponseStatus.SUCCESS:
        error = _refusal(answer)
        # Some registries answer "not found" by an error: it is an answer, not a failure.
        if isinstance(error, XdsDocumentNotFound):
            return None
        raise error
    for document in answer.documents:
        if document.unique_id == unique_id:
            if patient is not None:
                _require_owner(document, patient)
            return FoundDocument(document.entry_uuid, unique_id, document)
    if answer.documents:
        raise XdsUnreadableAnswer(defect="elle décrit un autre document que celui demandé")
    if answer.references:
        return FoundDocument(answer.references[0], unique_id)
    return None


def _refusal(answer: RegistryAnswer) -> XdsError:
    """Return the first real error of an answer."""
    found = next((item for item in answer.errors if not item.is_warning), None)
    if found is None:
        return XdsUnreadableAnswer(defect="elle annonce un échec sans dire pourquoi")
    return error_from(found)
