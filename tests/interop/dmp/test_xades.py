"""XAdES of the submission set: verified by xmlsec; the manifest's digests computed again on our own."""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier

from amarre.interop.common.xml import parse_foreign
from amarre.interop.common.xmldsig import SignatureAlgorithm
from amarre.interop.dmp.xades import XADES, sign_submission
from tests.interop.dmp import material

NS = {"ds": "http://www.w3.org/2000/09/xmldsig#", "x": XADES}
SET_ID = "1.2.250.1.999.8.1"
HASHES = {
    SignatureAlgorithm.RSA_SHA256: hashlib.sha256,
    SignatureAlgorithm.RSA_SHA1: hashlib.sha1,
}


def signed(algorithm: SignatureAlgorithm = SignatureAlgorithm.RSA_SHA256) -> bytes:
    return sign_submission(
        submission_set_id=SET_ID,
        documents={material.DOCUMENT_OID: material.document()},
        credentials=material.credentials(),
        now=material.NOW,
        signature_id=uuid.UUID(int=9),
        algorithm=algorithm,
    )


@pytest.fixture(autouse=True)
def manifest_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let xmlsec follow the manifest: it opens each reference as a file of the current folder."""
    (tmp_path / f"urn:oid:{material.DOCUMENT_OID}").write_bytes(material.document())
    (tmp_path / f"urn:oid:{SET_ID}").write_bytes(b"<set/>")
    monkeypatch.chdir(tmp_path)


def verify(data: bytes) -> None:
    root = parse_foreign(data)
    xmlsec.tree.add_ids(root, ["Id"])
    context = xmlsec.SignatureContext()
    pem = material.credentials().certificate.public_bytes(serialization.Encoding.PEM)
    context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem)
    context.verify(root)


@pytest.mark.parametrize("algorithm", list(SignatureAlgorithm))
def test_xmlsec_verifies_signature_manifest_and_properties(algorithm: SignatureAlgorithm) -> None:
    verify(signed(algorithm))


@pytest.mark.parametrize("change", [(b"SigningTime>2026", b"SigningTime>2025"), (SET_ID.encode(), b"1.2.3")])
def test_a_change_in_the_properties_or_the_manifest_is_seen(change: tuple[bytes, bytes]) -> None:
    with pytest.raises(xmlsec.Error):
        verify(signed().replace(*change))


@pytest.mark.parametrize("algorithm", list(SignatureAlgorithm))
def test_the_manifest_holds_the_digest_of_the_canonical_document(algorithm: SignatureAlgorithm) -> None:
    manifest = parse_foreign(signed(algorithm)).find(".//ds:Manifest", NS)
    assert manifest is not None
    found = {
        item.get("URI"): item.findtext("ds:DigestValue", "", NS)
        for item in manifest.iterfind("ds:Reference", NS)
    }
    canonical = io.BytesIO()
    parse_foreign(material.document()).getroottree().write_c14n(canonical, with_comments=True)
    hasher: Callable[[bytes], object] = HASHES[algorithm]
    expected = base64.b64encode(hasher(canonical.getvalue()).digest()).decode()  # type: ignore[attr-defined]
    assert found == {f"urn:oid:{SET_ID}": "AA==", f"urn:oid:{material.DOCUMENT_OID}": expected}


def test_signxml_verifies_both_references() -> None:
    verifier = XMLVerifier()
    # lxml's inclusive canonical form of an inner element adds a wrong xmlns="" under an inherited default
    # namespace; signxml has this switch to take it out again.
    verifier.excise_empty_xmlns_declarations = True
    verified = verifier.verify(
        parse_foreign(signed()),
        x509_cert=material.credentials().certificate,
        id_attribute="Id",
        expect_config=SignatureConfiguration(location="./", expect_references=2),
    )
    assert isinstance(verified, list)
    names = [etree.QName(item.signed_xml).localname for item in verified]
    assert names == ["Manifest", "SignedProperties"]


def test_the_signer_and_its_authority_are_named() -> None:
    root = parse_foreign(signed())
    certs = root.findall(".//x:Cert", NS)
    chain: list[x509.Certificate] = [material.credentials().certificate, *material.credentials().chain]
    assert len(certs) == len(chain)
    for element, certificate in zip(certs, chain, strict=True):
        der = certificate.public_bytes(serialization.Encoding.DER)
        value = element.findtext("x:CertDigest/x:DigestValue", "", NS)
        assert value == base64.b64encode(hashlib.sha256(der).digest()).decode()
        assert element.findtext("x:IssuerSerial/ds:X509SerialNumber", "", NS) == str(
            certificate.serial_number
        )


def test_shape_of_the_national_sample() -> None:
    root = parse_foreign(signed())
    assert root.tag == f"{{{NS['ds']}}}Signature"
    names = [etree.QName(child).localname for child in root]
    assert names == ["SignedInfo", "SignatureValue", "KeyInfo", "Object", "Object", "Object"]
    assert root.find("ds:Object/SignatureProperties/SignatureProperty", NS) is not None
    assert root.find(".//x:SignaturePolicyImplied", NS) is not None
    types = [item.get("Type") for item in root.findall("ds:SignedInfo/ds:Reference", NS)]
    assert types == [NS["ds"] + "Manifest", XADES + "SignedProperties"]


@pytest.mark.needs("javac")
def test_the_jdk_verifies_signature_and_document(tmp_path: Path) -> None:
    (tmp_path / "signature.xml").write_bytes(signed())
    pem = material.credentials().certificate.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "certificate.pem").write_bytes(pem)
    (tmp_path / "document.xml").write_bytes(material.document())
    program = Path(__file__).with_name("VerifySignature.java")
    names = ["signature.xml", "certificate.pem", "document.xml", f"urn:oid:{material.DOCUMENT_OID}"]
    done = subprocess.run(
        ["java", str(program), *names], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.split("\n")[:2] == ["signature true", "document true"], done.stderr
