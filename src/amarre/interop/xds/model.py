"""XDS.b metadata as values: what a submission says of its documents.

Source: CI-SIS, Volet Partage de documents de santé (French constraints on IHE ITI TF-3 §4.2). All instants
are aware datetimes; they are written in UTC.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

from amarre.interop.terminology import Code

INS_NIR_TYPE = "NH"
LOCAL_TYPE = "PI"
PS_ROOT = "1.2.250.1.71.4.2.1"
STRUCT_ROOT = "1.2.250.1.71.4.2.2"
CDA_MIME_TYPE = "text/xml"


@dataclass(frozen=True, slots=True, repr=False)
class PatientId:
    """Identifier of a person: value, OID of the authority, type (``NH`` for an INS, ``PI`` for a local one).

    Its repr hides the value: a matricule must not reach a log.
    """

    value: str
    authority: str
    kind: str = INS_NIR_TYPE

    def __repr__(self) -> str:
        return f"PatientId(value=<hidden>, authority={self.authority!r}, kind={self.kind!r})"


@dataclass(frozen=True, slots=True, repr=False)
class PatientInfo:
    """Traits copied in ``sourcePatientInfo``; never used to compute an identity. `birth_date` is AAAAMMJJ."""

    family: str
    given: str
    birth_date: str
    sex: str

    def __repr__(self) -> str:
        return "PatientInfo(<hidden>)"


class PersonKind(StrEnum):
    """XCN.10 and XCN.13 by kind of author (Volet Partage, author)."""

    PROFESSIONAL = "D^^^IDNPS"
    SYSTEM = "U^^^RI"
    PATIENT = "D^^^NH"


@dataclass(frozen=True, slots=True)
class Person:
    """A professional (identifier = PS_IdNat), a system, or a patient (identifier = INS). Names are mandatory.

    For a system: `family` is the software, `given` its model.
    """

    identifier: str
    family: str
    given: str
    kind: PersonKind = PersonKind.PROFESSIONAL
    authority: str = PS_ROOT


@dataclass(frozen=True, slots=True)
class Institution:
    """A structure; `identifier` is its Struct_IdNat."""

    name: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a document, or submits a set. `role` is the label of the functional role."""

    person: Person
    specialty: Code | None = None
    institution: Institution | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """Metadata of one document (IHE ITI TF-3 §4.2.3.2). `entry_id` is symbolic: the registry gives the UUID.

    `uri`, `hash_sha1` (hex) and `size` are written only for media interchange (XDM): the DMP computes them.
    """

    entry_id: str
    unique_id: str
    # A title is health data: kept out of logs.
    title: str = field(repr=False)
    class_code: Code
    type_code: Code
    format_code: Code
    facility_type: Code
    practice_setting: Code
    confidentiality: tuple[Code, ...]
    creation_time: datetime.datetime
    service_start: datetime.datetime
    authors: tuple[Author, ...]
    legal_authenticator: Person
    patient_id: PatientId
    source_patient_id: PatientId
    source_patient_info: PatientInfo | None = None
    service_stop: datetime.datetime | None = None
    event_codes: tuple[Code, ...] = ()
    language: str = "fr-FR"
    mime_type: str = CDA_MIME_TYPE
    comments: str = ""
    uri: str = ""
    hash_sha1: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class SubmissionSet:
    """Metadata of a submission (IHE ITI TF-3 §4.2.3.3). `source_id` is the OID of the sending system."""

    entry_id: str
    unique_id: str
    source_id: str
    submission_time: datetime.datetime
    author: Author
    content_type: Code
    patient_id: PatientId
    title: str = ""
    comments: str = ""


class AssociationKind(StrEnum):
    """ebRIM association types used (IHE ITI TF-3 §4.2.2)."""

    HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
    REPLACES = "urn:ihe:iti:2007:AssociationType:RPLC"
    SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
    # Change of status of a document already registered (SEL-MP-037, TD3.3c and TD3.3d).
    UPDATES_STATUS = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"


@dataclass(frozen=True, slots=True)
class Association:
    """A link. `source` and `target` are symbolic ids of the submission or ``urn:uuid:`` of the registry.

    `slots` are written besides SubmissionSetStatus: PreviousVersion, OriginalStatus, NewStatus.
    """

    kind: AssociationKind
    source: str
    target: str
    slots: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission set, its documents, and the links other than HasMember (added by the encoder)."""

    submission_set: SubmissionSet
    documents: tuple[DocumentEntry, ...]
    associations: tuple[Association, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredAuthor:
    """An author as a registry gives it back. `identifier` and `structure` are national identifiers.

    What the registry did not give is "" or None.
    """

    identifier: str
    name: str
    structure: str = ""
    structure_name: str = ""
    specialty: Code | None = None
    role: str = ""


class EntryStatus(StrEnum):
    """availabilityStatus (JDV_J52)."""

    APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
    DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
    ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
    DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Optional parameters of FindDocuments. Empty or None: no constraint; instants are aware.

    `author` is compared by the registry with the XCN of an author; ``%`` stands for anything.
    """

    statuses: tuple[EntryStatus, ...] = (EntryStatus.APPROVED,)
    type_codes: tuple[Code, ...] = ()
    class_codes: tuple[Code, ...] = ()
    practice_settings: tuple[Code, ...] = ()
    facility_types: tuple[Code, ...] = ()
    format_codes: tuple[Code, ...] = ()
    confidentiality: tuple[Code, ...] = ()
    event_codes: tuple[Code, ...] = ()
    created_from: datetime.datetime | None = None
    created_to: datetime.datetime | None = None
    service_start_from: datetime.datetime | None = None
    service_start_to: datetime.datetime | None = None
    service_stop_from: datetime.datetime | None = None
    service_stop_to: datetime.datetime | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredDocument:
    """A DocumentEntry as the registry gives it back. What it did not send is "", None, 0 or ()."""

    entry_uuid: str
    logical_id: str
    status: str
    version: int
    unique_id: str
    repository_unique_id: str
    patient_id: PatientId | None
    # A title is health data: kept out of logs.
    title: str = field(repr=False)
    mime_type: str
    type_code: Code | None
    class_code: Code | None
    format_code: Code | None
    confidentiality: tuple[Code, ...]
    authors: tuple[str, ...]
    creation_time: datetime.datetime | None
    hash_sha1: str
    size: int
    uri: str = ""
    comments: str = field(default="", repr=False)
    language: str = ""
    service_start: datetime.datetime | None = None
    service_stop: datetime.datetime | None = None
    facility_type: Code | None = None
    practice_setting: Code | None = None
    event_codes: tuple[Code, ...] = ()
    author_details: tuple[RegisteredAuthor, ...] = ()
    # The ExtrinsicObject as received: an update of metadata sends it back whole. Holds health data.
    raw: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class ReceivedSubmission:
    """A submission read from an XDM archive."""

    unique_id: str
    source_id: str
    patient_id: PatientId | None
    title: str
    documents: tuple[RegisteredDocument, ...]


@dataclass(frozen=True, slots=True)
class RegistryError:
    """One ``rs:RegistryError``: `context` is free text of the service and may quote what was sent."""

    code: str
    context: str
    severity: str
    location: str

    @property
    def is_warning(self) -> bool:
        """True when the service did what was asked all the same."""
        return self.severity.endswith("Warning")


class ResponseStatus(StrEnum):
    """Status of a registry answer."""

    SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
    FAILURE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
    PARTIAL = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"


@dataclass(frozen=True, slots=True)
class RetrievedDocument:
    """One document of a repository: its bytes as they arrived."""

    repository_unique_id: str
    unique_id: str
    mime_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """Answer to a submission or a query: `documents` for LeafClass, `references` (UUIDs) for ObjectRef."""

    status: ResponseStatus
    errors: tuple[RegistryError, ...] = ()
    documents: tuple[RegisteredDocument, ...] = ()
    references: tuple[str, ...] = ()
