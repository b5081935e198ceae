"""What a CDA R2 document says, as frozen values.

Source: ANS, CI-SIS, Volet Structuration minimale des documents de santé, V1.16.8 (05/05/2026). Times are
aware datetimes; the encoder writes them in the local time of the document (`ClinicalDocument.time_zone`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TypeAlias

from amarre.interop.ins.outgoing import QualifiedIdentity
from amarre.interop.ins.traits import Traits
from amarre.interop.terminology import Code


@dataclass(frozen=True, slots=True)
class Identifier:
    """An HL7 instance identifier: OID of the authority and value given by it (empty: the OID alone)."""

    root: str
    extension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address: structured parts, or free `lines` (7 at most) when the parts are not known."""

    use: str = ""
    lines: tuple[str, ...] = ()
    house_number: str = ""
    street_name: str = ""
    additional: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Telecom:
    """A telephone, fax, mail or web address; `value` starts with its prefix (``tel:``, ``mailto:``…)."""

    value: str
    use: str = ""


@dataclass(frozen=True, slots=True)
class PersonName:
    """Name of a person other than the patient. `prefix` from JDV_J245, `suffix` from JDV_J246."""

    family: str
    given: str = ""
    prefix: str = ""
    suffix: str = ""


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

    def __post_init__(self) -> None:
        if not self.local_ids:
            raise ValueError("a person without a qualified identity is designated by a local identifier")


Patient: TypeAlias = QualifiedPatient | LocalPatient


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A structure. `identifier` is its Struct_IdNat (see `amarre.interop.cda.codes`)."""

    identifier: Identifier
    name: str
    practice_setting: Code | None = None
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Professional:
    """A professional in a structure. `identifier` is the PS_IdNat, `code` comes from JDV_J01."""

    identifier: Identifier
    name: PersonName
    code: Code | None
    organization: Organization | None
    function: Code | None = None
    other_ids: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoringSystem:
    """A system of the structure acting as author (code ``LOGICIEL_DUI``, ``DISPOSITIF`` or ``AUTOMATE``)."""

    identifier: Identifier
    code: Code
    model_name: str
    software_name: str
    organization: Organization | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote the document, and when."""

    time: datetime.datetime
    who: Professional | AuthoringSystem


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
    """Another professional concerned. `type_code` from JDV_J144, `class_code` from JDV_J141."""

    type_code: str
    who: Professional
    class_code: str = "PROV"
    start: datetime.datetime | None = None
    end: datetime.datetime | None = None


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
class Encounter:
    """The stay or follow-up. `facility` from JDV_J02 (J61 for the DMP); dates or aware datetimes."""

    facility: Code
    facility_category: Code | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None
    code: Code | None = None
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class UnstructuredBody:
    """The body of an N1 document: a PDF/A-1 file, byte for byte."""

    data: bytes = field(repr=False)
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalDocument:
    """An unstructured (N1) document ready to be encoded.

    `document_id` and `set_id` are OIDs under the root of the establishment; `replaces` is the document id of
    the previous version when `version` is above 1. Raises ValueError when these three disagree, or when a
    time is naive.
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
    body: UnstructuredBody
    replaces: str = ""
    confidentiality: str = "N"
    informants: tuple[RelatedPerson, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    participants: tuple[Participant, ...] = ()
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
        if any(time.tzinfo is None for time in times):
            raise ValueError("times are aware datetimes")
