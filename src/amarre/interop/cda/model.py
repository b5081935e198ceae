"""What a CDA R2 document says, as frozen values.

Source: ANS, CI-SIS, Volet Structuration minimale des documents de santé, V1.16.8 (05/05/2026). Times are
aware datetimes; the encoder writes them in the local time of the document (`ClinicalDocument.time_zone`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TypeAlias

from amarre.interop.cda.parts import Address, Identifier, Organization, PersonName, Professional, Telecom
from amarre.interop.cda.structured.model import StructuredBody
from amarre.interop.ins.outgoing import QualifiedIdentity
from amarre.interop.ins.traits import Traits
from amarre.interop.terminology import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """A legal representative: a person (`name`) or a service (`organization`), exactly one of the two."""

    name: PersonName | None = None
    organization: Organization | None = None
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()

    def __post_init__(self) -> None:
        if (self.name is None) == (self.organization is None):
            raise ValueError("a guardian is either a person or an organization")


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeFacts:
    """Death and multiple birth (SDTC extensions); None for what is not known.

    `birth_order` is the rank among the children of a multiple birth. Raises ValueError when a date of death
    or a rank contradicts what is said of the fact itself.
    """

    deceased: bool | None = None
    deceased_on: datetime.date | None = None
    multiple_birth: bool | None = None
    birth_order: int | None = None

    def __post_init__(self) -> None:
        if self.deceased_on and not self.deceased:
            raise ValueError("a date of death is given for someone deceased")
        if self.birth_order is not None and not self.multiple_birth:
            raise ValueError("a rank is given for a multiple birth")


@dataclass(frozen=True, slots=True, kw_only=True)
class QualifiedPatient:
    """A usager whose identity is qualified: the only one whose document carries the matricule.

    `birthplace_name` is the label of the COG code of the identity, or empty.
    """

    identity: QualifiedIdentity
    local_ids: tuple[Identifier, ...] = ()
    birthplace_name: str = ""
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    guardians: tuple[Guardian, ...] = ()
    facts: LifeFacts = LifeFacts()

    @property
    def traits(self) -> Traits:
        """The strict traits of the qualified identity."""
        return self.identity.traits


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPatient:
    """A usager whose identity is not qualified: traits and local identifier, never a matricule."""

    traits: Traits
    local_ids: tuple[Identifier, ...]
    birthplace_name: str = ""
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    guardians: tuple[Guardian, ...] = ()
    facts: LifeFacts = LifeFacts()

    def __post_init__(self) -> None:
        if not self.local_ids:
            raise ValueError("a person without a qualified identity is designated by a local identifier")


Patient: TypeAlias = QualifiedPatient | LocalPatient


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoringSystem:
    """A system of the structure acting as author (code ``LOGICIEL_DUI``, ``DISPOSITIF`` or ``AUTOMATE``)."""

    identifier: Identifier
    code: Code
    model_name: str
    software_name: str
    organization: Organization | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientActor:
    """The person concerned acting: author of an own document, or informant. `name` as used every day."""

    patient: Patient
    name: PersonName


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote the document, and when."""

    time: datetime.datetime
    who: Professional | AuthoringSystem | PatientActor


@dataclass(frozen=True, slots=True, kw_only=True)
class DataEnterer:
    """Who typed the document for its author, and when if known."""

    who: Professional
    time: datetime.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticator:
    """Someone who attests the document beside the one who answers for it, and when."""

    time: datetime.datetime
    who: Professional


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalAuthenticator:
    """The professional who answers for the document, and when it was validated."""

    time: datetime.datetime
    who: Professional


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedPerson:
    """Someone around the usager; `role` from the informant roles (CON, NOK, ECON, CAREGIVER, PAT).

    `relation_text` makes a relation precise and never stands without its code. Raises ValueError.
    """

    role: str
    name: PersonName
    relation: Code | None = None
    relation_text: str = ""
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()

    def __post_init__(self) -> None:
        if self.relation_text and self.relation is None:
            raise ValueError("the text of a relation comes with its code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Another professional or structure concerned. `type_code` from JDV_J144, `class_code` from JDV_J141.

    `function` (JDV_J47) replaces that of the professional; `function_text` makes it precise.
    """

    type_code: str
    who: Professional | Organization
    class_code: str = "PROV"
    start: datetime.datetime | None = None
    end: datetime.datetime | None = None
    function: Code | None = None
    function_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A professional the document is meant for."""

    who: Professional


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEvent:
    """The act documented. The performer's organization carries the practice setting (JDV_J04 or J62)."""

    start: datetime.datetime
    performer: Professional
    end: datetime.datetime | None = None
    code: Code | None = None
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherEvent:
    """Another act documented, beside the main one: it becomes an XDS eventCode."""

    code: Code
    start: datetime.date | None = None
    end: datetime.date | None = None
    performer: Professional | None = None
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterParticipant:
    """A professional of the stay. `type_code` from JDV_J140."""

    type_code: str
    who: Professional


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """The stay or follow-up. `facility` from JDV_J02 (J61 for the DMP); dates or aware datetimes.

    `discharge`: how the stay ended (code system 1.2.250.1.213.2.14). `responsible`: who answers for it.
    """

    facility: Code
    facility_category: Code | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None
    code: Code | None = None
    identifiers: tuple[Identifier, ...] = ()
    discharge: Code | None = None
    responsible: Professional | None = None
    participants: tuple[EncounterParticipant, ...] = ()


@dataclass(frozen=True, slots=True)
class UnstructuredBody:
    """The body of an N1 document: a PDF/A-1 file, byte for byte."""

    data: bytes = field(repr=False)
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalDocument:
    """A document ready to be encoded: around a file (N1), or structured (N3).

    `document_id` and `set_id` are OIDs under the root of the establishment; `replaces` is the document id of
    the previous version when `version` is above 1. `orders`: Order Placer Numbers of what was asked for.
    `consents`: consents that go with the document. Raises ValueError when the first three disagree, or when
    a time is naive.
    """

    document_id: str
    set_id: str
    version: int
    type_code: Code
    title: str
    effective_time: datetime.datetime
    patient: Patient
    authors: tuple[Author, ...]
    custodian: Organization
    legal_authenticator: LegalAuthenticator
    service_event: ServiceEvent
    encounter: Encounter
    body: UnstructuredBody | StructuredBody
    replaces: str = ""
    confidentiality: str = "N"
    data_enterer: DataEnterer | None = None
    informants: tuple[RelatedPerson | Professional | PatientActor, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    authenticators: tuple[Authenticator, ...] = ()
    participants: tuple[Participant, ...] = ()
    orders: tuple[Identifier, ...] = ()
    further_events: tuple[FurtherEvent, ...] = ()
    consents: tuple[Code, ...] = ()
    time_zone: str = "Europe/Paris"

    def __post_init__(self) -> None:
        if (self.version > 1) != bool(self.replaces):
            raise ValueError("a version above 1, and only that, replaces a previous document")
        if self.version < 1:
            raise ValueError("versions start at 1")
        if not self.authors:
            raise ValueError("a document has at least one author")
        times = [self.effective_time, self.legal_authenticator.time, self.service_event.start]
        times += [author.time for author in self.authors]
        times += [authenticator.time for authenticator in self.authenticators]
        if any(time.tzinfo is None for time in times):
            raise ValueError("times are aware datetimes")
