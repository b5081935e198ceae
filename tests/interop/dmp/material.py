"""What the DMP tests share: throw-away certificates, a qualified identity of the cast, a document, a profile.

The certificates have the shape of IGC-Santé: an authority, and a signature certificate whose OU is the
Struct_IdNat of the establishment.
"""

from __future__ import annotations

import datetime
import functools

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from amarre.cast.organisation import ASSOCIATION, ESTABLISHMENTS, Establishment
from amarre.cast.usagers import USAGERS, CastUsager
from amarre.interop.cda import (
    Author,
    ClinicalDocument,
    Encounter,
    Identifier,
    LegalAuthenticator,
    Organization,
    PersonName,
    Professional,
    QualifiedPatient,
    ServiceEvent,
    UnstructuredBody,
    encode,
    ps_rpps,
    struct_finess,
)
from amarre.interop.dmp import Actor, DmpProfile, SigningCredentials, Software, Structure
from amarre.interop.ins import QualifiedIdentity, qualified_identity
from amarre.interop.ins.matricule import Environment, Ins, ins_oid, matricule_received
from amarre.interop.ins.status import IdentityState
from amarre.interop.ins.traits import BirthDate, Sexe, Traits
from amarre.interop.terminology import Code, ValueSetId, value_set

HOUSE = ESTABLISHMENTS[0]
PERSON = next(item for item in USAGERS if item.matricule and item.insi == "found")
ROOT_OID = f"{ASSOCIATION.root_oid}.{HOUSE.oid_arc}"
DOCUMENT_OID = f"{ROOT_OID}.7.1"
BASE_URL = "https://dmp.example/si-dmp-server/v2/services"
NOW = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)
NURSE = Code("60", "Infirmier", "1.2.250.1.71.1.2.7")
NURSE_SPECIALTY = Code("G15_60", "Infirmier", "1.2.250.1.213.1.1.4.5")


def _name(common_name: str, unit: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "Finistère (29)"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ASSOCIATION.name),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _issue(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    signer: rsa.RSAPrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2035, 1, 1, tzinfo=datetime.UTC))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=not authority,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=authority,
                crl_sign=authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(signer, hashes.SHA256())
    )


@functools.cache
def credentials(unit: str = HOUSE.struct_idnat) -> SigningCredentials:
    """Return the signature certificate of a structure, its key and its authority."""
    authority_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    authority_name = _name("AC DE TEST", "0002 187512751")
    authority = _issue(authority_name, authority_name, authority_key, authority_key, authority=True)
    leaf = _issue(_name("cachet.test.example", unit), authority_name, key, authority_key, authority=False)
    return SigningCredentials(key, leaf, (authority,))


def identity() -> QualifiedIdentity:
    """Return the qualified identity of the person of these tests."""
    return identity_of(PERSON)


def identity_of(person: CastUsager) -> QualifiedIdentity:
    """Return the qualified identity of a person of the cast."""
    matricule, _ = matricule_received(person.matricule, person.cle)
    return qualified_identity(
        state=IdentityState(insi=True, coherence=True),
        ins=Ins(matricule, ins_oid(person.ins_oid)),
        traits=Traits(
            nom_naissance=person.nom_naissance,
            prenoms=person.prenoms,
            sexe=Sexe(person.sexe),
            date_naissance=BirthDate(person.date_naissance),
            lieu_naissance=person.lieu_naissance,
            premier_prenom=person.premier_prenom,
        ),
        environment=Environment.QUALIFICATION,
    )


def document(
    *,
    unique_id: str = DOCUMENT_OID,
    type_code: str = "80788-3",
    body: bytes = b"%PDF-1.4\n",
    written: datetime.datetime = NOW - datetime.timedelta(minutes=5),
    house: Establishment = HOUSE,
) -> bytes:
    """Return a CDA N1 of the person above, written by the kit's own encoder."""
    facility = value_set(ValueSetId.FACILITY_TYPE).get(house.facility_type)
    practice = value_set(ValueSetId.PRACTICE_SETTING).get(house.practice_setting)
    structure = Organization(
        identifier=struct_finess(house.finess_eg), name=house.name, practice_setting=practice
    )
    nurse = Professional(
        identifier=ps_rpps("99700000013"),
        name=PersonName(family="ROUX", given="Claire"),
        code=NURSE_SPECIALTY,
        organization=structure,
    )
    return encode(
        ClinicalDocument(
            document_id=unique_id,
            set_id=f"{ROOT_OID}.9.1",
            version=1,
            type_code=value_set(ValueSetId.TYPE_CODE).get(type_code),
            title="Projet personnalisé d'accompagnement 2026",
            effective_time=written,
            patient=QualifiedPatient(
                identity=identity(), local_ids=(Identifier(root=f"{ROOT_OID}.1", extension="USG-000042"),)
            ),
            authors=(Author(time=written, who=nurse),),
            custodian=structure,
            legal_authenticator=LegalAuthenticator(time=written, who=nurse),
            service_event=ServiceEvent(start=written - datetime.timedelta(hours=1), performer=nurse),
            encounter=Encounter(facility=facility),
            body=UnstructuredBody(data=body),
        )
    )


def actor() -> Actor:
    """Return the nurse who deposits."""
    return Actor(
        identifier="899700000013",
        family_name="ROUX",
        given_name="Claire",
        roles=(NURSE,),
        specialty=NURSE_SPECIALTY,
        authenticated_at=NOW - datetime.timedelta(hours=1),
    )


def profile(**changes: object) -> DmpProfile:
    """Return the connector profile of the establishment, in mode INDIRECTE."""
    values: dict[str, object] = {
        "base_url": BASE_URL,
        "structure": Structure(
            HOUSE.struct_idnat, HOUSE.name, value_set(ValueSetId.DMP_FACILITY_TYPE).get(HOUSE.facility_type)
        ),
        "software": Software(f"{ROOT_OID}.2", "Amarre", "0.1.0", "NUMERO-DE-TEST"),
        "root_oid": ROOT_OID,
        "credentials": credentials(),
        "responsible": actor(),
        "content_type": value_set(ValueSetId.DMP_CONTENT_TYPE).get(HOUSE.content_type),
    }
    return DmpProfile(**(values | changes))  # type: ignore[arg-type]
