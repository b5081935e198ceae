"""Judges the signature of a submission set: certificate, signature, manifest, digests of the documents.

Sources: SEL-MP-037 (shape of the signature document, XAdES 1.1.1), IHE ITI DSG, XML Signature 1.1 §3.2.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from amarre.interop.common.xml import XmlError, parse_foreign
from amarre.sandbox.services.dmp import certificates
from amarre.sandbox.services.dmp.rules import Judge

DSIG = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.1.1#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_MANIFEST, _PROPERTIES = f"{{{DSIG}}}Manifest", f"{{{XADES}}}SignedProperties"
# Canonical forms: algorithm → (exclusive, with comments).
FORMS = {
    C14N: (False, False),
    f"{C14N}#WithComments": (False, True),
    EXCLUSIVE: (True, False),
    f"{EXCLUSIVE}WithComments": (True, True),
}
HASHES = {f"{DSIG}sha1": "sha1", "http://www.w3.org/2001/04/xmlenc#sha256": "sha256"}
# The samples of 2019-2021 use SHA-1; which one the DMP asks for now is not confirmed: both are read.
METHODS: dict[str, hashes.HashAlgorithm] = {
    f"{DSIG}rsa-sha1": hashes.SHA1(),  # noqa: S303
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": hashes.SHA256(),
}


@dataclass(frozen=True, slots=True)
class Signed:
    """What must be signed: the uniqueId of the set, and each document by its uniqueId."""

    submission_set: str
    documents: dict[str, bytes]


def judge_signature(
    data: bytes,
    judge: Judge,
    signed: Signed,
    *,
    now: datetime.datetime,
    authorities: tuple[x509.Certificate, ...],
    owner: str,
) -> None:
    """Write every remark about the signature document of a submission set."""
    try:
        root = parse_foreign(data)
    except XmlError:
        judge.check("xades.signature", False, "document illisible")
        return
    certificate = _certificate(root)
    good = (
        certificate is not None
        and certificates.is_for_signature(certificate)
        and certificates.is_trusted(certificate, authorities, now)
        and owner in (certificates.structure_of(certificate), certificates.common_name(certificate))
    )
    judge.check("xades.certificate", good, received=certificates.described(certificate))
    if certificate is None:
        return
    covered = _covered(root, certificate)
    judge.check("xades.signature", covered is not None)
    # Nothing is read from around what the signature covers: a twin beside it may say anything.
    manifest, properties = (None, None) if covered is None else covered
    _judge_properties(properties, certificate, judge)
    _judge_manifest(manifest, signed, judge)


def _covered(
    root: etree._Element, certificate: x509.Certificate
) -> tuple[etree._Element | None, etree._Element | None] | None:
    """Return the manifest and the properties that the signature covers, None when it does not hold.

    SignedInfo refers to one manifest, to its properties at most once, and to nothing else.
    """
    information = root.find(f"{{{DSIG}}}SignedInfo")
    if root.tag != f"{{{DSIG}}}Signature" or information is None:
        return None
    if len(root.findall(f"{{{DSIG}}}SignedInfo")) != 1 or not _value_holds(root, information, certificate):
        return None
    found: dict[str, etree._Element] = {}
    for reference in information.findall(f"{{{DSIG}}}Reference"):
        target = _referenced(root, reference)
        name = "" if target is None else str(target.tag)
        if target is None or name not in (_MANIFEST, _PROPERTIES) or name in found:
            return None
        found[name] = target
    return (found[_MANIFEST], found.get(_PROPERTIES)) if _MANIFEST in found else None


def _value_holds(root: etree._Element, information: etree._Element, certificate: x509.Certificate) -> bool:
    """Tell whether SignatureValue signs SignedInfo with the key of the certificate."""
    form = FORMS.get(_algorithm(information, "CanonicalizationMethod"))
    method = METHODS.get(_algorithm(information, "SignatureMethod"))
    key = certificate.public_key()
    if form is None or method is None or not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        value = base64.b64decode(root.findtext(f"{{{DSIG}}}SignatureValue") or "")
        key.verify(value, _canonical(information, form), padding.PKCS1v15(), method)
    except (InvalidSignature, ValueError):
        return False
    return True


def _referenced(root: etree._Element, reference: etree._Element) -> etree._Element | None:
    """Return the element of a same-document reference without transform, None when it does not hold."""
    name = reference.get("URI", "").removeprefix("#")
    targets = [item for item in root.iter() if isinstance(item.tag, str) and item.get("Id") == name]
    transformed = reference.find(f"{{{DSIG}}}Transforms") is not None
    algorithm = HASHES.get(_algorithm(reference, "DigestMethod"))
    if not name or len(targets) != 1 or transformed or algorithm is None:
        return None
    data = _canonical(targets[0], FORMS[C14N])
    right = _claimed(reference) == hashlib.new(algorithm, data, usedforsecurity=False).digest()
    return targets[0] if right else None


def _canonical(element: etree._Element, form: tuple[bool, bool]) -> bytes:
    """Return the canonical form of an element, taken out of its tree first.

    lxml 6.1 writes a wrong xmlns="" below an element that inherits its default namespace.
    """
    alone = parse_foreign(etree.tostring(element, with_tail=False))
    return etree.tostring(alone, method="c14n", exclusive=form[0], with_comments=form[1])


def _algorithm(parent: etree._Element, name: str) -> str:
    found = parent.find(f"{{{DSIG}}}{name}")
    return "" if found is None else found.get("Algorithm", "")


def _claimed(reference: etree._Element) -> bytes:
    try:
        return base64.b64decode(reference.findtext(f"{{{DSIG}}}DigestValue") or "")
    except ValueError:
        return b""


def _judge_properties(properties: etree._Element | None, certificate: x509.Certificate, judge: Judge) -> None:
    time = "" if properties is None else (properties.findtext(f".//{{{XADES}}}SigningTime") or "").strip()
    digests = set()
    if properties is not None:
        for item in properties.iter(f"{{{XADES}}}CertDigest"):
            method = item.find("{*}DigestMethod")
            name = HASHES.get("" if method is None else method.get("Algorithm", ""))
            digests.add((name, (item.findtext("{*}DigestValue") or "").strip()))
    der = certificate.public_bytes(serialization.Encoding.DER)
    own = {
        (name, base64.b64encode(hashlib.new(name, der, usedforsecurity=False).digest()).decode("ascii"))
        for name in HASHES.values()
    }
    judge.check("xades.properties", bool(time) and bool(digests & own), received=f"SigningTime {time}")


def _judge_manifest(manifest: etree._Element | None, signed: Signed, judge: Judge) -> None:
    listed = [] if manifest is None else manifest.findall(f"{{{DSIG}}}Reference")
    references = {item.get("URI", ""): item for item in listed}
    wanted = [f"urn:oid:{signed.submission_set}", *(f"urn:oid:{item}" for item in signed.documents)]
    judge.check_all("xades.manifest", [uri for uri in wanted if uri not in references])
    problems = []
    for identifier, data in signed.documents.items():
        reference = references.get(f"urn:oid:{identifier}")
        if reference is not None and not _digest_holds(reference, data):
            problems.append(identifier)
    judge.check_all("xades.digest", problems)


def _digest_holds(reference: etree._Element, data: bytes) -> bool:
    """Tell whether a reference of the manifest holds for the bytes of its document."""
    name = HASHES.get(_algorithm(reference, "DigestMethod"))
    if name is None:
        return False
    for transform in reference.findall(f"{{{DSIG}}}Transforms/{{{DSIG}}}Transform"):
        form = FORMS.get(transform.get("Algorithm", ""))
        if form is None:
            return False
        try:
            tree = parse_foreign(data).getroottree()
        except XmlError:
            return False
        data = etree.tostring(tree, method="c14n", exclusive=form[0], with_comments=form[1])
    return _claimed(reference) == hashlib.new(name, data, usedforsecurity=False).digest()


def _certificate(root: etree._Element) -> x509.Certificate | None:
    path = f"{{{DSIG}}}KeyInfo/{{{DSIG}}}X509Data/{{{DSIG}}}X509Certificate"
    try:
        return x509.load_der_x509_certificate(base64.b64decode("".join((root.findtext(path) or "").split())))
    except ValueError:
        return None
