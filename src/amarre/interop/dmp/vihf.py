"""The VIHF: SAML 2.0 assertion that says who calls, for whom, with what software.

Source: SEL-MP-037 (VIHF), Cadre d'interopérabilité des SIS, Volet Transport synchrone; SAML 2.0 core. One
assertion per call: it is rebuilt at each attempt and never kept.
"""

from __future__ import annotations

import datetime
import re
import uuid

from cryptography import x509
from cryptography.x509.oid import NameOID
from lxml import etree

from amarre.interop.common.xml import XSI, default_namespace
from amarre.interop.common.xmldsig import sign_enveloped
from amarre.interop.dmp.card import check_holder
from amarre.interop.dmp.errors import DmpCertificateStructureMismatch, DmpRoleMissing
from amarre.interop.dmp.model import NORMAL_ACCESS, Access, Actor, AuthenticationMode, DmpProfile
from amarre.interop.terminology import Code, ValueSetId, value_set
from amarre.interop.xds import PatientId
from amarre.interop.xds.datatypes import cx

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
HL7 = "urn:hl7-org:v3"
XS = "http://www.w3.org/2001/XMLSchema"
_SUBJECT_NAME_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
_S = f"{{{SAML}}}"

SECTOR_SYSTEM = "1.2.250.1.71.4.2.4"
# TRE_R248.
ACCESS_MODE = Code("normal", "Accès normal", "1.2.250.1.213.1.1.4.248")
BREAK_GLASS_MODE = Code("bris_de_glace", "Accès bris de glace", "1.2.250.1.213.1.1.4.248")
HIDDEN_CONNECTION = "INVISIBLE_REPRESENTANTS_LEGAUX"
_CONFIDENTIALITY = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
_ACCESS_SYSTEM_NAME = "mode acces VIHF 2.0"
# Professions whose second role value (speciality) is mandatory: physicians, pharmacists; and role-only
# actors.
_SECOND_ROLE_NEEDED = frozenset({("10", "1.2.250.1.71.1.2.7"), ("21", "1.2.250.1.71.1.2.7")})
_ROLE_ONLY = ("99", "1.2.250.1.213.1.6.1.140")


def check_signer(profile: DmpProfile, actor: Actor) -> None:
    """Refuse a signature certificate that is not the establishment's, or the actor's in mode DIRECTE.

    Raises DmpCertificateStructureMismatch or DmpCardHolderMismatch.
    """
    if profile.mode is AuthenticationMode.DIRECTE:
        check_holder(profile.credentials.certificate, actor)
    else:
        check_certificate_structure(profile)


def check_certificate_structure(profile: DmpProfile) -> None:
    """Raise DmpCertificateStructureMismatch unless an OU of the signature certificate is the Struct_IdNat."""
    units = profile.credentials.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    if profile.structure.identifier not in {unit.value for unit in units}:
        raise DmpCertificateStructureMismatch()


# Attribute types RFC 2253 §2.3 gives a short name to; any other is written as its OID and the DER in hex.
_SHORT_NAMES = {
    NameOID.COMMON_NAME: "CN",
    NameOID.LOCALITY_NAME: "L",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.COUNTRY_NAME: "C",
    NameOID.STREET_ADDRESS: "STREET",
    NameOID.DOMAIN_COMPONENT: "DC",
    NameOID.USER_ID: "UID",
}


def issuer_name(certificate: x509.Certificate) -> str:
    """Return the subject of a certificate in RFC 2253 form: CN first, ``ST`` for the département.

    The surname and the given name of a card have no short name: ``2.5.4.4=#…``, as in the national samples.
    """
    return ",".join(
        "+".join(_attribute_text(attribute) for attribute in rdn)
        for rdn in reversed(certificate.subject.rdns)
    )


def _attribute_text(attribute: x509.NameAttribute[str | bytes]) -> str:
    if attribute.oid in _SHORT_NAMES:
        return attribute.rfc4514_string(attr_name_overrides=_SHORT_NAMES)
    # Name = SEQUENCE { SET { SEQUENCE { OID, value } } }: three headers, the OID, then what is wanted.
    der = x509.Name([attribute]).public_bytes()
    place = 0
    for _ in range(3):
        place = _content(der, place)
    place = _content(der, place) + der[place + 1]
    return f"{attribute.oid.dotted_string}=#{der[place:].hex()}"


def _content(der: bytes, place: int) -> int:
    """Return where the content of the DER element at `place` begins (X.690 §8.1.3)."""
    length = der[place + 1]
    return place + 2 + (length & 0x7F if length & 0x80 else 0)


def build_assertion(
    profile: DmpProfile,
    actor: Actor,
    patient: PatientId | None,
    *,
    now: datetime.datetime,
    assertion_id: uuid.UUID,
    access: Access = NORMAL_ACCESS,
) -> etree._Element:
    """Return a signed VIHF for one call. `patient` is None for the transactions that concern nobody.

    Raises DmpCertificateStructureMismatch, DmpCardHolderMismatch in mode DIRECTE, or DmpRoleMissing when the
    actor's roles are not complete.
    """
    check_signer(profile, actor)
    _check_roles(actor)
    identifier = f"_{assertion_id}"
    root = etree.Element(_S + "Assertion", nsmap={"saml2": SAML, "xsi": XSI, "xs": XS})
    root.set("ID", identifier)
    root.set("IssueInstant", _instant(now))
    root.set("Version", "2.0")
    issuer = etree.SubElement(root, _S + "Issuer", Format=_SUBJECT_NAME_FORMAT)
    issuer.text = issuer_name(profile.credentials.certificate)
    subject = etree.SubElement(root, _S + "Subject")
    etree.SubElement(subject, _S + "NameID").text = actor.identifier
    statement = etree.SubElement(
        root, _S + "AuthnStatement", AuthnInstant=_instant(actor.authenticated_at or now)
    )
    context = etree.SubElement(statement, _S + "AuthnContext")
    etree.SubElement(context, _S + "AuthnContextClassRef").text = actor.context.value
    if profile.mode is AuthenticationMode.INDIRECTE_RENFORCEE:
        etree.SubElement(context, _S + "AuthnContextDecl").text = actor.context.value
    _attributes(root, profile, actor, patient, access)
    # ds:Signature comes right after Issuer (SAML 2.0 core, schema of Assertion).
    sign_enveloped(
        root, profile.credentials, identifier=identifier, position=1, algorithm=profile.vihf_algorithm
    )
    return root


def _check_roles(actor: Actor) -> None:
    """Refuse roles the DMP would refuse: outside JDV_J65, or without the second value they need."""
    known = value_set(ValueSetId.DMP_SUBJECT_ROLE)
    if not actor.roles or known.find(actor.roles[0].code, actor.roles[0].system) is None:
        raise DmpRoleMissing()
    first = (actor.roles[0].code, actor.roles[0].system)
    if (first in _SECOND_ROLE_NEEDED or first == _ROLE_ONLY) and len(actor.roles) < 2:
        raise DmpRoleMissing()


def _attributes(
    root: etree._Element, profile: DmpProfile, actor: Actor, patient: PatientId | None, access: Access
) -> None:
    """Append the AttributeStatement, in the order of the national samples."""
    statement = etree.SubElement(root, _S + "AttributeStatement")
    _text(statement, "Identifiant_Structure", profile.structure.identifier)
    _text(statement, "Secteur_Activite", f"{profile.structure.sector.code}^{profile.structure.sector.system}")
    if profile.mode is not AuthenticationMode.DIRECTE:
        _text(statement, "urn:oasis:names:tc:xspa:1.0:subject:subject-id", actor.full_name)
    roles = _attribute(statement, "urn:oasis:names:tc:xacml:2.0:subject:role")
    for role in actor.roles[:2]:
        _coded(etree.SubElement(roles, _S + "AttributeValue"), "Role", role)
    _text(statement, "VIHF_Version", profile.vihf_version)
    _text(statement, "Authentification_mode", profile.mode.value)
    if patient is not None:
        _text(statement, "urn:oasis:names:tc:xacml:2.0:resource:resource-id", cx(patient))
    _text(statement, "Ressource_URN", "urn:dmp")
    purpose = _attribute(statement, "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse")
    mode = ACCESS_MODE if access.break_glass is None else BREAK_GLASS_MODE
    _coded(etree.SubElement(purpose, _S + "AttributeValue"), "PurposeOfUse", mode, _ACCESS_SYSTEM_NAME)
    if access.secret:
        _text(statement, _CONFIDENTIALITY, HIDDEN_CONNECTION)
    _text(statement, "LPS_ID", profile.software.oid)
    _text(statement, "LPS_Nom", profile.software.name)
    _text(statement, "LPS_Version", profile.software.version)
    _text(statement, "LPS_ID_HOMOLOGATION_DMP", profile.software.homologation)


def _attribute(statement: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(statement, _S + "Attribute", Name=name)


def _text(statement: etree._Element, name: str, value: str) -> None:
    element = etree.SubElement(_attribute(statement, name), _S + "AttributeValue")
    element.set(f"{{{XSI}}}type", "xs:string")
    element.text = value


def _coded(parent: etree._Element, name: str, code: Code, system_name: str = "") -> None:
    """Append a HL7 v3 CE under an AttributeValue, in its own default namespace."""
    element = etree.SubElement(parent, f"{{{HL7}}}{name}", nsmap=default_namespace(HL7))
    element.set(f"{{{XSI}}}type", "CE")
    element.set("code", code.code)
    element.set("codeSystem", code.system)
    if system_name:
        element.set("codeSystemName", system_name)
    element.set("displayName", code.display)


def _instant(moment: datetime.datetime) -> str:
    """Return an xs:dateTime in UTC to the millisecond."""
    text = moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds")
    return re.sub(r"\+00:00$", "Z", text)
