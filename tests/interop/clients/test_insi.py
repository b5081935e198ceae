"""The client: what is kept of each call, and what becomes of each failure."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from amarre.interop.clients.insi import InsiClient, OutcomeKind
from amarre.interop.common.errors import AmarreError
from amarre.interop.common.soap import HtmlInsteadOfSoap
from amarre.interop.ins import BirthDate, Environment, Sexe, TraitsRefused
from amarre.interop.ins.insi import (
    AnswerDoesNotMatch,
    HttpRefused,
    InsiProfile,
    ResultCode,
    SearchCriteria,
    SearchTechnicalError,
    ServiceUnavailable,
    VitaleQuery,
)
from amarre.interop.transport.errors import AnswerLost
from amarre.interop.transport.http import DEFAULT_DEADLINES, Deadlines, HttpRequest, HttpResponse
from tests.conftest import FixedClock, SequenceIds
from tests.interop.ins.insi import material

PROFILE = InsiProfile(
    "https://localhost/lps", "IDAM", "amarre", "0.1", "instance", "10B0999999", Environment.SANDBOX
)
CRITERIA = SearchCriteria("D'ESSAI", "LOUISE ANNE-SOPHIE", Sexe.F, BirthDate("1984-12-01"))


@dataclass
class ScriptedTransport:
    """Gives prepared answers and keeps the requests; the clock moves 2 seconds per exchange."""

    clock: FixedClock
    answers: list[HttpResponse | AmarreError]
    sent: list[HttpRequest] = field(default_factory=list)

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        self.sent.append(request)
        self.clock.advance(2)
        answer = self.answers[len(self.sent) - 1]
        if isinstance(answer, AmarreError):
            raise answer
        return answer


def ok(body: bytes) -> HttpResponse:
    return HttpResponse(200, {"content-type": "application/soap+xml"}, body)


def client(clock: FixedClock, ids: SequenceIds, *answers: HttpResponse | AmarreError) -> InsiClient:
    return InsiClient(ScriptedTransport(clock, list(answers)), PROFILE, clock, ids)


@pytest.mark.req("GI-INS EXI REC 07")
def test_every_call_is_kept_unchanged(clock: FixedClock, ids: SequenceIds) -> None:
    outcome = client(clock, ids, ok(material.empty("01")), ok(material.found())).search_by_traits(CRITERIA)
    assert outcome.kind is OutcomeKind.FOUND
    assert outcome.individual is not None
    assert [call.code for call in outcome.calls] == [ResultCode.NOT_FOUND, ResultCode.FOUND]
    assert [call.answer for call in outcome.calls] == [material.empty("01"), material.found()]
    assert all(call.message_id.encode() in call.request and call.seconds == 2 for call in outcome.calls)
    assert len({call.message_id for call in outcome.calls}) == 2
    outcome.raise_if_failed()


def test_the_http_request_carries_the_action(clock: FixedClock, ids: SequenceIds) -> None:
    transport = ScriptedTransport(clock, [ok(material.found())])
    InsiClient(transport, PROFILE, clock, ids).search_by_traits(CRITERIA)
    request = transport.sent[0]
    assert (request.method, request.url) == ("POST", PROFILE.endpoint)
    assert request.headers["content-type"] == (
        'application/soap+xml; charset=utf-8; action="urn:ServiceIdentiteCertifiee:1.0.0:'
        'rechercherInsAvecTraitsIdentite"'
    )


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (HttpResponse(500, {}, material.application_fault("insi_102", "siram_40")), SearchTechnicalError),
        (HttpResponse(503, {}, b"Service temporairement indisponible."), ServiceUnavailable),
        (HttpResponse(502, {}, b"<html><body>Bad gateway</body></html>"), ServiceUnavailable),
        (HttpResponse(404, {}, b"<html>Not found</html>"), HttpRefused),
        (HttpResponse(200, {}, b"<!DOCTYPE html><html>Portail</html>"), HtmlInsteadOfSoap),
        (HttpResponse(200, {}, material.found(nom="DURAND")), AnswerDoesNotMatch),
        (AnswerLost(service="INSi"), AnswerLost),
    ],
)
def test_a_failure_ends_the_series_and_keeps_the_calls(
    clock: FixedClock, ids: SequenceIds, answer: HttpResponse | AmarreError, error: type[AmarreError]
) -> None:
    outcome = client(clock, ids, ok(material.empty("01")), answer).search_by_traits(CRITERIA)
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.individual is None
    assert type(outcome.error) is error
    assert len(outcome.calls) == 2
    assert outcome.calls[-1].error is outcome.error
    with pytest.raises(error):
        outcome.raise_if_failed()


@pytest.mark.parametrize(("nom", "prenoms"), [("MART1N", "PAUL"), ("MARTIN", "PAUL ER1C"), ("MARTIN", "")])
def test_wrong_traits_send_nothing(clock: FixedClock, ids: SequenceIds, nom: str, prenoms: str) -> None:
    transport = ScriptedTransport(clock, [])
    wrong = SearchCriteria(nom, prenoms, Sexe.M, BirthDate("1984-12-01"))
    with pytest.raises(TraitsRefused):
        InsiClient(transport, PROFILE, clock, ids).search_by_traits(wrong)
    assert transport.sent == []


def test_search_by_card(clock: FixedClock, ids: SequenceIds) -> None:
    card = VitaleQuery("2841263220999", "62", "", "", "D'ESSAI", "1984-12-01", "1")
    assert client(clock, ids, ok(material.found())).search_by_vitale(card).kind is OutcomeKind.FOUND
    lost = client(clock, ids, AnswerLost(service="INSi")).search_by_vitale(card)
    assert (lost.kind, type(lost.error)) == (OutcomeKind.FAILED, AnswerLost)
