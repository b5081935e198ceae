"""XML signatures made with lxml's canonical form and cryptography.

Sources: W3C XML Signature 1.1, W3C Canonical XML 1.0 and Exclusive XML Canonicalization 1.0. Only signing is
here; nothing of the kit trusts an XML signature it receives.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from amarre.interop.common.xml import parse_foreign

DSIG = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_WITH_COMMENTS = C14N + "#WithComments"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"


class SignatureAlgorithm(StrEnum):
    """RSA signature algorithms. SHA-1 exists for services that still ask for it: a setting, never a
    default.
    """

    RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"

    @property
    def digest_uri(self) -> str:
        """The digest algorithm that goes with it."""
        sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"
        return sha256 if self is SignatureAlgorithm.RSA_SHA256 else DSIG + "sha1"

    def hash(self) -> hashes.HashAlgorithm:
        """The hash function of the signature and of its digests."""
        if self is SignatureAlgorithm.RSA_SHA256:
            return hashes.SHA256()
        # Only when the establishment's setting asks for it: the public samples of 2019 to 2021 use it.
        return hashes.SHA1()  # noqa: S303


class Signer(Protocol):
    """A signature key with its certificate. The key may be one that never leaves a card."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signature certificate."""
        ...

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The authorities above it, nearest first; may be empty."""
        ...

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        """Return the RSA PKCS#1 v1.5 signature of `data`, hashed as `algorithm` says."""
        ...


@dataclass(frozen=True, slots=True)
class SigningCredentials:
    """A signature key with its certificate, then the authorities above it, nearest first (may be empty)."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def __repr__(self) -> str:
        return f"SigningCredentials(subject={self.certificate.subject.rfc4514_string()!r})"

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        """Return the RSA PKCS#1 v1.5 signature of `data`, hashed as `algorithm` says."""
        return self.key.sign(data, padding.PKCS1v15(), algorithm.hash())


def digest(data: bytes, algorithm: SignatureAlgorithm) -> str:
    """Return the digest of bytes, in base64."""
    hasher = hashes.Hash(algorithm.hash())
    hasher.update(data)
    return base64.b64encode(hasher.finalize()).decode("ascii")


def signature_value(data: bytes, signer: Signer, algorithm: SignatureAlgorithm) -> str:
    """Return the RSA PKCS#1 v1.5 signature of bytes, in base64."""
    return base64.b64encode(signer.sign(data, algorithm)).decode("ascii")


def canonical(element: etree._Element, *, exclusive: bool = False, comments: bool = False) -> bytes:
    """Return the canonical form of an element in its context (its ancestors' namespaces are in scope).

    An element inside a tree is first taken out of it: on such an element lxml 6.1 writes a wrong
    ``xmlns=""`` on grandchildren that use an inherited default namespace.
    """
    if element.getparent() is not None:
        element = parse_foreign(etree.tostring(element, with_tail=False))
    return etree.tostring(element, method="c14n", exclusive=exclusive, with_comments=comments)


def certificate_text(certificate: x509.Certificate) -> str:
    """Return the content of ``ds:X509Certificate``: DER in base64, on one line."""
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode("ascii")


def sign_enveloped(
    element: etree._Element,
    credentials: Signer,
    *,
    identifier: str,
    position: int,
    algorithm: SignatureAlgorithm = SignatureAlgorithm.RSA_SHA256,
) -> etree._Element:
    """Insert an enveloped signature of `element` as its child at `position`, and return the signature.

    `identifier` is the value of the element's own ID attribute. Exclusive canonical form, so that the element
    may be moved into an envelope; it must not be reformatted afterwards.
    """

    def sign(data: bytes) -> bytes:
        return credentials.sign(data, algorithm)

    return sign_enveloped_with(
        element,
        sign,
        credentials.certificate,
        identifier=identifier,
        position=position,
        algorithm=algorithm,
    )


def sign_enveloped_with(
    element: etree._Element,
    sign: Callable[[bytes], bytes],
    certificate: x509.Certificate,
    *,
    identifier: str,
    position: int,
    algorithm: SignatureAlgorithm = SignatureAlgorithm.RSA_SHA256,
) -> etree._Element:
    """Like `sign_enveloped`, for a key that never leaves its holder (a card): `sign` signs bytes with it.

    `sign` returns the RSA PKCS#1 v1.5 signature of the bytes it receives, hashed as `algorithm` says.
    """
    reference_digest = digest(canonical(element, exclusive=True), algorithm)
    signature = etree.Element(f"{{{DSIG}}}Signature", nsmap={"ds": DSIG})
    info = etree.SubElement(signature, f"{{{DSIG}}}SignedInfo")
    etree.SubElement(info, f"{{{DSIG}}}CanonicalizationMethod", Algorithm=EXCLUSIVE_C14N)
    etree.SubElement(info, f"{{{DSIG}}}SignatureMethod", Algorithm=algorithm.value)
    reference = etree.SubElement(info, f"{{{DSIG}}}Reference", URI=f"#{identifier}")
    transforms = etree.SubElement(reference, f"{{{DSIG}}}Transforms")
    etree.SubElement(transforms, f"{{{DSIG}}}Transform", Algorithm=ENVELOPED)
    etree.SubElement(transforms, f"{{{DSIG}}}Transform", Algorithm=EXCLUSIVE_C14N)
    etree.SubElement(reference, f"{{{DSIG}}}DigestMethod", Algorithm=algorithm.digest_uri)
    etree.SubElement(reference, f"{{{DSIG}}}DigestValue").text = reference_digest
    value = base64.b64encode(sign(canonical(info, exclusive=True))).decode("ascii")
    etree.SubElement(signature, f"{{{DSIG}}}SignatureValue").text = value
    signature.append(key_info(certificate))
    element.insert(position, signature)
    return signature


def key_info(certificate: x509.Certificate) -> etree._Element:
    """Return ``ds:KeyInfo`` holding one certificate."""
    info = etree.Element(f"{{{DSIG}}}KeyInfo", nsmap={"ds": DSIG})
    data = etree.SubElement(info, f"{{{DSIG}}}X509Data")
    etree.SubElement(data, f"{{{DSIG}}}X509Certificate").text = certificate_text(certificate)
    return info
