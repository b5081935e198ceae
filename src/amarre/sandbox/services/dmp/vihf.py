"""Reads and judges the VIHF assertion: signature, certificate, times, attributes by mode.

Sources: CI-SIS "Volet VIHF" (attributes), SEL-MP-037 (which certificate signs), SAML 2.0 Core, WSS 1.1.
Everything is read from what the signature covers, as given back by the verifier, never from around it.
"""

from __future__ import annotations

import base64
import binascii
import datetime
from dataclasses import dataclass

from cryptography import x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from amarre.interop.common.xml import XSI
from amarre.sandbox.services.dmp import certificates
from amarre.sandbox.services.dmp.rules import Judge, value_set
from amarre.sandbox.words import counted

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
HL7 = "urn:hl7-org:v3"
X509_SUBJECT = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
SUBJECT_ID = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
PURPOSE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
MODES = frozenset({"DIRECTE", "INDIRECTE", "INDIRECTE_RENFORCEE"})
VERSIONS = frozenset({"3.0", "4.0"})
TOLERANCE = datetime.timedelta(minutes=5)
HIDDEN = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
PROFESSIONS = "1.2.250.1.71.1.2.7"
# Nomenclatures of health professions, in practice and in training: other actors are "non PS".
HEALTH = frozenset({PROFESSIONS, "1.2.250.1.71.1.2.8"})
STRONG = frozenset({"SmartcardPKI", "MobileTwoFactorUnregistered", "MobileTwoFactorContract"})
ROLE_ACTORS = ("99", "1.2.250.1.213.1.6.1.140")
# A physician, a pharmacist and a role-only actor carry a second value, of these systems.
SECOND_ROLE = {
    ("10", PROFESSIONS): "1.2.250.1.71.4.2.5",
    ("21", PROFESSIONS): "1.2.250.1.71.4.2.6",
    ROLE_ACTORS: "1.2.250.1.213.1.6.1.107",
}
CONFIGURATION = SignatureConfiguration(
    require_x509=True,
    expect_references=1,
    signature_methods=frozenset({SignatureMethod.RSA_SHA256}),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
)


@dataclass(frozen=True, slots=True)
class Vihf:
    """What an assertion says, once its signature is verified."""

    identifier: str
    mode: str
    structure: str
    name_id: str
    subject: str
    patient: str
    roles: tuple[tuple[str, str], ...]
    certificate: x509.Certificate
    purpose: str = "normal"
    secret: bool = False

    @property
    def column(self) -> str:
        """The column of the table of rights: the mode, and who acts in it."""
        if self.mode == "DIRECTE":
            return "DIRECTE" if certificates.is_nominative(self.certificate) else "DIRECTE-CPE"
        if self.mode == "INDIRECTE_RENFORCEE":
            health = bool(self.roles) and self.roles[0][1] in HEALTH
            return self.mode if health else f"{self.mode}-NON-PS"
        return self.mode


@dataclass(frozen=True, slots=True)
class Trust:
    """The authorities of the structures and those of the cards."""

    structures: tuple[x509.Certificate, ...]
    cards: tuple[x509.Certificate, ...]


def judge_vihf(
    security: etree._Element | None,
    judge: Judge,
    *,
    now: datetime.datetime,
    trust: Trust,
    tls: x509.Certificate,
) -> Vihf | None:
    """Return the assertion, or None when nothing in it can be trusted. The judge holds every remark."""
    found = [] if security is None else security.findall(f"{{{SAML}}}Assertion")
    if not judge.check("vihf.present", len(found) == 1, received=counted(len(found), "assertion")):
        return None
    certificate = _certificate(found[0])
    if not judge.check("vihf.certificate", certificate is not None) or certificate is None:
        return None
    shown = certificates.described(certificate)
    judge.check("vihf.purpose", certificates.is_for_signature(certificate), received=shown)
    trusted = certificates.is_trusted(certificate, (*trust.structures, *trust.cards), now)
    judge.check("vihf.chain", trusted, received=f"{shown} ; donné par {certificate.issuer.rfc4514_string()}")
    signed, problem = _verified(found[0], certificate)
    if not judge.check("vihf.signature", signed is not None, problem) or signed is None:
        return None
    children = [etree.QName(child).localname for child in found[0] if isinstance(child.tag, str)]
    judge.check(
        "vihf.position", children[:2] == ["Issuer", "Signature"], received=" puis ".join(children[:3])
    )
    issuer = signed.find(f"{{{SAML}}}Issuer")
    name = "" if issuer is None else (issuer.text or "").strip()
    judge.check("vihf.issuer", certificates.is_subject(name, certificate), received=name)
    form = "" if issuer is None else issuer.get("Format", "")
    judge.check("vihf.issuer-format", form == X509_SUBJECT, received=form)
    _judge_times(signed, judge, now)
    found_vihf = _judge_attributes(signed, judge, certificate, tls)
    _judge_mode(signed, judge, found_vihf, certificates.is_trusted(certificate, trust.cards, now))
    return found_vihf


def _judge_mode(assertion: etree._Element, judge: Judge, vihf: Vihf, card: bool) -> None:
    """What only one mode asks for."""
    if vihf.mode == "DIRECTE":
        holder = certificates.common_name(vihf.certificate)
        judge.check("vihf.card", card and holder == vihf.name_id, received=f"{holder}, pour {vihf.name_id}")
        return
    judge.check("vihf.organisation", not card, received=certificates.described(vihf.certificate))
    if vihf.mode == "INDIRECTE_RENFORCEE":
        path = f"{{{SAML}}}AuthnStatement/{{{SAML}}}AuthnContext"
        context = assertion.find(path)
        declared = "" if context is None else context.findtext(f"{{{SAML}}}AuthnContextDecl") or ""
        means = "" if context is None else context.findtext(f"{{{SAML}}}AuthnContextClassRef") or ""
        judge.check("vihf.air", bool(declared.strip()), received=declared)
        judge.check("vihf.strong", means.strip().rpartition(":")[2] in STRONG, received=means)


def _certificate(assertion: etree._Element) -> x509.Certificate | None:
    path = "/".join(f"{{{DSIG}}}{name}" for name in ("Signature", "KeyInfo", "X509Data", "X509Certificate"))
    found = assertion.find(path)
    if found is None:
        return None
    try:
        return x509.load_der_x509_certificate(base64.b64decode("".join((found.text or "").split())))
    except (ValueError, binascii.Error):
        return None


def _verified(assertion: etree._Element, certificate: x509.Certificate) -> tuple[etree._Element | None, str]:
    """Return the element covered by the signature, when it is the assertion itself, and why not otherwise."""
    method = assertion.find(f"{{{DSIG}}}Signature/{{{DSIG}}}SignedInfo/{{{DSIG}}}CanonicalizationMethod")
    if method is None or method.get("Algorithm") != EXCLUSIVE_C14N:
        return None, "forme canonique inattendue"
    try:
        result = XMLVerifier().verify(
            assertion, x509_cert=certificate, expect_config=CONFIGURATION, id_attribute="ID"
        )
    except (SignXMLException, etree.LxmlError, ValueError, TypeError, LookupError) as error:
        return None, type(error).__name__
    signed = result.signed_xml if not isinstance(result, list) else None
    same = (
        signed is not None
        and signed.tag == f"{{{SAML}}}Assertion"
        and bool(assertion.get("ID"))
        and signed.get("ID") == assertion.get("ID")
    )
    return (signed, "") if same else (None, "la signature couvre autre chose")


def _judge_times(assertion: etree._Element, judge: Judge, now: datetime.datetime) -> None:
    written = assertion.get("IssueInstant", "")
    issued = _instant(written)
    fresh = issued is not None and abs(now - issued) <= TOLERANCE
    judge.check("vihf.instant", fresh, received=f"{written}, reçue à {now:%Y-%m-%dT%H:%M:%SZ}")
    conditions = assertion.find(f"{{{SAML}}}Conditions")
    valid, window = True, ""
    if conditions is not None:
        start, end = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
        first, last = _instant(start or ""), _instant(end or "")
        window = f"de {start} à {end}"
        valid = (start is None or (first is not None and first <= now + TOLERANCE)) and (
            end is None or (last is not None and now < last + TOLERANCE)
        )
    judge.check("vihf.conditions", valid, received=window)
    audience = assertion.find(f"{{{SAML}}}Conditions/{{{SAML}}}AudienceRestriction")
    judge.check("vihf.audience", audience is None)
    statement = assertion.find(f"{{{SAML}}}AuthnStatement")
    local = None if statement is None else _instant(statement.get("AuthnInstant", ""))
    path = f"{{{SAML}}}AuthnContext/{{{SAML}}}AuthnContextClassRef"
    means = "" if statement is None else (statement.findtext(path) or "").strip()
    known = bool(means) and local is not None and local <= now + TOLERANCE
    login = "" if statement is None else statement.get("AuthnInstant", "")
    judge.check("vihf.authn", known, received=f"{means} à {login}")


def _judge_attributes(
    assertion: etree._Element, judge: Judge, certificate: x509.Certificate, tls: x509.Certificate
) -> Vihf:
    values = {
        attribute.get("Name", ""): [_text(value) for value in attribute.findall(f"{{{SAML}}}AttributeValue")]
        for attribute in assertion.iter(f"{{{SAML}}}Attribute")
    }

    def first(*names: str) -> str:
        return next((values[name][0] for name in names if values.get(name)), "")

    mode = first("Authentification_mode", "Authentification_Mode")
    structure = first("Identifiant_Structure")
    name_id = (assertion.findtext(f"{{{SAML}}}Subject/{{{SAML}}}NameID") or "").strip()
    judge.check("vihf.version", first("VIHF_Version") in VERSIONS, received=first("VIHF_Version"))
    judge.check("vihf.mode", mode in MODES, received=mode)
    judge.check("vihf.name-id", bool(name_id))
    judge.check("vihf.subject-id", mode == "DIRECTE" or bool(first(SUBJECT_ID)))
    judge.check("vihf.resource", first("Ressource_URN") == "urn:dmp", received=first("Ressource_URN"))
    software = [name for name in ("LPS_Nom", "LPS_Version", "LPS_ID_HOMOLOGATION_DMP") if not first(name)]
    judge.check("vihf.software", not software, received=_absent(software))
    sector, _, system = first("Secteur_Activite").partition("^")
    known = (sector, system) in value_set("JDV_J61")
    judge.check("vihf.sector", known, received=first("Secteur_Activite"))
    purposes = _coded(assertion, PURPOSE, "PurposeOfUse")
    right = len(purposes) == 1 and purposes[0] in value_set("TRE_R248")
    judge.check("vihf.purpose-of-use", right, received=_codes(purposes))
    roles = _coded(assertion, ROLE, "Role")
    _judge_roles(roles, judge)
    owners = {certificates.structure_of(certificate), certificates.structure_of(tls)}
    if mode != "DIRECTE":
        shown = f"{structure}, certificats de {', '.join(sorted(owners))}"
        judge.check("vihf.structure", owners == {structure} and bool(structure), received=shown)
    return Vihf(
        identifier=assertion.get("ID", ""),
        mode=mode,
        structure=structure,
        name_id=name_id,
        subject=first(SUBJECT_ID),
        patient=first(RESOURCE_ID),
        roles=tuple(roles),
        certificate=certificate,
        purpose=purposes[0][0] if purposes else "",
        secret=first(HIDDEN) == "INVISIBLE_REPRESENTANTS_LEGAUX",
    )


def _judge_roles(roles: list[tuple[str, str]], judge: Judge) -> None:
    known = value_set("JDV_J65")
    judge.check("vihf.role", bool(roles) and all(role in known for role in roles), received=_codes(roles))
    if not roles:
        return
    wanted = SECOND_ROLE.get(roles[0])
    complete = wanted is None or any(system == wanted for _, system in roles[1:])
    judge.check("vihf.speciality", complete, received=_codes(roles))


def _codes(found: list[tuple[str, str]]) -> str:
    return " ; ".join(f"{code} ({system})" for code, system in found) or "aucun code"


def _absent(names: list[str]) -> str:
    return f"absents : {', '.join(names)}" if names else ""


def _coded(assertion: etree._Element, name: str, local: str) -> list[tuple[str, str]]:
    """Return (code, system) of each HL7 value of an attribute, typed CE."""
    found = []
    for attribute in assertion.iter(f"{{{SAML}}}Attribute"):
        if attribute.get("Name") == name:
            for value in attribute.iter(f"{{{HL7}}}{local}"):
                if value.get(f"{{{XSI}}}type", "").rpartition(":")[2] == "CE":
                    found.append((value.get("code", ""), value.get("codeSystem", "")))
    return found


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()


def _instant(text: str) -> datetime.datetime | None:
    """Return an aware instant, None when the text is not an xs:dateTime with a zone."""
    try:
        value = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo is not None else None
