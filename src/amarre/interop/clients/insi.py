"""Client of the INSi teleservice: mutual TLS with the structure's certificate, or simple TLS and a card.

One search is a short series of calls (one per given name). Each call is kept whole: its bytes both ways, its
MessageID, its duration. Nothing is retried here: the caller decides, an unavailable service being no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from amarre.interop.common.clock import Clock, IdSource
from amarre.interop.common.errors import AmarreError
from amarre.interop.common.soap import SoapError, content_type
from amarre.interop.common.xml import XmlError
from amarre.interop.ins.errors import TraitsRefused
from amarre.interop.ins.insi import (
    CpxCard,
    HttpRefused,
    Individual,
    InsiAnswer,
    InsiProfile,
    InsiRequest,
    QuotaExceeded,
    ResultCode,
    SearchCriteria,
    ServiceUnavailable,
    TraitsQuery,
    VitaleQuery,
    criteria_problems,
    parse_answer,
    require_match,
    series,
    traits_request,
    vitale_request,
)
from amarre.interop.transport.http import (
    DEFAULT_DEADLINES,
    Deadlines,
    HttpRequest,
    HttpResponse,
    HttpTransport,
)

SERVICE = "Le téléservice INSi"


class OutcomeKind(StrEnum):
    """How a search ended."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    SEVERAL = "several"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, repr=False)
class InsiCall:
    """One call: what left, what came back (b"" when nothing did), HTTP status (0 when none), seconds."""

    message_id: str
    action: str
    request: bytes
    answer: bytes
    status: int
    seconds: float
    code: ResultCode | None
    error: AmarreError | None

    def __repr__(self) -> str:
        """Hide the bytes, which hold identity traits."""
        return f"InsiCall({self.message_id}, {self.code or self.error})"


@dataclass(frozen=True, slots=True)
class InsiOutcome:
    """Result of a search, with every call made. `individual` only when FOUND, `error` only when FAILED."""

    kind: OutcomeKind
    calls: tuple[InsiCall, ...]
    individual: Individual | None = None
    error: AmarreError | None = None

    def raise_if_failed(self) -> None:
        """Raise the error of a search that failed; do nothing otherwise."""
        if self.error is not None:
            raise self.error


_KINDS = {
    ResultCode.FOUND: OutcomeKind.FOUND,
    ResultCode.NOT_FOUND: OutcomeKind.NOT_FOUND,
    ResultCode.SEVERAL: OutcomeKind.SEVERAL,
}


class InsiClient:
    """Plays INSi requests.

    Certificate mode: `transport` presents the establishment's certificate. CPx mode: `card` signs an
    assertion for each call, and `transport` presents no certificate.
    """

    def __init__(
        self,
        transport: HttpTransport,
        profile: InsiProfile,
        clock: Clock,
        ids: IdSource,
        deadlines: Deadlines = DEFAULT_DEADLINES,
        card: CpxCard | None = None,
    ) -> None:
        self._transport = transport
        self._profile = profile
        self._clock = clock
        self._ids = ids
        self._deadlines = deadlines
        self._card = card

    def search_by_traits(self, criteria: SearchCriteria) -> InsiOutcome:
        """Play the series of WS_INS2 calls and return its outcome.

        A failure (transport, fault, answer that does not match) ends the series and is in the outcome with
        the calls already made. Raises TraitsRefused when a trait breaks a rule: nothing was sent then.
        """
        problems = criteria_problems(criteria)
        if problems:
            raise TraitsRefused(problems)
        calls: list[InsiCall] = []
        dialogue = series(criteria)
        query = next(dialogue)
        while True:
            request = traits_request(query, self._profile, self._clock, self._ids, self._card)
            answer, call = self._play(request, query)
            calls.append(call)
            if answer is None:
                return InsiOutcome(OutcomeKind.FAILED, tuple(calls), error=call.error)
            try:
                query = dialogue.send(answer)
            except StopIteration as stop:
                last: InsiAnswer = stop.value
                return InsiOutcome(_KINDS[last.code], tuple(calls), last.individual)

    def search_by_vitale(self, query: VitaleQuery) -> InsiOutcome:
        """Play one WS_INS1 call with what a carte Vitale holds and return its outcome."""
        request = vitale_request(query, self._profile, self._clock, self._ids, self._card)
        answer, call = self._play(request, query)
        if answer is None:
            return InsiOutcome(OutcomeKind.FAILED, (call,), error=call.error)
        return InsiOutcome(_KINDS[answer.code], (call,), answer.individual)

    def _play(
        self, request: InsiRequest, query: TraitsQuery | VitaleQuery
    ) -> tuple[InsiAnswer | None, InsiCall]:
        """Send one request; return its answer (None on failure) and the call to keep."""
        start = self._clock.now()
        body, status = b"", 0
        answer: InsiAnswer | None = None
        failure: AmarreError | None = None
        try:
            response = self._transport.send(self._http(request), self._deadlines)
            body, status = response.body, response.status
            answer = self._read(request, query, response)
        except AmarreError as error:
            failure = error
        seconds = (self._clock.now() - start).total_seconds()
        code = None if answer is None else answer.code
        call = InsiCall(
            request.message_id, request.action, request.body, body, status, seconds, code, failure
        )
        return answer, call

    def _http(self, request: InsiRequest) -> HttpRequest:
        """Return the HTTP request that carries an INSi request."""
        headers = {"content-type": content_type(request.action), "accept": "application/soap+xml"}
        return HttpRequest("POST", self._profile.endpoint, headers, request.body, SERVICE, "insi")

    def _read(
        self, request: InsiRequest, query: TraitsQuery | VitaleQuery, response: HttpResponse
    ) -> InsiAnswer:
        """Read an answer and refuse the one that answers something else."""
        body, status = response.body, response.status
        if status == 429:
            raise QuotaExceeded(remote_code="429", seconds=retry_after(response))
        try:
            answer = parse_answer(body)
        except (SoapError, XmlError) as error:
            if status >= 500:
                raise ServiceUnavailable(remote_code=str(status), remote=f"HTTP {status}") from error
            if status >= 300:
                raise HttpRefused(remote_code=str(status), status=status) from error
            raise
        require_match(query, request, answer, self._profile)
        return answer


def retry_after(response: HttpResponse) -> int:
    """Return the seconds a service asks to wait (Retry-After, RFC 9110 §10.2.3), 60 when it does not say."""
    text = response.headers.get("retry-after", "")
    return min(int(text), 86_400) if text.isascii() and text.isdigit() and len(text) < 9 else 60
