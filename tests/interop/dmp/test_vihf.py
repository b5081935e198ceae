"""VIHF: verified by two foreign programs, even inside an envelope; a forged twin is never believed."""

from __future__ import annotations

import copy
import uuid

import pytest
import xmlsec
from cryptography.hazmat.primitives import serialization
from lxml import etree
from signxml import XMLVerifier
from signxml.exceptions import InvalidInput, InvalidSignature

from amarre.interop.common.xml import parse_foreign
from amarre.interop.dmp import Actor, AuthenticationMode, build_assertion, patient_id_of
from amarre.interop.dmp.errors import DmpCertificateStructureMismatch, DmpRoleMissing
from amarre.interop.dmp.messages import build_soap
from amarre.interop.dmp.vihf import SAML, SECTOR_SYSTEM
from amarre.interop.terminology import Code
from tests.interop.dmp import material

NS = {"s": SAML, "ds": "http://www.w3.org/2000/09/xmldsig#", "h": "urn:hl7-org:v3"}
ID = uuid.UUID(int=7)


def assertion(**changes: object) -> etree._Element:
    return build_assertion(
        material.profile(**changes),
        material.actor(),
        patient_id_of(material.identity()),
        now=material.NOW,
        assertion_id=ID,
    )


def in_envelope() -> bytes:
    payload = etree.Element("{urn:x}payload", nsmap={"x": "urn:x"})
    return build_soap(payload, assertion(), action="urn:x", message_id=uuid.UUID(int=8))


def values(root: etree._Element) -> dict[str, str]:
    return {
        item.get("Name", ""): item.findtext("s:AttributeValue", "", NS)
        for item in root.iterfind(".//s:Attribute", NS)
    }


def test_xmlsec_verifies_the_assertion_taken_from_an_envelope() -> None:
    root = parse_foreign(in_envelope())
    found = root.find(".//s:Assertion", NS)
    assert found is not None
    xmlsec.tree.add_ids(found, ["ID"])
    context = xmlsec.SignatureContext()
    pem = material.credentials().certificate.public_bytes(serialization.Encoding.PEM)
    context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem)
    context.verify(found.find("ds:Signature", NS))


def test_signxml_verifies_it_and_returns_what_was_signed() -> None:
    found = parse_foreign(in_envelope()).find(".//s:Assertion", NS)
    verified = XMLVerifier().verify(found, x509_cert=material.credentials().certificate, id_attribute="ID")
    assert values(verified.signed_xml)["Identifiant_Structure"] == material.HOUSE.struct_idnat


def test_any_change_breaks_the_signature() -> None:
    found = parse_foreign(in_envelope().replace(b"INDIRECTE<", b"DIRECTE<")).find(".//s:Assertion", NS)
    with pytest.raises(InvalidSignature):
        XMLVerifier().verify(found, x509_cert=material.credentials().certificate, id_attribute="ID")


def test_signature_wrapping_only_what_was_signed_is_believed() -> None:
    """The signed assertion is moved aside and a forged twin takes its place."""
    root = parse_foreign(in_envelope())
    genuine = root.find(".//s:Assertion", NS)
    assert genuine is not None
    security = genuine.getparent()
    assert security is not None
    forged = copy.deepcopy(genuine)
    forged.set("ID", "_forged")
    for item in forged.iterfind(".//s:Attribute[@Name='Identifiant_Structure']/s:AttributeValue", NS):
        item.text = "1999999999"
    security.insert(0, forged)
    moved = etree.SubElement(security, "{urn:x}moved")
    moved.append(genuine)
    data = etree.tostring(root)
    first = parse_foreign(data).find(".//s:Assertion", NS)
    # Its own signature refers to another element, which is not below it.
    with pytest.raises((InvalidSignature, InvalidInput)):
        XMLVerifier().verify(first, x509_cert=material.credentials().certificate, id_attribute="ID")


def test_the_signature_comes_right_after_the_issuer() -> None:
    root = assertion()
    assert [etree.QName(child).localname for child in root][:3] == ["Issuer", "Signature", "Subject"]


def test_issuer_is_the_subject_of_the_certificate_in_rfc_2253_order() -> None:
    issuer = assertion().findtext("s:Issuer", "", NS)
    assert issuer.startswith("CN=cachet.test.example,OU=" + material.HOUSE.struct_idnat)
    assert issuer.endswith("ST=Finistère (29),C=FR")


def test_contents_in_mode_indirecte() -> None:
    root = assertion()
    found = values(root)
    assert root.findtext("s:Subject/s:NameID", "", NS) == "899700000013"
    assert found["Authentification_mode"] == "INDIRECTE"
    assert found["VIHF_Version"] == "3.0"
    assert found["Secteur_Activite"] == f"{material.HOUSE.facility_type}^{SECTOR_SYSTEM}"
    assert found["urn:oasis:names:tc:xspa:1.0:subject:subject-id"] == "Claire ROUX"
    assert found["Ressource_URN"] == "urn:dmp"
    expected = material.identity().hl7_cx
    assert found["urn:oasis:names:tc:xacml:2.0:resource:resource-id"] == expected
    role = root.find(".//h:Role", NS)
    assert role is not None
    assert (role.get("code"), role.get("codeSystem")) == ("60", "1.2.250.1.71.1.2.7")
    purpose = root.find(".//h:PurposeOfUse", NS)
    assert purpose is not None
    assert purpose.get("code") == "normal"
    assert root.find(".//s:AuthnContextDecl", NS) is None


def test_reinforced_mode_declares_the_context_and_no_patient_leaves_no_resource() -> None:
    root = build_assertion(
        material.profile(mode=AuthenticationMode.INDIRECTE_RENFORCEE),
        material.actor(),
        None,
        now=material.NOW,
        assertion_id=ID,
    )
    assert root.find(".//s:AuthnContextDecl", NS) is not None
    assert "urn:oasis:names:tc:xacml:2.0:resource:resource-id" not in values(root)


@pytest.mark.parametrize(
    "roles",
    [
        (),
        (Code("10", "Médecin", "1.2.250.1.71.1.2.7"),),
        (Code("99", "Acteur caractérisé par son rôle", "1.2.250.1.213.1.6.1.140"),),
        (Code("G15_60", "Infirmier", "1.2.250.1.213.1.1.4.5"),),
    ],
)
def test_roles_the_dmp_would_refuse_are_refused_here(roles: tuple[Code, ...]) -> None:
    actor = Actor("899700000013", "ROUX", "Claire", roles)
    with pytest.raises(DmpRoleMissing):
        build_assertion(material.profile(), actor, None, now=material.NOW, assertion_id=ID)


def test_a_certificate_of_another_structure_is_refused() -> None:
    with pytest.raises(DmpCertificateStructureMismatch):
        assertion(credentials=material.credentials("1990000999"))
