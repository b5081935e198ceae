"""XDS.b: document metadata, submissions and stored queries, without transport."""

from amarre.interop.xds.decode import decode_answer, decode_document
from amarre.interop.xds.encode import (
    ReturnType,
    encode_find_documents,
    encode_get_documents,
    encode_provide_and_register,
    encode_submission,
)
from amarre.interop.xds.errors import XdsError, error_from
from amarre.interop.xds.from_cda import CdaNotDescribable, document_entry_from_cda
from amarre.interop.xds.model import (
    Association,
    AssociationKind,
    Author,
    DocumentEntry,
    EntryStatus,
    Institution,
    PatientId,
    PatientInfo,
    Person,
    PersonKind,
    RegisteredDocument,
    RegistryAnswer,
    RegistryError,
    ResponseStatus,
    Submission,
    SubmissionSet,
)

__all__ = [
    "Association",
    "AssociationKind",
    "Author",
    "CdaNotDescribable",
    "DocumentEntry",
    "EntryStatus",
    "Institution",
    "PatientId",
    "PatientInfo",
    "Person",
    "PersonKind",
    "RegisteredDocument",
    "RegistryAnswer",
    "RegistryError",
    "ResponseStatus",
    "ReturnType",
    "Submission",
    "SubmissionSet",
    "XdsError",
    "decode_answer",
    "decode_document",
    "document_entry_from_cda",
    "encode_find_documents",
    "encode_get_documents",
    "encode_provide_and_register",
    "encode_submission",
    "error_from",
]
