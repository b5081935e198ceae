"""CPx mode: the SAML 2.0 assertion that a professional's card signs, carried in wsse:Security.

Sources: SEL-MP-043 §3.2 (authentication by nominative CPS, CPF or CPE card), SAML 2.0 core, W3C XML Signature
(exclusive canonical form, RSA-SHA256, enveloped). The card is behind `AssertionSigner`: a software key stands
in for it in the sandbox and in tests, and nothing else of the kit knows the difference.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from amarre.interop.common.clock import IdSource
from amarre.interop.common.soap import WSSE
from amarre.interop.common.xmldsig import sign_enveloped_with
from amarre.interop.ins.insi.errors import CardAssertionIncomplete, CardKeyUnusable

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SUBJECT_NAME_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
_S = f"{{{SAML}}}"


class AssertionSigner(Protocol):
    """A signature key and its certificate. The key may be one that never leaves a card."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signature certificate of the holder."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the RSA PKCS#1 v1.5, SHA-256 signature of `data`. Raises CardKeyUnusable."""
        ...


@dataclass(frozen=True, slots=True)
class SoftwareSigner:
    """A key held in memory, in the place of a card: sandbox and tests."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    def __repr__(self) -> str:
        """Show the subject only."""
        return f"SoftwareSigner({self.certificate.subject.rfc4514_string()!r})"

    def sign(self, data: bytes) -> bytes:
        """Return the signature. Raises CardKeyUnusable when the key is not the certificate's."""
        public = self.certificate.public_key()
        if not isinstance(public, rsa.RSAPublicKey) or public != self.key.public_key():
            raise CardKeyUnusable()
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True, slots=True)
class CardHolder:
    """Who holds the card, and for which structure.

    `national_id` is the national identifier (899… for a CPS); `identifiant_facturation` the FINESS
    géographique of the structure, else its SIRET, or the billing number of an independent professional;
    `secteur_activite` a code of TRE_R02 (SA05, SA07…); `code_specialite` "" except for physicians, who must
    have one.
    """

    national_id: str
    identifiant_facturation: str
    secteur_activite: str
    physician: bool = False
    code_specialite: str = ""


@dataclass(frozen=True, slots=True)
class CpxCard:
    """A professional's card, ready to sign: its holder and its key."""

    holder: CardHolder
    signer: AssertionSigner


def build_assertion(card: CpxCard, now: datetime.datetime, ids: IdSource) -> etree._Element:
    """Return a signed saml:Assertion for one call; it is rebuilt at each attempt and never kept.

    No Conditions and no AuthnStatement, as observed. Raises CardAssertionIncomplete or CardKeyUnusable.
    """
    holder = card.holder
    _check(holder)
    identifier = f"_{ids.uuid()}"
    root = etree.Element(_S + "Assertion", nsmap={"saml": SAML})
    root.set("Version", "2.0")
    root.set("ID", identifier)
    root.set("IssueInstant", _instant(now))
    issuer = etree.SubElement(root, _S + "Issuer", Format=SUBJECT_NAME_FORMAT)
    issuer.text = card.signer.certificate.subject.rfc4514_string()
    subject = etree.SubElement(root, _S + "Subject")
    etree.SubElement(subject, _S + "NameID", NameQualifier="CPS").text = holder.national_id
    statement = etree.SubElement(root, _S + "AttributeStatement")
    _attribute(statement, "identifiantFacturation", holder.identifiant_facturation)
    _attribute(statement, "secteurActivite", holder.secteur_activite)
    if holder.physician:
        _attribute(statement, "codeSpecialite", holder.code_specialite)
    # ds:Signature comes right after Issuer (SAML 2.0 core, schema of Assertion).
    sign_enveloped_with(root, card.signer.sign, card.signer.certificate, identifier=identifier, position=1)
    return root


def security_header(assertion: etree._Element) -> etree._Element:
    """Return the wsse:Security block that carries an assertion: no timestamp, no other signature."""
    security = etree.Element(f"{{{WSSE}}}Security", nsmap={"wsse": WSSE})
    security.append(assertion)
    return security


def _check(holder: CardHolder) -> None:
    """Refuse an assertion the service would refuse. Raises CardAssertionIncomplete."""
    missing = [
        label
        for value, label in (
            (holder.national_id, "l'identifiant national du porteur manque"),
            (holder.identifiant_facturation, "l'identifiant de facturation de l'établissement manque"),
            (holder.secteur_activite, "le secteur d'activité de l'établissement manque"),
            (holder.code_specialite or not holder.physician, "le code de spécialité du médecin manque"),
        )
        if not value
    ]
    if missing:
        raise CardAssertionIncomplete(missing=" ; ".join(missing))


def _attribute(statement: etree._Element, name: str, value: str) -> None:
    attribute = etree.SubElement(statement, _S + "Attribute", Name=name)
    etree.SubElement(attribute, _S + "AttributeValue").text = value


def _instant(moment: datetime.datetime) -> str:
    """Return an xs:dateTime in UTC to the millisecond."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
