"""F5: whatever the DMP answers to a deposit, its row never lies, people read why, and it ends there once.

`make test` plays one shape in six; `make prove` plays them all (AMARRE_PROVE_ANSWERS=all).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings

from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Circuit
from amarre.dui.exchanges.services.resume import resume_exchange
from amarre.dui.exchanges.worker import drain
from amarre.sandbox.service import SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.dmp.endpoint import DmpService
from tests.dui.connected import House
from tests.dui.dmp.bad_answers import SHAPES, SOAP, Shape
from tests.dui.dmp.test_deposit_in_dmp import held, reload
from tests.dui.dmp.test_dmp_situations import make_due
from tests.interop.clients.test_dmp_bad_answers import unsaid_to_a_secretary

FULL = os.environ.get("AMARRE_PROVE_ANSWERS") == "all"
# Where the bad answer comes: to the question before the deposit, to the deposit, to that after a doubt.
EXISTENCE, DEPOSIT, SEARCH = "patients", "repository", "registry"
DOUBT = re.compile("peut-être|inconnu|ne sait pas")
BELIEVED_ABSENT = (State.REFUSE, State.ANNULE)


@dataclass(slots=True)
class Answers:
    """Spoils the answers of one service of the DMP, until `shape` is taken away."""

    shape: Shape | None = None
    service: str = DEPOSIT
    treated: bool = True
    spoilt: int = 0

    def answer(self, service: DmpService, request: SandboxRequest, really: Any) -> Any:
        if self.shape is None or not request.path.endswith(f"/{self.service}"):
            return really(service, request)
        self.spoilt += 1
        if self.treated:
            good, verdict = really(service, request)
            return self.shape.spoil(good), verdict
        return self.shape.spoil(_success(request)), Verdict(False, "non traité", "")


def _success(request: SandboxRequest) -> SandboxResponse:
    """The good answer to a request that nobody treated: something to spoil."""
    number = re.search(rb"MessageID[^>]*>([^<]*)<", request.body)
    relates = number.group(1) if number else b""
    envelope = (
        b'<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" '
        b'xmlns:wsa="http://www.w3.org/2005/08/addressing"><soap:Header><wsa:Action>urn:x</wsa:Action>'
        b"<wsa:RelatesTo>" + relates + b"</wsa:RelatesTo></soap:Header><soap:Body>"
        b'<rs:RegistryResponse xmlns:rs="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" '
        b'status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"/></soap:Body></soap:Envelope>'
    )
    return SandboxResponse(200, {"content-type": SOAP}, envelope)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    really, playing = DmpService.handle, Answers()

    def handle(service: DmpService, request: SandboxRequest) -> tuple[SandboxResponse, Verdict]:
        found: tuple[SandboxResponse, Verdict] = playing.answer(service, request, really)
        return found

    monkeypatch.setattr(DmpService, "handle", handle)
    monkeypatch.setattr(settings, "AMARRE_CIRCUIT_REST_SECONDS", 0)
    return playing


# A refusal that was treated, a success that was not: the service itself would lie, not what is between.
DEPOSITS: list[tuple[Shape, object]] = [
    (shape, treated)
    for shape in SHAPES
    for treated in (True, False)
    if not (shape.refuses if treated else shape.succeeds)
]
# For a search, the answer « of another service » is its own: nothing found.
QUESTIONS: list[tuple[Shape, object]] = [
    (shape, service)
    for shape in SHAPES
    for service in (EXISTENCE, SEARCH)
    if not shape.refuses and (service, shape.name) != (SEARCH, "réponse d'un autre service")
]


def sampled(rows: list[tuple[Shape, object]]) -> list[Any]:
    """Every row, or one in eight, always the same."""
    kept = rows if FULL else rows[::8]
    return [pytest.param(*row, id=f"{row[0].name} {row[1]}") for row in kept]


def assert_told(deposit: DmpDeposit, house: House) -> None:
    """What the row says is true, and a person understands it."""
    exchange = deposit.exchange
    there = bool(held(house))
    if exchange.state == State.ACCEPTE:
        assert there
        return
    said = exchange.explanation
    assert all(said[part] for part in ("what", "data_state", "advice"))
    words = said["what"]
    assert words.endswith(".")
    for part in ("what", "data_state", "advice"):
        assert not unsaid_to_a_secretary(said[part]), said[part]
    if exchange.state in BELIEVED_ABSENT or not exchange.outcome_unknown:
        assert not there, (exchange.state, words)
    if exchange.outcome_unknown:
        assert DOUBT.search(said["data_state"]), said


def assert_ends_there_once(deposit: DmpDeposit, house: House) -> None:
    """The trouble over, the document is at the DMP, once, and the row says so."""
    for _ in range(3):
        exchange = reload(deposit).exchange
        if exchange.state in (State.REFUSE, State.A_REFAIRE):
            resume_exchange(exchange=exchange, actor=house.actor)
        make_due()
        drain()
    ended = reload(deposit)
    assert ended.exchange.state == State.ACCEPTE, ended.exchange.explanation
    assert len(held(house)) == 1
    assert ended.acknowledgement_sha256


def deposit_under(house: House, answers: Answers) -> DmpDeposit:
    deposit = deposit_in_dmp(version=house.filed(), actor=house.actor)
    drain(1)
    assert answers.spoilt == 1
    return reload(deposit)


@pytest.mark.req("quality-bars F5")
@pytest.mark.parametrize(("shape", "treated"), sampled(DEPOSITS))
def test_a_bad_answer_to_a_deposit(house: House, answers: Answers, shape: Shape, treated: bool) -> None:
    answers.shape, answers.treated = shape, treated
    deposit = deposit_under(house, answers)
    assert_told(deposit, house)
    answers.shape = None
    assert_ends_there_once(deposit, house)


@pytest.mark.req("quality-bars F5")
@pytest.mark.parametrize(("shape", "service"), sampled(QUESTIONS))
def test_a_bad_answer_to_a_question(house: House, answers: Answers, shape: Shape, service: str) -> None:
    """Before the deposit nothing left; after a doubt, the doubt stays until an answer can be read."""
    deposit = deposit_in_dmp(version=house.filed(), actor=house.actor)
    if service == SEARCH:
        assert house.sandbox is not None
        house.sandbox.choose("dmp", "depot-perdu", 1)
        drain(1)
        make_due()
    answers.shape, answers.service = shape, service
    drain(1)
    assert answers.spoilt == 1
    told = reload(deposit)
    if told.exchange.state != State.ACCEPTE:
        assert told.exchange.outcome_unknown is (service == SEARCH), told.exchange.explanation
    assert_told(told, house)
    answers.shape = None
    assert_ends_there_once(deposit, house)


@pytest.mark.req("quality-bars F5")
def test_two_causes_of_a_refusal_never_share_a_sentence(house: House, answers: Answers) -> None:
    """The sentences of the service's own refusals, one for each cause; what cannot be read may share one."""
    sentences: dict[str, set[str]] = {}
    dossier = house.dossier()
    refusals = [shape for shape in SHAPES if shape.refuses]
    for shape in refusals if FULL else refusals[::4]:
        answers.shape, answers.treated, answers.spoilt = shape, False, 0
        deposit = deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
        drain(1)
        Circuit.objects.all().delete()
        words = reload(deposit).exchange.explanation["what"]
        sentences.setdefault(words, set()).add(shape.cause)
        answers.shape = None
        make_due()
        drain()
    assert {words: causes for words, causes in sentences.items() if len(causes) > 1} == {}
    assert len(sentences) >= (15 if FULL else 4)
