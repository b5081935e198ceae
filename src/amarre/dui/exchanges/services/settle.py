"""Write what became of a claimed exchange, in one short transaction, unless another worker took it over."""

from __future__ import annotations

from dataclasses import asdict, replace

from django.conf import settings
from django.db import transaction

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.backoff import delay
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import StaleLease, StillUnknown
from amarre.dui.exchanges.handlers import Outcome, handler_of
from amarre.dui.exchanges.models import Exchange, ExchangeAttempt
from amarre.dui.exchanges.services.circuits import note_failure, note_success
from amarre.dui.exchanges.services.claim import Claim
from amarre.dui.exchanges.transitions import Event, event_of_failure, next_state
from amarre.interop.common.errors import AmarreError, Effect, Explanation, Fault, Phase, Retry

# What replaces the advice of an error that is not true of the exchange any more.
ASKED_AGAIN = "Vous n'avez rien à faire : Amarre demandera s'il est arrivé avant de le renvoyer."
STOPPED = "Amarre n'essaie plus, après {attempts} tentatives. Relancez l'envoi quand le service répond."
FINAL_EVENTS = (Event.REFUSED, Event.GIVEN_UP)


def settle_accepted(claim: Claim, outcome: Outcome) -> None:
    """Mark the exchange accepted and apply its consequences. Raises StaleLease."""
    with transaction.atomic():
        exchange = _held(claim)
        at = now()
        exchange.state = next_state(exchange.state, Event.ACCEPTED)
        exchange.result = outcome.result
        exchange.explanation = {}
        exchange.outcome_unknown = False
        exchange.finished_at = at
        exchange.lease_until = None
        exchange.save(
            update_fields=["state", "result", "explanation", "outcome_unknown", "finished_at", "lease_until"]
        )
        ExchangeAttempt.objects.filter(pk=claim.attempt_id).update(ended_at=at, outcome=exchange.state)
        note_success(exchange.essms_id, exchange.service, at)
        handler_of(exchange.kind).apply(exchange, outcome)
        _trace(exchange, "exchange.accepted")


def settle_failed(claim: Claim, error: AmarreError, *, outcome_unknown: bool) -> None:
    """Put the exchange in the state its error calls for. Raises StaleLease.

    `outcome_unknown`: bytes may have reached the service (this send's answer was lost, or the question about
    an earlier send failed).
    """
    with transaction.atomic():
        exchange = _held(claim)
        at = now()
        left = exchange.attempts_allowed - exchange.attempts_made
        event = event_of_failure(error, attempts_left=left, outcome_unknown=outcome_unknown)
        exhausted = event is Event.GIVEN_UP and left <= 0
        said = _explained(error, exchange, outcome_unknown=outcome_unknown, exhausted=exhausted)
        exchange.state = next_state(exchange.state, event)
        exchange.explanation = asdict(said)
        exchange.outcome_unknown = outcome_unknown
        exchange.lease_until = None
        exchange.due_at = at + delay(exchange.attempts_made, exchange.key, settings.AMARRE_RETRY_BASE_SECONDS)
        if event in FINAL_EVENTS:
            exchange.finished_at = at
        exchange.save(
            update_fields=["state", "explanation", "outcome_unknown", "lease_until", "due_at", "finished_at"]
        )
        ExchangeAttempt.objects.filter(pk=claim.attempt_id).update(
            ended_at=at,
            outcome=exchange.state,
            error_code=error.code,
            remote_code=error.remote_code[:80],
            remote_text=error.remote_text[:500],
            explanation=asdict(error.explanation(exchange.reference)),
        )
        if error.fault is Fault.THEIRS:
            note_failure(exchange.essms_id, exchange.service, at)
        elif error.phase is Phase.REMOTE:
            note_success(exchange.essms_id, exchange.service, at)
        if event in FINAL_EVENTS:
            handler_of(exchange.kind).failed(exchange)
            _trace(exchange, "exchange.refused" if exchange.state == State.REFUSE else "exchange.given_up")


def _explained(
    error: AmarreError, exchange: Exchange, *, outcome_unknown: bool, exhausted: bool
) -> Explanation:
    """Return what is true of the exchange: an error speaks of its own step only.

    A question that failed sent nothing, but the send it asked about may have arrived. Once the attempts are
    exhausted, nobody will call the service again.
    """
    attempts = exchange.attempts_made
    if exhausted and outcome_unknown:
        unknown = StillUnknown(attempts=attempts, remote_code=error.remote_code)
        return unknown.explanation(exchange.reference)
    said = error.explanation(exchange.reference)
    if outcome_unknown and error.effect is Effect.NONE:
        advice = ASKED_AGAIN if error.retry is Retry.LATER else said.advice
        return replace(said, data_state=StillUnknown.data_state, advice=advice)
    if exhausted and error.retry is Retry.LATER:
        return replace(said, advice=STOPPED.format(attempts=attempts))
    return said


def _held(claim: Claim) -> Exchange:
    with system_scope("worker: the exchange it holds"):
        exchange = Exchange.objects.select_for_update(of=("self",)).get(pk=claim.job.exchange_id)
    if exchange.fencing != claim.fencing or exchange.state != State.ENVOYE:
        raise StaleLease(reference=exchange.reference)
    return exchange


def _trace(exchange: Exchange, verb: str) -> None:
    record(
        system_actor("worker", essms_id=exchange.essms_id),
        verb,
        subject=exchange,
        dossier_id=exchange.dossier_id,
        exchange_id=exchange.reference,
        details={"kind": exchange.kind},
    )
