"""The sandbox against official files: its answers by the schemas, its judgement on the published samples."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.services.dmp import xades
from tests.sandbox.services.dmp import messages
from tests.sandbox.services.dmp.messages import STRUCTURE, Caller, Paper

pytestmark = pytest.mark.needs("official")
Answer = tuple[int, dict[str, str], bytes]


def official(pattern: str) -> Path:
    """Return one official file, found by its name anywhere in the folder."""
    found = sorted(Path(os.environ["AMARRE_OFFICIAL"]).rglob(pattern))
    if not found:
        pytest.skip(f"{pattern} is not in the official folder")
    return found[0]


def test_answers_are_valid(sandbox: Sandbox, call: Callable[..., Answer]) -> None:
    caller = Caller(sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE), sandbox.clock.now())
    tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE)
    card = messages.card_of(sandbox.pki.data_dir, caller)
    soap = "application/soap+xml"
    kind, deposit = messages.deposit(caller, Paper(1))
    exchanges = [
        ("patients", soap, messages.existence(caller), "PRPA_IN201308UV02.xsd"),
        ("patients", soap, messages.existence(caller.but(ins="244079912210452")), "PRPA_IN201308UV02.xsd"),
        ("patients", soap, messages.existence(caller.but(ins="238042915110161")), "PRPA_IN201308UV02.xsd"),
        ("repository", kind, deposit, "rs.xsd"),
        ("repository", *messages.deposit(caller, Paper(1)), "rs.xsd"),
        ("registry", soap, messages.by_unique_id(caller, Paper(1).unique_id), "query.xsd"),
        ("registry", soap, messages.by_unique_id(card, Paper(1).unique_id, "LeafClass"), "query.xsd"),
        ("registry", soap, messages.query(card, "urn:uuid:0", {"a": "b"}), "query.xsd"),
    ]
    for service, media, body, name in exchanges:
        path = f"/si-dmp-server/v2/services/{service}"
        _, _, answer = call("POST", path, body, certificate=tls, content_type=media)
        content = etree.fromstring(answer).find("{*}Body")[0]
        schema = etree.XMLSchema(etree.parse(str(official(name))))
        assert schema.validate(etree.fromstring(etree.tostring(content))), schema.error_log


def test_the_published_signature_is_judged_right() -> None:
    root = etree.fromstring(official("*SignatureXades*.xml").read_bytes())
    certificate = xades._certificate(root)
    assert certificate is not None
    assert xades._covered(root, certificate) is not None
    root.find(".//{*}Manifest/{*}Reference/{*}DigestValue").text = "AQ=="
    assert xades._covered(root, certificate) is None
