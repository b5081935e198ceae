"""Judges the assertion of a professional card: its own reading, its own verification of the signature.

Sources: SEL-MP-043 §3.2 (nominative CPS, CPF or CPE card; generic cards refused), SAML 2.0 core, W3C XML
Signature. Everything is read from what the signature covers, as given back by the verifier.
"""

from __future__ import annotations

import base64
import binascii
import datetime
from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from amarre.sandbox.service import Remark
from amarre.sandbox.services.insi.decoder import SAML, Received

DSIG = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DSIG}enveloped-signature"
SUBJECT_NAME = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
# Observed: an assertion is accepted for about one hour; a clock may be five minutes ahead (unconfirmed).
MAX_AGE = datetime.timedelta(hours=1)
MAX_AHEAD = datetime.timedelta(minutes=5)
_CONFIGURATION = SignatureConfiguration(
    require_x509=True,
    expect_references=1,
    signature_methods=frozenset({SignatureMethod.RSA_SHA256}),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
)
_S = f"{{{SAML}}}"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the rules look at. `signed` is what the signature covers, None when it does not verify."""

    received: Received
    assertion: etree._Element | None
    certificate: x509.Certificate | None
    signed: etree._Element | None
    authorities: tuple[x509.Certificate, ...]
    now: datetime.datetime

    def text(self, *path: str) -> str:
        """Return the text of an element of the signed assertion, "" when absent."""
        found = None if self.signed is None else self.signed.find("/".join(_S + step for step in path))
        return "" if found is None else (found.text or "").strip()

    def attribute(self, name: str) -> str:
        """Return the value of a SAML attribute, "" when absent or repeated."""
        path = f"{_S}AttributeStatement/{_S}Attribute[@Name='{name}']/{_S}AttributeValue"
        found = [] if self.signed is None else self.signed.findall(path)
        return (found[0].text or "").strip() if len(found) == 1 else ""

    def subject(self, oid: x509.ObjectIdentifier) -> str:
        """Return an attribute of the card's subject, "" when there is none."""
        if self.certificate is None:
            return ""
        values = self.certificate.subject.get_attributes_for_oid(oid)
        return str(values[0].value) if values else ""


@dataclass(frozen=True, slots=True)
class CardRule:
    """One check of the assertion; without a fault it is only remarked."""

    name: str
    expected: str
    source: str
    test: Callable[[CardFacts], bool]
    fault: str = "desir_assertion"


def _trusted(f: CardFacts) -> bool:
    if f.certificate is None:
        return False
    for authority in f.authorities:
        try:
            f.certificate.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return True
    return False


def _in_time(f: CardFacts) -> bool:
    c = f.certificate
    return c is not None and c.not_valid_before_utc <= f.now <= c.not_valid_after_utc


def _fresh(f: CardFacts) -> bool:
    try:
        issued = datetime.datetime.fromisoformat("" if f.signed is None else f.signed.get("IssueInstant", ""))
    except ValueError:
        return False
    return issued.tzinfo is not None and -MAX_AHEAD <= f.now - issued <= MAX_AGE


def _issuer(f: CardFacts) -> bool:
    node = None if f.signed is None else f.signed.find(f"{_S}Issuer")
    same = f.certificate is not None and f.text("Issuer") == f.certificate.subject.rfc4514_string()
    return node is not None and node.get("Format") == SUBJECT_NAME and same


def _name_id(f: CardFacts) -> bool:
    node = None if f.signed is None else f.signed.find(f"{_S}Subject/{_S}NameID")
    qualified = node is not None and node.get("NameQualifier") == "CPS"
    return qualified and f.text("Subject", "NameID") == f.subject(NameOID.COMMON_NAME)


def _algorithms(f: CardFacts) -> bool:
    """Exclusive C14N and the enveloped transform, and nothing else."""
    if f.assertion is None:
        return False
    information = f.assertion.find(f"{{{DSIG}}}Signature/{{{DSIG}}}SignedInfo")
    method = None if information is None else information.find(f"{{{DSIG}}}CanonicalizationMethod")
    if information is None or method is None:
        return False
    transforms = {node.get("Algorithm") for node in information.iter(f"{{{DSIG}}}Transform")}
    return method.get("Algorithm") == EXCLUSIVE_C14N and transforms == {ENVELOPED, EXCLUSIVE_C14N}


_GUIDE = "SEL-MP-043 §3.2"
CARD_RULES: tuple[CardRule, ...] = (
    CardRule(
        "assertion_presente",
        "Une assertion SAML 2.0, et une seule, dans wsse:Security.",
        f"{_GUIDE} ; Security.xsd",
        lambda f: len(f.received.assertions) == 1 and f.received.assertions[0].get("Version") == "2.0",
    ),
    CardRule(
        "assertion_algorithmes",
        "Forme canonique exclusive, signature enveloppée.",
        "W3C XML Signature ; assertions observées",
        _algorithms,
    ),
    CardRule(
        "carte_autorite", "Carte donnée par l'autorité des personnes.", f"IGC-Santé ; {_GUIDE}", _trusted
    ),
    CardRule("carte_valable", "Carte en cours de validité.", "RFC 5280 §4.1.2.5", _in_time),
    CardRule(
        "carte_nominative",
        "Carte nominative : les cartes génériques sont refusées.",
        f"{_GUIDE} ; reconnue ici à l'absence de nom (unconfirmed)",
        lambda f: bool(f.subject(NameOID.SURNAME)),
        "desir_560",
    ),
    CardRule(
        "assertion_signature",
        "Signature RSA-SHA256 juste, qui couvre toute l'assertion.",
        "W3C XML Signature ; SAML 2.0 core §5",
        lambda f: f.signed is not None,
    ),
    CardRule("assertion_emetteur", "Issuer égal au nom du certificat de la carte.", "SAML 2.0 core", _issuer),
    CardRule(
        "assertion_porteur",
        'NameID NameQualifier="CPS" égal à l\'identifiant national de la carte.',
        _GUIDE,
        _name_id,
    ),
    CardRule("assertion_fraiche", "Assertion faite il y a moins d'une heure.", f"{_GUIDE} (observé)", _fresh),
    CardRule(
        "assertion_facturation",
        "Attribut identifiantFacturation présent.",
        _GUIDE,
        lambda f: bool(f.attribute("identifiantFacturation")),
    ),
    CardRule(
        "assertion_secteur",
        "Attribut secteurActivite de la forme SA suivie de deux chiffres.",
        f"{_GUIDE} ; TRE_R02",
        lambda f: (
            len(f.attribute("secteurActivite")) == 4
            and f.attribute("secteurActivite").startswith("SA")
            and f.attribute("secteurActivite")[2:].isdigit()
        ),
    ),
    CardRule(
        "assertion_specialite",
        "Attribut codeSpecialite présent pour un médecin, absent sinon.",
        _GUIDE,
        lambda f: bool(f.attribute("codeSpecialite")) == f.subject(NameOID.TITLE).startswith("Médecin"),
    ),
    CardRule(
        "emetteur_carte",
        "Emetteur des deux contextes égal au NameID de l'assertion.",
        _GUIDE,
        lambda f: (
            f.received.bam_text("Emetteur") == f.received.lps_text("Emetteur") == f.text("Subject", "NameID")
        ),
        "",
    ),
)


def judge_card(
    received: Received, authorities: tuple[x509.Certificate, ...], now: datetime.datetime
) -> tuple[tuple[Remark, ...], str, dict[str, str]]:
    """Apply the rules; return the remarks, the code of the refusal ("" when none), and what the card says."""
    assertion = received.assertions[0] if len(received.assertions) == 1 else None
    certificate = None if assertion is None else _certificate(assertion)
    signed = None if assertion is None or certificate is None else _verified(assertion, certificate)
    facts = CardFacts(received, assertion, certificate, signed, authorities, now)
    remarks: list[Remark] = []
    fault = ""
    for rule in CARD_RULES:
        passed = rule.test(facts)
        remarks.append(Remark(rule.name, rule.source, passed, rule.expected, bool(rule.fault)))
        if not passed and rule.fault:
            fault = rule.fault
            break
    shown = {
        "Porteur de la carte": facts.text("Subject", "NameID"),
        "Identifiant de facturation": facts.attribute("identifiantFacturation"),
        "Secteur d'activité": facts.attribute("secteurActivite"),
        "Spécialité": facts.attribute("codeSpecialite"),
    }
    return tuple(remarks), fault, {label: text for label, text in shown.items() if text}


def _certificate(assertion: etree._Element) -> x509.Certificate | None:
    path = "/".join(f"{{{DSIG}}}{name}" for name in ("Signature", "KeyInfo", "X509Data", "X509Certificate"))
    text = assertion.findtext(path) or ""
    try:
        return x509.load_der_x509_certificate(base64.b64decode("".join(text.split())))
    except (ValueError, binascii.Error):
        return None


def _verified(assertion: etree._Element, certificate: x509.Certificate) -> etree._Element | None:
    """Return what the signature covers when it is this whole assertion, else None."""
    try:
        result = XMLVerifier().verify(
            assertion, x509_cert=certificate, expect_config=_CONFIGURATION, id_attribute="ID"
        )
    except (SignXMLException, InvalidSignature, etree.LxmlError, ValueError, TypeError, LookupError):
        return None
    signed = None if isinstance(result, list) else result.signed_xml
    if signed is None or signed.tag != f"{_S}Assertion" or not assertion.get("ID"):
        return None
    return signed if signed.get("ID") == assertion.get("ID") else None
