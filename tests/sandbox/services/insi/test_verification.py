"""Verification in the sandbox's own form: refused anywhere else, resumable, within quotas."""

from __future__ import annotations

import dataclasses
import json
import time
import uuid
from collections.abc import Iterator

import pytest

from amarre.cast import ESTABLISHMENTS
from amarre.cast.usagers import USAGERS
from amarre.interop.clients.insi_batch import BatchOptions, RateLimiter, step, verify_each
from amarre.interop.clients.insi_verification import PATH, SandboxVerification
from amarre.interop.common.clock import SystemIds
from amarre.interop.ins import (
    BirthDate,
    Environment,
    IdentityState,
    Ins,
    OidNotAccepted,
    Sexe,
    Traits,
    TraitsRefused,
    ins_oid,
    matricule_received,
)
from amarre.interop.ins.insi import (
    CallForbidden,
    InsiProfile,
    LotUnknown,
    QuotaExceeded,
    VerificationAnswerInvalid,
    VerificationForbidden,
    VerificationNotOfficial,
    VerificationRefused,
)
from amarre.interop.ins.status import Attribute
from amarre.interop.ins.verification import (
    LotState,
    VerificationOutcome,
    VerificationRequest,
    verification_request,
)
from amarre.interop.ins.verification_batch import (
    BatchState,
    LotStage,
    batch_from_json,
    batch_to_json,
    plan_batch,
)
from amarre.interop.transport.http import (
    DEFAULT_DEADLINES,
    Deadlines,
    HttpRequest,
    HttpResponse,
    TlsHttpTransport,
)
from amarre.interop.transport.tls import client_context
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use

STRUCTURE = ESTABLISHMENTS[0].struct_idnat
QUALIFIED = IdentityState(insi=True, coherence=True)


def profile(endpoint: str, environment: Environment = Environment.SANDBOX) -> InsiProfile:
    return InsiProfile(endpoint, "x", "amarre", "0.1", "i", STRUCTURE, environment)


def cast_requests() -> list[VerificationRequest]:
    """Return every person of the cast whom INSi knows."""
    return [
        VerificationRequest(
            item.key,
            Ins(matricule_received(item.matricule, item.cle)[0], ins_oid(item.ins_oid)),
            Traits(
                item.nom_naissance,
                item.prenoms,
                Sexe(item.sexe),
                BirthDate(item.date_naissance),
                item.lieu_naissance,
            ),
        )
        for item in USAGERS
        if item.insi == "found"
    ]


def wrong(request: VerificationRequest, reference: str = "faux", **traits: object) -> VerificationRequest:
    changed = dataclasses.replace(request.traits, **traits)  # type: ignore[arg-type]
    return dataclasses.replace(request, reference=reference, traits=changed)


@pytest.fixture
def transport(sandbox: Sandbox) -> Iterator[TlsHttpTransport]:
    paths = sandbox.pki.paths(Use.INSI, STRUCTURE)
    made = TlsHttpTransport(client_context(paths.authorities, paths.certificate, paths.key))
    yield made
    made.close()


@pytest.fixture
def port(sandbox: Sandbox, transport: TlsHttpTransport) -> SandboxVerification:
    return SandboxVerification(transport, profile(f"{sandbox.https_url}/lps"))


def play(port: SandboxVerification, state: BatchState, requests: list[VerificationRequest]) -> BatchState:
    """Play a batch to its end, saving and reading back its state at each step as a killed process would."""
    by_reference = {request.reference: request for request in requests}
    for _ in range(200):
        if state.finished:
            return state
        state = batch_from_json(batch_to_json(step(port, state, by_reference, SystemIds())))
        time.sleep(0.01)
    raise AssertionError("the batch does not end")


@pytest.mark.parametrize(
    ("endpoint", "environment"),
    [
        ("https://localhost/lps", Environment.PRODUCTION),
        ("https://localhost/lps", Environment.QUALIFICATION),
        ("https://qualiflps-services-ps-tlsm.ameli.fr:443/lps", Environment.SANDBOX),
        ("https://AMELI.FR/lps", Environment.SANDBOX),
        ("nowhere", Environment.SANDBOX),
    ],
)
def test_it_refuses_anything_but_a_sandbox(
    transport: TlsHttpTransport, endpoint: str, environment: Environment
) -> None:
    with pytest.raises(VerificationNotOfficial):
        SandboxVerification(transport, profile(endpoint, environment))


def test_who_may_be_verified() -> None:
    one = cast_requests()[-1]
    made = verification_request("r", one.ins, one.traits, QUALIFIED, Environment.SANDBOX)
    assert made.reference == "r"
    assert "POCHARD" not in repr(made)
    assert verification_request("r", one.ins, one.traits, None, Environment.SANDBOX)
    doubtful = IdentityState(attributes=frozenset({Attribute.DOUTEUSE}))
    with pytest.raises(CallForbidden):
        verification_request("r", one.ins, one.traits, doubtful, Environment.SANDBOX)
    with pytest.raises(VerificationForbidden):
        verification_request("r", one.ins, one.traits, IdentityState(coherence=True), Environment.SANDBOX)
    with pytest.raises(OidNotAccepted):
        verification_request("r", one.ins, one.traits, QUALIFIED, Environment.PRODUCTION)
    low = dataclasses.replace(one.traits, nom_naissance="pochard")
    with pytest.raises(TraitsRefused):
        verification_request("r", one.ins, low, QUALIFIED, Environment.SANDBOX)


def test_one_identity(sandbox: Sandbox, port: SandboxVerification) -> None:
    for request in cast_requests():
        assert port.verify(request).outcome is VerificationOutcome.CONFIRMED
    first = cast_requests()[0]
    assert port.verify(wrong(first, nom_naissance="AUTRE")).outcome is VerificationOutcome.REFUTED
    assert port.verify(wrong(first, lieu_naissance="99999")).outcome is VerificationOutcome.CONFIRMED
    invalid = port.verify(wrong(first, nom_naissance="-A"))
    assert (invalid.outcome, invalid.code) == (VerificationOutcome.INVALID, "insi_20")
    sandbox.choose("insi", "verification-ko", 1)
    assert port.verify(first).outcome is VerificationOutcome.REFUTED
    exchange = sandbox.journal.list("insi")[0]
    assert "non officielle" in exchange.verdict.operation
    assert b'"officiel": false' in exchange.response


def test_a_batch_by_lots_killed_at_every_step(sandbox: Sandbox, port: SandboxVerification) -> None:
    requests = [*cast_requests(), wrong(cast_requests()[0], prenoms="AUTRE")]
    names = [request.reference for request in requests]
    state = plan_batch([*names, "parti", names[0]], 5, SystemIds())
    assert (state.total, len(state.remaining)) == (len(names) + 1, len(names) + 1)
    done = play(port, state, requests)
    counts = done.counts()
    assert counts[VerificationOutcome.REFUTED] == 1
    assert counts[VerificationOutcome.CONFIRMED] == len(names) - 1
    assert done.remaining == ()
    # Played again: nothing is asked.
    assert step(port, done, {}, SystemIds()) is done
    assert not [key for key in sandbox.store.keys("insi") if key.startswith("verification/")]


def test_a_deposit_lost_before_it_was_saved_has_one_effect(
    sandbox: Sandbox, port: SandboxVerification
) -> None:
    requests = cast_requests()[:4]
    by_reference = {request.reference: request for request in requests}
    planned = plan_batch(list(by_reference), 10, SystemIds())
    step(port, planned, by_reference, SystemIds())  # the state returned is lost: the process was killed
    assert len(sandbox.store.keys("insi", "verification/")) == 1
    again = step(port, planned, by_reference, SystemIds())
    assert len(sandbox.store.keys("insi", "verification/")) == 1
    assert again.lots[0].stage is LotStage.DEPOSITED
    # Killed the same way, and an identity changed since: the old lot is dropped, not believed.
    changed = by_reference | {requests[0].reference: wrong(requests[0], requests[0].reference, prenoms="X")}
    after = step(port, planned, changed, SystemIds())
    assert [lot.stage for lot in after.lots] == [LotStage.DONE, LotStage.PLANNED]
    result = play(port, after, list(changed.values()))
    assert result.counts()[VerificationOutcome.REFUTED] == 1


def test_a_lot_the_service_lost_is_asked_again(sandbox: Sandbox, port: SandboxVerification) -> None:
    requests = cast_requests()[:3]
    by_reference = {request.reference: request for request in requests}
    state = step(port, plan_batch(list(by_reference), 10, SystemIds()), by_reference, SystemIds())
    sandbox.choose("insi", "lots-oublies", 1)
    state = step(port, state, by_reference, SystemIds())
    assert [lot.stage for lot in state.lots] == [LotStage.DONE, LotStage.PLANNED]
    assert play(port, state, requests).counts()[VerificationOutcome.CONFIRMED] == 3


def test_partial_results_and_blocked_lots(sandbox: Sandbox, port: SandboxVerification) -> None:
    base = cast_requests()[0]
    requests = [dataclasses.replace(base, reference=f"r{i}") for i in range(450)]
    lot = str(uuid.uuid4())
    assert port.deposit(lot, requests).state is LotState.DEPOSITED
    sandbox.choose("insi", "lots-bloques", 1)
    assert port.fetch(lot).processed == 0
    time.sleep(1.0)
    first = port.fetch(lot)
    assert (first.state, first.next_line, len(first.results), first.all_read) == (
        LotState.DONE,
        200,
        200,
        False,
    )
    assert port.fetch(lot, 200).next_line == 400
    assert port.fetch(lot, 400).all_read
    port.close(lot)
    port.close(lot)
    with pytest.raises(LotUnknown):
        port.fetch(lot)


def test_limits_of_lots(port: SandboxVerification) -> None:
    base = cast_requests()[0]
    with pytest.raises(VerificationRefused) as caught:
        port.deposit(str(uuid.uuid4()), [dataclasses.replace(base, reference=str(i)) for i in range(1_001)])
    assert caught.value.remote_code == "lot_trop_long"
    for content, code in (([], "lot_vide"), ([base, base], "reference_repetee")):
        with pytest.raises(VerificationRefused) as caught:
            port.deposit(str(uuid.uuid4()), content)
        assert caught.value.remote_code == code
    for _ in range(5):
        port.deposit(str(uuid.uuid4()), [base])
    with pytest.raises(QuotaExceeded):
        port.deposit(str(uuid.uuid4()), [base])


def test_what_is_not_a_demand_is_refused(sandbox: Sandbox, transport: TlsHttpTransport) -> None:
    def send(body: bytes, kind: str = "application/json", path: str = "/unitaire") -> tuple[int, str]:
        request = HttpRequest("POST", f"{sandbox.https_url}{PATH}{path}", {"content-type": kind}, body)
        response = transport.send(request)
        return response.status, json.loads(response.body)["erreur"]["code"]

    mark = {"format": "amarre-verification-0"}
    assert send(b"{}", "text/xml") == (415, "type")
    assert send(b"[") == (400, "json")
    assert send(b"{}") == (400, "format")
    assert send(json.dumps(mark | {"demande": {"x": "y"}}).encode()) == (400, "champs")
    assert send(json.dumps(mark | {"demande": {"nom": 3}}).encode()) == (400, "champs")
    assert send(b"{}", path="/autre") == (404, "adresse")
    paths = sandbox.pki.paths(Use.MSSANTE, STRUCTURE)
    other = TlsHttpTransport(client_context(paths.authorities, paths.certificate, paths.key))
    refused = other.send(HttpRequest("POST", f"{sandbox.https_url}{PATH}/unitaire", {}, b"{}"))
    other.close()
    assert refused.status == 403


class Answering:
    """Gives one prepared answer to everything."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self._response = HttpResponse(status, {}, body)

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        return self._response


MARK = '"format": "amarre-verification-0", "officiel": false'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"format": "autre", "officiel": false}',
        b'{"format": "amarre-verification-0", "officiel": true, "reference": "r", "resultat": "OK"}',
        f'{{{MARK}, "reference": "autre", "resultat": "OK"}}'.encode(),
        f'{{{MARK}, "reference": "catarina-tchitchi", "resultat": "oui"}}'.encode(),
        f'{{{MARK}, "resultat": "OK"}}'.encode(),
        b"[" * 100_000,
        b" " * 5_000_001,
    ],
)
def test_answers_that_are_not_believed(body: bytes) -> None:
    port = SandboxVerification(Answering(body), profile("https://localhost/lps"))
    with pytest.raises(VerificationAnswerInvalid):
        port.verify(cast_requests()[0])


@pytest.mark.parametrize(
    "content",
    [
        '"lot": "autre"',
        '"lot": "l"',
        '"lot": "l", "lignes": 1, "traitees": true, "suivant": 0, "resultats": []',
        '"lot": "l", "lignes": 1, "traitees": -1, "suivant": 0, "resultats": []',
        '"lot": "l", "lignes": 1, "traitees": 1, "suivant": 0, "resultats": [], "etat": "x"',
    ],
)
def test_lots_that_are_not_believed(content: str) -> None:
    port = SandboxVerification(Answering(f"{{{MARK}, {content}}}".encode()), profile("https://localhost/lps"))
    with pytest.raises(VerificationAnswerInvalid):
        port.fetch("l")


def test_each_with_bounded_concurrency_reaches_what_the_latency_allows(
    sandbox: Sandbox, port: SandboxVerification
) -> None:
    base = cast_requests()[0]
    requests = [dataclasses.replace(base, reference=f"r{i}") for i in range(48)]
    sandbox.choose("insi", "latence-100-ms")
    start = time.monotonic()
    events = list(verify_each(port, iter(requests), BatchOptions(concurrency=8)))
    elapsed = time.monotonic() - start
    assert {event.reference for event in events} == {request.reference for request in requests}
    assert all(event.result is not None for event in events)
    # Six waves of 100 ms: never faster than the bound, and not much slower (the rest is this machine's).
    assert 0.6 <= elapsed < 3.0


def test_quota_slows_down_and_failures_stop(sandbox: Sandbox, port: SandboxVerification) -> None:
    base = cast_requests()[0]
    requests = [dataclasses.replace(base, reference=f"r{i}") for i in range(12)]
    sandbox.choose("insi", "quota-depasse", 1)
    events = list(verify_each(port, requests, BatchOptions(concurrency=2)))
    assert len(events) == 12
    assert all(event.error is None for event in events)
    sandbox.choose("insi", "indisponible")
    stopped = list(verify_each(port, requests, BatchOptions(concurrency=2, give_up_after=3)))
    assert 3 <= len(stopped) <= 5
    assert all(event.result is None for event in stopped)


def test_the_rate_is_kept() -> None:
    instants: list[float] = [0.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        instants[0] += seconds

    limiter = RateLimiter(10, now=lambda: instants[0], sleep=sleep)
    for _ in range(11):
        limiter.start()
    assert instants[0] == pytest.approx(1.0)
    limiter.hold(5)
    limiter.start()
    assert instants[0] == pytest.approx(6.0)
    free = RateLimiter(0, now=lambda: instants[0], sleep=sleep)
    free.start()
    assert instants[0] == pytest.approx(6.0)
    free.hold(2)
    assert instants[0] == pytest.approx(8.0)


def test_a_saved_state_that_is_not_one() -> None:
    with pytest.raises(ValueError, match="batch"):
        batch_from_json("{}")
    with pytest.raises(ValueError, match="positive"):
        plan_batch(["a"], 0, SystemIds())
