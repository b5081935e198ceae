"""Signature wrapping and key tricks on the VIHF: whatever the shape, nothing is believed that was not signed.

Shapes: those of CVE-2024-45409 (SAML response wrapping) and of XML Signature Best Practices (W3C, 2013).
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from lxml import etree

from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from tests.sandbox.services.dmp import messages
from tests.sandbox.services.dmp.messages import STRUCTURE, Caller

Element = etree._Element
Answer = tuple[int, dict[str, str], bytes]
OTHER = "275126322074974"
DSIG = messages.DSIG


def forged(genuine: Element, identifier: str = "_forged") -> Element:
    """Return a twin that names somebody else, its signature gone."""
    twin = copy.deepcopy(genuine)
    twin.set("ID", identifier)
    for value in twin.iterfind(".//{*}Attribute/{*}AttributeValue"):
        if (value.text or "").startswith(messages.INS):
            value.text = (value.text or "").replace(messages.INS, OTHER)
    twin.remove(twin.find("{*}Signature"))
    return twin


def beside(security: Element, genuine: Element) -> None:
    security.insert(0, forged(genuine))


def after(security: Element, genuine: Element) -> None:
    security.append(forged(genuine))


def inside_object(security: Element, genuine: Element) -> None:
    twin = forged(genuine)
    signature = copy.deepcopy(genuine.find("{*}Signature"))
    holder = etree.SubElement(signature, f"{{{DSIG}}}Object")
    security.replace(genuine, twin)
    holder.append(genuine)
    twin.insert(1, signature)


def inside_subject(security: Element, genuine: Element) -> None:
    twin = forged(genuine)
    twin.insert(1, copy.deepcopy(genuine.find("{*}Signature")))
    security.replace(genuine, twin)
    twin.find("{*}Subject").append(genuine)


def same_identifier(security: Element, genuine: Element) -> None:
    twin = forged(genuine, genuine.get("ID", ""))
    twin.insert(1, copy.deepcopy(genuine.find("{*}Signature")))
    security.insert(0, twin)


def same_identifier_inside(security: Element, genuine: Element) -> None:
    twin = forged(genuine, genuine.get("ID", ""))
    twin.insert(1, copy.deepcopy(genuine.find("{*}Signature")))
    security.replace(genuine, twin)
    twin.append(genuine)


def in_another_header(security: Element, genuine: Element) -> None:
    twin = forged(genuine)
    twin.insert(1, copy.deepcopy(genuine.find("{*}Signature")))
    security.replace(genuine, twin)
    etree.SubElement(security.getparent(), "{urn:x}Kept").append(genuine)


def unsigned(security: Element, genuine: Element) -> None:
    security.replace(genuine, forged(genuine, genuine.get("ID", "")))


def _reference(genuine: Element) -> Element:
    return genuine.find(".//{*}Reference")


def empty_reference(security: Element, genuine: Element) -> None:
    _reference(genuine).set("URI", "")


def no_reference(security: Element, genuine: Element) -> None:
    _reference(genuine).getparent().remove(_reference(genuine))


def two_references(security: Element, genuine: Element) -> None:
    _reference(genuine).addnext(copy.deepcopy(_reference(genuine)))


def two_signatures(security: Element, genuine: Element) -> None:
    genuine.append(copy.deepcopy(genuine.find("{*}Signature")))


def xslt(security: Element, genuine: Element) -> None:
    transforms = genuine.find(".//{*}Transforms")
    etree.SubElement(
        transforms, f"{{{DSIG}}}Transform", Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"
    )


def xpath(security: Element, genuine: Element) -> None:
    transforms = genuine.find(".//{*}Transforms")
    item = etree.SubElement(
        transforms, f"{{{DSIG}}}Transform", Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"
    )
    etree.SubElement(item, f"{{{DSIG}}}XPath").text = "false()"


def algorithm(name: str, value: str) -> Callable[[Element, Element], None]:
    def change(security: Element, genuine: Element) -> None:
        genuine.find(f".//{{{DSIG}}}{name}").set("Algorithm", value)

    change.__name__ = f"{name} {value.rpartition('#')[2]}"
    return change


def key_value(security: Element, genuine: Element) -> None:
    info = genuine.find(".//{*}KeyInfo")
    for child in list(info):
        info.remove(child)
    etree.SubElement(etree.SubElement(info, f"{{{DSIG}}}KeyValue"), f"{{{DSIG}}}RSAKeyValue")


def no_key(security: Element, genuine: Element) -> None:
    signature = genuine.find("{*}Signature")
    signature.remove(signature.find("{*}KeyInfo"))


def comment_in_identifier(security: Element, genuine: Element) -> None:
    value = genuine.find("{*}Subject/{*}NameID")
    value.text = (value.text or "")[:-1]
    value.append(etree.Comment("x"))


TRICKS = (
    beside, after, inside_object, inside_subject, same_identifier, same_identifier_inside, in_another_header,
    unsigned, empty_reference, no_reference, two_references, two_signatures, xslt, xpath, key_value, no_key,
    comment_in_identifier,
    algorithm("SignatureMethod", f"{DSIG}hmac-sha1"),
    algorithm("SignatureMethod", f"{DSIG}rsa-sha1"),
    algorithm("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
    algorithm("SignatureMethod", ""),
    algorithm("DigestMethod", f"{DSIG}sha1"),
    algorithm("DigestMethod", "http://www.w3.org/2001/04/xmldsig-more#md5"),
    algorithm("CanonicalizationMethod", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
)  # fmt: skip


def requests(caller: Caller) -> dict[str, bytes]:
    slots = {
        "$XDSDocumentEntryPatientId": f"'{messages.INS}^^^&{messages.OID}&ISO^NH'",
        "$XDSDocumentEntryStatus": "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')",
    }
    find = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
    return {
        "patients": messages.existence(caller),
        "registry": messages.by_unique_id(caller, "1.2.3"),
        "registry list": messages.query(caller, find, slots),
    }


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_nothing_unsigned_is_believed(
    sandbox: Sandbox, call: Callable[..., Answer], trick: Callable[[Element, Element], None]
) -> None:
    caller = Caller(sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE), sandbox.clock.now())
    tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE)
    for name, body in requests(caller).items():
        root = etree.fromstring(body)
        security = root.find(".//{*}Security")
        trick(security, security.find("{*}Assertion"))
        path = f"/si-dmp-server/v2/services/{name.partition(' ')[0]}"
        status, _, _ = call("POST", path, etree.tostring(root), certificate=tls)
        verdict = sandbox.journal.list("dmp")[0].verdict
        assert (status, verdict.accepted) == (500, False)
        broken = {item.rule for item in verdict.remarks if not item.passed and item.blocking}
        assert any(rule.startswith("vihf.") for rule in broken)
