"""Client of the INSi teleservice in certificate mode: mutual TLS, no assertion.

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
    HttpRefused,
    Individual,
    InsiAnswer,
    InsiProfile,
    InsiRequest,
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
from amarre.interop.ins.matricule import require_accepted
from amarre.interop.transport.http import DEFAULT_DEADLINES, Deadlines, HttpRequest, HttpTransport

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
    """Plays INSi requests over a transport that presents the establishment's certificate."""

    def __init__(
        self,
        transport: HttpTransport,
        profile: InsiProfile,
        clock: Clock,
        ids: IdSource,
        deadlines: Deadlines = DEFAULT_DEADLINES,
    ) -> None:
        self._transport = transport
        self._profile = profile
        self._clock = clock
        self._ids = ids
        self._deadlines = deadlines

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
            request = traits_request(query, self._profile, self._clock, self._ids)
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
        request = vitale_request(query, self._profile, self._clock, self._ids)
        answer, call = self._play(request, None)
        if answer is None:
            return InsiOutcome(OutcomeKind.FAILED, (call,), error=call.error)
        return InsiOutcome(_KINDS[answer.code], (call,), answer.individual)

    def _play(self, request: InsiRequest, query: TraitsQuery | None) -> tuple[InsiAnswer | None, InsiCall]:
        """Send one request; return its answer (None on failure) and the call to keep."""
        start = self._clock.now()
        body, status = b"", 0
        answer: InsiAnswer | None = None
        failure: AmarreError | None = None
        try:
            response = self._transport.send(self._http(request), self._deadlines)
            body, status = response.body, response.status
            answer = self._read(request, query, body, status)
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

    def _read(self, request: InsiRequest, query: TraitsQuery | None, body: bytes, status: int) -> InsiAnswer:
        """Read an answer and refuse the one that answers something else."""
        try:
            answer = parse_answer(body)
        except (SoapError, XmlError) as error:
            if status >= 500:
                raise ServiceUnavailable(remote_code=str(status), remote=f"HTTP {status}") from error
            if status >= 300:
                raise HttpRefused(remote_code=str(status), status=status) from error
            raise
        if query is not None:
            require_match(query, request, answer, self._profile)
        elif answer.individual is not None:
            require_accepted(answer.individual.ins.oid, self._profile.believed_oids)
        return answer
