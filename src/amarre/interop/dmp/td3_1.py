"""TD3.1b: does the DMP hold the document that has this identifier?

Sources: SEL-MP-037 (TD3.1), IHE ITI-18, stored query GetDocuments.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from lxml import etree

from amarre.interop.xds import (
    RegisteredDocument,
    RegistryAnswer,
    ResponseStatus,
    ReturnType,
    decode_answer,
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


def build_query(unique_id: str, returning: ReturnType = ReturnType.REFERENCES) -> etree._Element:
    """Return the query by uniqueId. Identifiers only by default: mode INDIRECTE may not read metadata."""
    return encode_get_documents([unique_id], returning)


def read_found(payload: etree._Element, unique_id: str) -> FoundDocument | None:
    """Return the document found, None when the DMP does not hold it.

    Raises an XdsError for a refusal, XdsUnreadableAnswer for an answer about other documents.
    """
    answer = decode_answer(payload)
    if answer.status is not ResponseStatus.SUCCESS:
        error = _refusal(answer)
        # Some registries answer "not found" by an error: it is an answer, not a failure.
        if isinstance(error, XdsDocumentNotFound):
            return None
        raise error
    for document in answer.documents:
        if document.unique_id == unique_id:
            return FoundDocument(document.entry_uuid, unique_id, document)
    if answer.documents:
        raise XdsUnreadableAnswer()
    if answer.references:
        return FoundDocument(answer.references[0], unique_id)
    return None


def _refusal(answer: RegistryAnswer) -> XdsError:
    """Return the first real error of an answer."""
    found = next((item for item in answer.errors if not item.is_warning), None)
    return XdsUnreadableAnswer() if found is None else error_from(found)
