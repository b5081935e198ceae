"""Class 3 on the signature of a submission set (XAdES): nothing passes for the document that was signed."""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Callable

import pytest
from cryptography import x509
from lxml import etree

from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from tests.hostile.limits import bounded
from tests.sandbox.services.dmp import messages
from tests.sandbox.services.dmp.messages import DSIG, STRUCTURE, XADES, Caller, Paper

Element = etree._Element
Trick = Callable[[Element, bytes], None]
PAPER = Paper(1)
OTHER = messages.cda(PAPER).replace("personnalisé".encode(), "falsifié".encode())
ELSEWHERE = "http://127.0.0.1:9/"


def _digest(document: bytes) -> str:
    data = etree.tostring(etree.fromstring(document), method="c14n", with_comments=True)
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _manifest(root: Element) -> Element:
    return root.find("{*}Object/{*}Manifest")


def _twin(root: Element, document: bytes, identifier: str = "Autre") -> Element:
    """Return a manifest that vouches for the other document."""
    twin = copy.deepcopy(_manifest(root))
    twin.set("Id", identifier)
    twin.findall("{*}Reference")[1].find("{*}DigestValue").text = _digest(document)
    return twin


def manifest_changed(root: Element, document: bytes) -> None:
    _manifest(root).findall("{*}Reference")[1].find("{*}DigestValue").text = _digest(document)


def manifest_after(root: Element, document: bytes) -> None:
    _manifest(root).addnext(_twin(root, document))


def manifest_before(root: Element, document: bytes) -> None:
    _manifest(root).addprevious(_twin(root, document))


def manifest_in_its_own_object(root: Element, document: bytes) -> None:
    etree.SubElement(root, f"{{{DSIG}}}Object").append(_twin(root, document))


def manifest_with_the_same_id(root: Element, document: bytes) -> None:
    etree.SubElement(root, f"{{{DSIG}}}Object").append(_twin(root, document, "IHEManifest"))


def manifest_moved_deeper(root: Element, document: bytes) -> None:
    genuine = _manifest(root)
    genuine.addprevious(_twin(root, document))
    etree.SubElement(etree.SubElement(root, f"{{{DSIG}}}Object"), "{urn:x}Garde").append(genuine)


def manifest_around_the_genuine_one(root: Element, document: bytes) -> None:
    genuine = _manifest(root)
    twin = _twin(root, document)
    genuine.getparent().replace(genuine, twin)
    twin.append(genuine)


def reference_twice_in_the_manifest(root: Element, document: bytes) -> None:
    _manifest(root).append(copy.deepcopy(_twin(root, document).findall("{*}Reference")[1]))


def properties_twice(root: Element, document: bytes) -> None:
    genuine = root.find(f".//{{{XADES}}}SignedProperties")
    twin = copy.deepcopy(genuine)
    twin.set("Id", "Autre")
    genuine.addprevious(twin)
    manifest_changed(root, document)


def information_twice(root: Element, document: bytes) -> None:
    genuine = root.find("{*}SignedInfo")
    twin = copy.deepcopy(genuine)
    twin.find("{*}Reference").set("URI", "#Autre")
    genuine.addprevious(twin)
    manifest_after(root, document)


def information_after(root: Element, document: bytes) -> None:
    twin = copy.deepcopy(root.find("{*}SignedInfo"))
    twin.find("{*}Reference").set("URI", "#Autre")
    root.append(twin)
    manifest_after(root, document)


def _reference(root: Element) -> Element:
    return root.find("{*}SignedInfo/{*}Reference")


def reference_to_the_twin(root: Element, document: bytes) -> None:
    _reference(root).set("URI", "#Autre")
    manifest_after(root, document)


def reference_elsewhere(root: Element, document: bytes) -> None:
    _reference(root).set("URI", ELSEWHERE)


def reference_to_the_whole(root: Element, document: bytes) -> None:
    _reference(root).set("URI", "")


def no_reference(root: Element, document: bytes) -> None:
    _reference(root).getparent().remove(_reference(root))


def reference_without_type(root: Element, document: bytes) -> None:
    del _reference(root).attrib["Type"]


def _transformed(algorithm: str) -> Trick:
    def change(root: Element, document: bytes) -> None:
        transforms = etree.Element(f"{{{DSIG}}}Transforms")
        etree.SubElement(transforms, f"{{{DSIG}}}Transform", Algorithm=algorithm)
        _reference(root).insert(0, transforms)

    change.__name__ = f"transform {algorithm.rpartition('/')[2]}"
    return change


def _algorithm(path: str, value: str) -> Trick:
    def change(root: Element, document: bytes) -> None:
        root.find(path).set("Algorithm", value)

    change.__name__ = f"{path.rpartition('}')[2]} {value.rpartition('#')[2] or 'none'}"
    return change


def letters_in_the_value(root: Element, document: bytes) -> None:
    root.find("{*}SignatureValue").text = "é" * 344


def letters_in_a_digest(root: Element, document: bytes) -> None:
    _reference(root).find("{*}DigestValue").text = "é" * 44


def no_certificate(root: Element, document: bytes) -> None:
    root.find("{*}KeyInfo/{*}X509Data/{*}X509Certificate").text = "é"


def not_a_signature(root: Element, document: bytes) -> None:
    root.tag = f"{{{DSIG}}}Signatures"


MORE = "http://www.w3.org/2001/04/xmldsig-more#"
TRICKS: tuple[Trick, ...] = (
    manifest_changed, manifest_after, manifest_before, manifest_in_its_own_object, manifest_with_the_same_id,
    manifest_moved_deeper, manifest_around_the_genuine_one, reference_twice_in_the_manifest, properties_twice,
    information_twice, information_after, reference_to_the_twin, reference_elsewhere, reference_to_the_whole,
    no_reference, reference_without_type, letters_in_the_value, letters_in_a_digest, no_certificate,
    not_a_signature,
    _transformed("http://www.w3.org/TR/1999/REC-xslt-19991116"),
    _transformed(f"{DSIG}enveloped-signature"),
    _algorithm("{*}SignedInfo/{*}SignatureMethod", f"{DSIG}hmac-sha1"),
    _algorithm("{*}SignedInfo/{*}SignatureMethod", f"{MORE}rsa-md5"),
    _algorithm("{*}SignedInfo/{*}CanonicalizationMethod", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
    _algorithm("{*}SignedInfo/{*}Reference/{*}DigestMethod", f"{MORE}md5"),
    _algorithm("{*}Object/{*}Manifest/{*}Reference/{*}DigestMethod", ""),
)  # fmt: skip


@pytest.mark.req("S5")
@pytest.mark.parametrize("other", [True, False], ids=["another document", "the document signed"])
@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_another_document_is_never_taken_for_the_one_signed(
    sandbox: Sandbox, trick: Trick, other: bool
) -> None:
    caller = Caller(sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE), sandbox.clock.now())
    kind, body = messages.deposit(caller, PAPER)
    document = messages.cda(PAPER)
    signature = messages.xades(caller.signer, PAPER, document)
    root = etree.fromstring(signature)
    trick(root, OTHER)
    sent = body.replace(signature, etree.tostring(root))
    if other:
        sent = sent.replace(document, OTHER)
    with bounded(trick.__name__):
        verdict = _judge(sandbox, sent, kind)
    broken = {item.rule for item in verdict.remarks if not item.passed and item.blocking}
    if other:
        assert not verdict.accepted
        assert any(rule.startswith("xades.") for rule in broken)
    # With the document that was signed, what is added beside the signature changes nothing.
    elif not verdict.accepted:
        assert broken <= {
            "xades.signature", "xades.certificate", "xades.properties", "xades.manifest", "xades.digest",
        }  # fmt: skip


def _judge(sandbox: Sandbox, body: bytes, kind: str) -> Verdict:
    pem = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE).certificate.read_bytes()
    request = SandboxRequest(
        "POST", "/si-dmp-server/v2/services/repository", "", {"content-type": kind}, body,
        x509.load_pem_x509_certificate(pem), sandbox.clock.now(),
    )  # fmt: skip
    answer: tuple[SandboxResponse, Verdict] = sandbox.services["dmp"].handle(request)  # type: ignore[attr-defined]
    return answer[1]
