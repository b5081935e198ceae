"""Our records → the CDA R2 N1 document around a PDF, checked before it is filed.

Source of the header rules: CI-SIS, Structuration minimale; value sets of the DMP (JDV_J61, J62).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from amarre.dui.documents.authors import AuthorCard
from amarre.dui.documents.errors import ConnectorIncomplete, DocumentNotConform
from amarre.dui.documents.identity import patient_of
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
    Professional,
    ServiceEvent,
    Target,
    Telecom,
    UnstructuredBody,
    blocking,
    check,
    encode,
    struct_finess,
    struct_siret,
)
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.terminology import Code, ValueSetId, value_set

# Local arcs under the establishment's root OID.
ARC_DOCUMENTS = "1"
ARC_SETS = "2"
ARC_PERSONS = "3"


@dataclass(frozen=True, slots=True)
class VersionIdentifiers:
    """Identifiers of one version, drawn once and frozen with it."""

    unique_id: str
    set_id: str
    number: int
    replaces: str = ""


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
) -> bytes:
    """Return the bytes of the CDA. Raises ConnectorIncomplete, DocumentNotConform."""
    essms = profile.essms
    organization = _organization(essms, profile)
    professional = Professional(
        identifier=author.identifier,
        name=author.name,
        code=author.code,
        organization=organization,
        addresses=organization.addresses,
        telecoms=organization.telecoms,
    )
    document = ClinicalDocument(
        document_id=identifiers.unique_id,
        set_id=identifiers.set_id,
        version=identifiers.number,
        replaces=identifiers.replaces,
        type_code=document_type,
        title=title,
        effective_time=validated_at,
        patient=patient_of(dossier, leaving, f"{profile.root_oid}.{ARC_PERSONS}"),
        authors=(Author(time=validated_at, who=professional),),
        custodian=organization,
        legal_authenticator=LegalAuthenticator(time=validated_at, who=professional),
        service_event=ServiceEvent(start=act_started_at, performer=professional),
        encounter=Encounter(
            facility=_code(ValueSetId.DMP_FACILITY_TYPE, profile.healthcare_facility_type_code),
            start=dossier.entered_on,
        ),
        body=UnstructuredBody(pdf),
        time_zone=essms.timezone,
    )
    data = encode(document)
    # Without an INS the document stays in the house: it is judged as a document, not as a deposit.
    target = Target.DMP if leaving is not None else Target.CISIS
    faults = blocking(check(data, CheckContext(target=target)))
    if faults:
        raise DocumentNotConform(finding=faults[0].message, advice=faults[0].advice)
    return data


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
