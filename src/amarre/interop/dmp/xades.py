"""The signature of the submission set: a document of its own, detached from SOAP.

Sources: SEL-MP-037 (signature of the submission set), IHE ITI TF-3 Document Digital Signature, ETSI TS 101
903 v1.1.1 (XAdES; this old namespace is the one the DMP expects). The algorithm is a setting: the public
samples are in SHA-1, what is accepted now is to be agreed with the CNDA.
"""

from __future__ import annotations

import datetime
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from lxml import etree

from amarre.interop.common.xml import default_namespace, parse_foreign
from amarre.interop.common.xmldsig import (
    C14N_WITH_COMMENTS,
    DSIG,
    SignatureAlgorithm,
    Signer,
    canonical,
    certificate_text,
    digest,
    signature_value,
)

XADES = "http://uri.etsi.org/01903/v1.1.1#"
MANIFEST_ID = "IHEManifest"
PROPERTIES_ID = "S0-SignedProperties"
PURPOSE_SOURCE = "1.2.840.10065.1.12.1.14"
# Digest value of the submission set itself, a constant of the IHE profile: the set has no bytes to digest.
_SET_DIGEST = "AA=="
_D = f"{{{DSIG}}}"
_X = f"{{{XADES}}}"


def document_digest(document: bytes, algorithm: SignatureAlgorithm) -> str:
    """Return the digest (base64) of a document in canonical form with comments."""
    return digest(canonical(parse_foreign(document), comments=True), algorithm)


def sign_submission(
    *,
    submission_set_id: str,
    documents: dict[str, bytes],
    credentials: Signer,
    now: datetime.datetime,
    signature_id: uuid.UUID,
    algorithm: SignatureAlgorithm = SignatureAlgorithm.RSA_SHA256,
) -> bytes:
    """Return the signature document of a submission set.

    `documents` maps the uniqueId (OID) of each document to its exact bytes. Raises an XmlError when one of
    them is not XML.
    """
    identifier = f"sig-{signature_id}"
    manifest = _manifest(submission_set_id, documents, algorithm)
    properties = _signed_properties(credentials, now, algorithm)
    root = etree.Element(_D + "Signature", nsmap=default_namespace(DSIG), Id=identifier)
    info = etree.SubElement(root, _D + "SignedInfo")
    etree.SubElement(info, _D + "CanonicalizationMethod", Algorithm=C14N_WITH_COMMENTS)
    etree.SubElement(info, _D + "SignatureMethod", Algorithm=algorithm.value)
    _reference(info, f"#{MANIFEST_ID}", DSIG + "Manifest", digest(canonical(manifest), algorithm), algorithm)
    _reference(
        info,
        f"#{PROPERTIES_ID}",
        XADES + "SignedProperties",
        digest(canonical(properties), algorithm),
        algorithm,
    )
    value = signature_value(canonical(info, comments=True), credentials, algorithm)
    etree.SubElement(root, _D + "SignatureValue").text = value
    data = etree.SubElement(etree.SubElement(root, _D + "KeyInfo"), _D + "X509Data")
    etree.SubElement(data, _D + "X509Certificate").text = certificate_text(credentials.certificate)
    etree.SubElement(root, _D + "Object").append(manifest)
    etree.SubElement(root, _D + "Object").append(_purpose(identifier))
    qualifying = etree.SubElement(
        etree.SubElement(root, _D + "Object"),
        _X + "QualifyingProperties",
        nsmap=default_namespace(XADES),
        Target=f"#{identifier}",
    )
    qualifying.append(properties)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _reference(
    parent: etree._Element, uri: str, kind: str, value: str, algorithm: SignatureAlgorithm
) -> etree._Element:
    """Append a ds:Reference. Without transform, the digest is of the inclusive canonical form."""
    reference = etree.SubElement(parent, _D + "Reference", URI=uri)
    if kind:
        reference.set("Type", kind)
    etree.SubElement(reference, _D + "DigestMethod", Algorithm=algorithm.digest_uri)
    etree.SubElement(reference, _D + "DigestValue").text = value
    return reference


def _manifest(set_id: str, documents: dict[str, bytes], algorithm: SignatureAlgorithm) -> etree._Element:
    """Return the Manifest: the set first, then each document by its OID."""
    manifest = etree.Element(_D + "Manifest", nsmap=default_namespace(DSIG), Id=MANIFEST_ID)
    _reference(manifest, f"urn:oid:{set_id}", "", _SET_DIGEST, algorithm)
    for unique_id, data in documents.items():
        reference = _reference(
            manifest, f"urn:oid:{unique_id}", "", document_digest(data, algorithm), algorithm
        )
        transforms = etree.Element(_D + "Transforms")
        etree.SubElement(transforms, _D + "Transform", Algorithm=C14N_WITH_COMMENTS)
        reference.insert(0, transforms)
    return manifest


def _purpose(identifier: str) -> etree._Element:
    """Return the purpose of the signature ("Source"); no namespace, as in the national samples."""
    properties = etree.Element("SignatureProperties", nsmap=default_namespace(""))
    item = etree.SubElement(properties, "SignatureProperty", Id="purposeOfSignature", Target=f"#{identifier}")
    item.text = PURPOSE_SOURCE
    return properties


def _signed_properties(
    credentials: Signer, now: datetime.datetime, algorithm: SignatureAlgorithm
) -> etree._Element:
    """Return the SignedProperties: time, certificates of the signer and of its authorities, implied
    policy.
    """
    root = etree.Element(_X + "SignedProperties", nsmap=default_namespace(XADES), Id=PROPERTIES_ID)
    signed = etree.SubElement(root, _X + "SignedSignatureProperties")
    moment = now.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    etree.SubElement(signed, _X + "SigningTime").text = moment
    listing = etree.SubElement(signed, _X + "SigningCertificate")
    for certificate in (credentials.certificate, *credentials.chain):
        _certificate(listing, certificate, algorithm)
    policy = etree.SubElement(signed, _X + "SignaturePolicyIdentifier")
    etree.SubElement(policy, _X + "SignaturePolicyImplied")
    return root


def _certificate(
    parent: etree._Element, certificate: x509.Certificate, algorithm: SignatureAlgorithm
) -> None:
    """Append the digest and the issuer and serial number of one certificate."""
    cert = etree.SubElement(parent, _X + "Cert")
    cert_digest = etree.SubElement(cert, _X + "CertDigest")
    # DigestMethod and DigestValue are in the XAdES namespace in version 1.1.1, and so in the samples.
    etree.SubElement(cert_digest, _X + "DigestMethod", Algorithm=algorithm.digest_uri)
    der = certificate.public_bytes(serialization.Encoding.DER)
    etree.SubElement(cert_digest, _X + "DigestValue").text = digest(der, algorithm)
    issuer_serial = etree.SubElement(cert, _X + "IssuerSerial")
    name = etree.SubElement(issuer_serial, _D + "X509IssuerName", nsmap=default_namespace(DSIG))
    name.text = certificate.issuer.rfc4514_string()
    number = etree.SubElement(issuer_serial, _D + "X509SerialNumber", nsmap=default_namespace(DSIG))
    number.text = str(certificate.serial_number)
