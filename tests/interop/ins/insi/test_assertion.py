"""The assertion of the CPx mode, verified by a foreign program (xmlsec), and what refuses to be built."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
import xmlsec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from amarre.interop.ins import BirthDate, Environment, Sexe
from amarre.interop.ins.insi import (
    CardAssertionIncomplete,
    CardHolder,
    CardKeyUnusable,
    CpxCard,
    InsiProfile,
    SoftwareSigner,
    TraitsQuery,
    VitaleQuery,
    traits_request,
    vitale_request,
)
from tests.conftest import FixedClock, SequenceIds
from tests.interop.ins.insi.cards import HOLDER, PHYSICIAN, card, signer

PROFILE = InsiProfile("https://localhost/lps", "IDAM", "amarre", "0.1", "i", "10B0", Environment.SANDBOX)
QUERY = TraitsQuery("D'ESSAI", "ANNE-SOPHIE", Sexe.F, BirthDate("1984-12-01"), "63220")
NS = {
    "soap": "http://www.w3.org/2003/05/soap-envelope",
    "wsse": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "ctxbam": "urn:siram:bam:ctxbam",
    "ctxlps": "urn:siram:lps:ctxlps",
}


def sent(clock: FixedClock, ids: SequenceIds, holder: CardHolder = HOLDER) -> etree._Element:
    """Return the envelope as it leaves, parsed again from its bytes."""
    return etree.fromstring(traits_request(QUERY, PROFILE, clock, ids, card(holder)).body)


def verify(root: etree._Element) -> None:
    """Verify the signature of the assertion with xmlsec. Raises xmlsec.Error."""
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    pem = signer().certificate.public_bytes(Encoding.PEM)
    context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem, None)
    context.verify(root.find(".//ds:Signature", NS))


def test_xmlsec_verifies_it_inside_the_envelope(clock: FixedClock, ids: SequenceIds) -> None:
    root = sent(clock, ids)
    verify(root)
    root.find(".//saml:NameID", NS).text = "899700000013"
    with pytest.raises(xmlsec.Error):
        verify(root)


@pytest.mark.req("SEL-MP-043 §3.2")
def test_what_it_says(clock: FixedClock, ids: SequenceIds) -> None:
    root = sent(clock, ids, PHYSICIAN)
    assertion = root.find("soap:Header/wsse:Security/saml:Assertion", NS)
    assert [etree.QName(child).localname for child in assertion] == [
        "Issuer",
        "Signature",
        "Subject",
        "AttributeStatement",
    ]
    assert assertion.get("Version") == "2.0"
    assert assertion.get("IssueInstant") == "2026-11-20T09:30:00.000Z"
    issuer = assertion.find("saml:Issuer", NS)
    assert issuer.get("Format") == "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
    assert issuer.text == signer().certificate.subject.rfc4514_string()
    name = assertion.find("saml:Subject/saml:NameID", NS)
    assert (name.get("NameQualifier"), name.text) == ("CPS", "899700000054")
    attributes = {
        node.get("Name"): node.findtext("saml:AttributeValue", namespaces=NS)
        for node in assertion.iterfind("saml:AttributeStatement/saml:Attribute", NS)
    }
    assert attributes == {
        "identifiantFacturation": "990000028",
        "secteurActivite": "SA07",
        "codeSpecialite": "01",
    }
    algorithms = {node.get("Algorithm") for node in assertion.find("ds:Signature", NS).iter("{*}*")} - {None}
    assert algorithms == {
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/04/xmlenc#sha256",
    }
    for context in ("ctxbam:ContexteBAM/ctxbam:Emetteur", "ctxlps:ContexteLPS/ctxlps:Emetteur"):
        assert root.findtext(f"soap:Header/{context}", namespaces=NS) == "899700000054"


def test_only_a_physician_has_a_speciality(clock: FixedClock, ids: SequenceIds) -> None:
    names = [node.get("Name") for node in sent(clock, ids).iterfind(".//saml:Attribute", NS)]
    assert names == ["identifiantFacturation", "secteurActivite"]


def test_one_assertion_per_call_and_none_with_a_certificate(clock: FixedClock, ids: SequenceIds) -> None:
    first, second = sent(clock, ids), sent(clock, ids)
    identifiers = [root.find(".//saml:Assertion", NS).get("ID") for root in (first, second)]
    assert identifiers[0] != identifiers[1]
    without = etree.fromstring(traits_request(QUERY, PROFILE, clock, ids).body)
    assert without.find(".//wsse:Security", NS) is None
    vitale = VitaleQuery("2841263220999", "62", "", "", "D'ESSAI", "1984-12-01", "1")
    verify(etree.fromstring(vitale_request(vitale, PROFILE, clock, ids, card()).body))


@pytest.mark.parametrize(
    ("holder", "words"),
    [
        (replace(HOLDER, national_id=""), "identifiant national"),
        (replace(HOLDER, identifiant_facturation=""), "facturation"),
        (replace(HOLDER, secteur_activite=""), "secteur"),
        (replace(HOLDER, physician=True), "spécialité"),
    ],
)
def test_an_incomplete_holder_sends_nothing(
    clock: FixedClock, ids: SequenceIds, holder: CardHolder, words: str
) -> None:
    with pytest.raises(CardAssertionIncomplete) as caught:
        sent(clock, ids, holder)
    assert words in caught.value.explanation().what


def test_a_key_of_another_certificate_does_not_sign(clock: FixedClock, ids: SequenceIds) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    wrong = CpxCard(HOLDER, SoftwareSigner(other, signer().certificate))
    with pytest.raises(CardKeyUnusable):
        traits_request(QUERY, PROFILE, clock, ids, wrong)
    assert "899700000054" in repr(wrong.signer)


@pytest.mark.needs("official")
def test_the_security_header_is_valid_against_the_official_schema(
    clock: FixedClock, ids: SequenceIds
) -> None:
    found = sorted(Path(os.environ["AMARRE_OFFICIAL"]).rglob("Security.xsd"))
    if not found:
        pytest.skip("Security.xsd is not in the official folder")
    header = sent(clock, ids, PHYSICIAN).find(".//wsse:Security", NS)
    etree.XMLSchema(etree.parse(found[0])).assertValid(etree.fromstring(etree.tostring(header)))
