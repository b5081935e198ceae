"""Class 3 on every assertion the sandbox verifies: whatever the shape, nothing unsigned is believed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography import x509
from lxml import etree

from amarre.interop.common.clock import SystemClock
from amarre.interop.ins.insi import traits_request
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from tests.conftest import FixedClock, SequenceIds
from tests.hostile.limits import bounded
from tests.hostile.signatures import SOMEBODY_ELSE, TRICKS, WRAPPINGS, Trick
from tests.sandbox.services.dmp import messages
from tests.sandbox.services.dmp.messages import STRUCTURE, Caller
from tests.sandbox.services.insi.test_card_mode import QUERY, card, profile

Judge = Callable[[bytes], Verdict]


def _handle(sandbox: Sandbox, service: str, request: SandboxRequest) -> Verdict:
    answer: tuple[SandboxResponse, Verdict] = sandbox.services[service].handle(request)  # type: ignore[attr-defined]
    return answer[1]


def _dmp(sandbox: Sandbox, caller: Caller) -> tuple[bytes, Judge]:
    pem = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE).certificate.read_bytes()
    certificate = x509.load_pem_x509_certificate(pem)

    def judge(body: bytes) -> Verdict:
        request = SandboxRequest(
            "POST", "/si-dmp-server/v2/services/patients", "", {"content-type": "application/soap+xml"},
            body, certificate, sandbox.clock.now(),
        )  # fmt: skip
        return _handle(sandbox, "dmp", request)

    return messages.existence(caller), judge


def by_structure(sandbox: Sandbox) -> tuple[bytes, Judge]:
    """A VIHF signed by the certificate of an establishment (INDIRECTE)."""
    return _dmp(sandbox, Caller(sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE), sandbox.clock.now()))


def by_card(sandbox: Sandbox) -> tuple[bytes, Judge]:
    """A VIHF signed by the card of a professional (DIRECTE)."""
    caller = Caller(sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE), sandbox.clock.now())
    return _dmp(sandbox, messages.card_of(sandbox.settings.data_dir, caller))


def insi_card(sandbox: Sandbox) -> tuple[bytes, Judge]:
    """The assertion of a card, for INSi."""
    request = traits_request(
        QUERY, profile(sandbox), FixedClock(SystemClock().now()), SequenceIds(), card(sandbox)
    )
    headers = {"content-type": f'application/soap+xml; action="{request.action}"'}

    def judge(body: bytes) -> Verdict:
        received = SandboxRequest("POST", "/lps", "", headers, body, None, sandbox.clock.now())
        return _handle(sandbox, "insi", received)

    return request.body, judge


MESSAGES = (by_structure, by_card, insi_card)


@pytest.mark.req("S5")
def test_the_corpus_is_as_large_as_announced() -> None:
    assert len({trick.__name__ for trick in (*WRAPPINGS, *TRICKS)}) == len(WRAPPINGS) + len(TRICKS)
    assert len(WRAPPINGS) * len(MESSAGES) + len(TRICKS) >= 44


@pytest.mark.req("S5")
@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
@pytest.mark.parametrize("trick", [*WRAPPINGS, *TRICKS], ids=lambda trick: trick.__name__)
def test_nothing_unsigned_is_believed(
    sandbox: Sandbox,
    message: Callable[[Sandbox], tuple[bytes, Judge]],
    trick: Trick,
) -> None:
    body, judge = message(sandbox)
    assert judge(body).accepted
    sandbox.store.clear()
    root = etree.fromstring(body)
    holder = root.find(".//{*}Security")
    trick(holder, holder.find("{*}Assertion"))
    with bounded(trick.__name__):
        verdict = judge(etree.tostring(root))
    assert not verdict.accepted
    broken = [item for item in verdict.remarks if not item.passed and item.blocking]
    assert broken
    assert all(item.rule.startswith(("vihf.", "assertion_", "carte_", "xml")) for item in broken)
    # What the forged twin says is never shown as who calls.
    assert SOMEBODY_ELSE not in " ".join(verdict.decoded.values())
