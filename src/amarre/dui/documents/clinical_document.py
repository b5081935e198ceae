"""Our records → the CDA R2 document, around a PDF (N1) or structured (N3), checked before it is filed.

Source of the header rules: CI-SIS, Structuration minimale; value sets of the DMP (JDV_J61, J62).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from amarre.dui.documents.authors import AuthorCard
from amarre.dui.documents.errors import ConnectorIncomplete
from amarre.dui.documents.identity import ENVIRONMENTS, patient_of
from amarre.dui.organisations.models import ConnectorProfile, Essms
from amarre.dui.usagers.models import Dossier
from amarre.interop.cda import (
    Address,
    Author,
    CheckContext,
    ClinicalDocument,
    Encounter,
    Identifier,
    LegalAuthenticator,
    Organization,
    Participant,
    Professional,
    RelatedPerson,
    ServiceEvent,
    Target,
    Telecom,
    UnstructuredBody,
    encode,
    require_acceptable,
    struct_finess,
    struct_siret,
)
from amarre.interop.cda.structured import (
    COPY,
    Attachment,
    DocumentModel,
    Section,
    SectionKind,
    StructuredBody,
    complete,
)
from amarre.interop.ins import QualifiedIdentity, accepted_oids
from amarre.interop.terminology import Code, ValueSetId, value_set

# Local arcs under the establishment's root OID.
ARC_DOCUMENTS = "1"
ARC_SETS = "2"
ARC_PERSONS = "3"
# What one document may carry, its PDF copy included: the largest PDF taken in, and room for the rest.
MAX_BODY_BYTES = 12 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class VersionIdentifiers:
    """Identifiers of one version, drawn once and frozen with it."""

    unique_id: str
    set_id: str
    number: int
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredContent:
    """The structured body (N3) of a document, and who it adds to the header.

    `participants`: a treating physician, a hospital wished for. `informants`: people to warn, trusted person.
    """

    model: DocumentModel
    sections: tuple[Section, ...]
    participants: tuple[Participant, ...] = ()
    informants: tuple[RelatedPerson, ...] = ()


def build_cda(
    *,
    dossier: Dossier,
    profile: ConnectorProfile,
    leaving: QualifiedIdentity | None,
    author: AuthorCard,
    identifiers: VersionIdentifiers,
    document_type: Code,
    title: str,
    validated_at: datetime.datetime,
    act_started_at: datetime.datetime,
    pdf: bytes,
    answers: AuthorCard | None = None,
    structured: StructuredContent | None = None,
) -> bytes:
    """Return the bytes of the CDA, around `pdf` (N1) or `structured` (N3, with `pdf` as its readable copy).

    Raises ConnectorIncomplete, SectionsMissing, CdaNotAcceptable.

    `answers`: who answers for the document in the house, when its author does not. An author from elsewhere
    wrote it on the day of the act; the act is then told under the name of who answers, since the practice
    setting of another structure is not known.
    """
    essms = profile.essms
    organization = _organization(essms, profile)
    writer = _professional(author, organization)
    responsible = _professional(answers, organization) if answers else writer
    authors = [Author(time=act_started_at if author.outside else validated_at, who=writer)]
    if author.outside:
        # Whoever puts the cover answers for the whole: the DMP takes a deposit only when an author works for
        # the establishment that makes it.
        authors.append(Author(time=validated_at, who=responsible))
    document = ClinicalDocument(
        document_id=identifiers.unique_id,
        set_id=identifiers.set_id,
        version=identifiers.number,
        replaces=identifiers.replaces,
        type_code=document_type,
        title=title,
        effective_time=validated_at,
        patient=patient_of(dossier, leaving, f"{profile.root_oid}.{ARC_PERSONS}"),
        authors=tuple(authors),
        custodian=organization,
        legal_authenticator=LegalAuthenticator(time=validated_at, who=responsible),
        service_event=ServiceEvent(
            start=act_started_at,
            performer=responsible if author.outside else writer,
            code=structured.model.service_code if structured else None,
        ),
        encounter=Encounter(
            facility=_code(ValueSetId.DMP_FACILITY_TYPE, profile.healthcare_facility_type_code),
            start=dossier.entered_on,
        ),
        participants=structured.participants if structured else (),
        informants=structured.informants if structured else (),
        body=_structured_body(structured, pdf) if structured else UnstructuredBody(pdf),
        time_zone=essms.timezone,
    )
    data = encode(document)
    require_acceptable(data, _context(profile, leaving, validated_at))
    return data


def _structured_body(content: StructuredContent, pdf: bytes) -> StructuredBody:
    """Return the body with the PDF its author signed, when the model takes a copy of the document."""
    sections = content.sections
    if SectionKind.COPIE_PDF in content.model.sections:
        sections += (Section(kind=SectionKind.COPIE_PDF, entries=(Attachment(kind=COPY, data=pdf),)),)
    return complete(content.model, sections)


def _context(
    profile: ConnectorProfile, leaving: QualifiedIdentity | None, at: datetime.datetime
) -> CheckContext:
    """Return what the document is judged with: the house, the moment, the identity it must carry.

    Without an INS the document stays in the house: it is judged as a document, not as a deposit.
    """
    return CheckContext(
        target=Target.DMP if leaving is not None else Target.CISIS,
        now=at,
        accepted_ins_oids=accepted_oids(ENVIRONMENTS[profile.environment]),
        root_oid=profile.root_oid,
        structure_id=profile.essms.struct_idnat,
        max_body_bytes=MAX_BODY_BYTES,
        identity=leaving,
    )


def require_complete(profile: ConnectorProfile) -> None:
    """Raise ConnectorIncomplete, naming every setting a document cannot do without."""
    needed = {
        "OID racine": profile.root_oid,
        "type d'établissement": profile.healthcare_facility_type_code,
        "cadre d'exercice": profile.practice_setting_code,
        "FINESS ou SIRET": profile.essms.struct_idnat,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise ConnectorIncomplete(missing=", ".join(missing))


def _professional(card: AuthorCard, house: Organization) -> Professional:
    if card.outside:
        organization = card.organization
        return Professional(
            identifier=card.identifier, name=card.name, code=card.code, organization=organization
        )
    return Professional(
        identifier=card.identifier,
        name=card.name,
        code=card.code,
        organization=house,
        addresses=house.addresses,
        telecoms=house.telecoms,
    )


def _organization(essms: Essms, profile: ConnectorProfile) -> Organization:
    number = essms.struct_idnat
    identifier = struct_finess(number[1:]) if number.startswith("1") else struct_siret(number[1:])
    return Organization(
        identifier=Identifier(identifier.root, identifier.extension),
        name=essms.name,
        practice_setting=_code(ValueSetId.DMP_PRACTICE_SETTING, profile.practice_setting_code),
        addresses=(Address(lines=(essms.address, f"{essms.postal_code} {essms.city}"), use="WP"),),
        telecoms=(Telecom("tel:" + essms.phone.replace(" ", ""), "WP"),) if essms.phone else (),
    )


def _code(which: ValueSetId, code: str) -> Code:
    found = value_set(which).find(code)
    if found is None:
        raise ConnectorIncomplete(missing=f"code inconnu « {code} »")
    return found
