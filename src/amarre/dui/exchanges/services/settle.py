"""Write what became of a claimed exchange, in one short transaction, unless another worker took it over."""

from __future__ import annotations

import datetime
from dataclasses import asdict, replace

from django.conf import settings
from django.db import transaction

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges import milestones
from amarre.dui.exchanges.backoff import delay
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import StaleLease, StillUnknown, UnknownKind
from amarre.dui.exchanges.handlers import Outcome, handler_of
from amarre.dui.exchanges.models import Exchange, ExchangeAttempt
from amarre.dui.exchanges.services.circuits import note_failure, note_success, release_probe
from amarre.dui.exchanges.services.claim import Claim
from amarre.dui.exchanges.transitions import Event, event_of_failure, next_state
from amarre.interop.common.errors import AmarreError, Effect, Explanation, Fault, Phase, Retry

# What replaces the advice of an error that is not true of the exchange any more.
ASKED_AGAIN = "Vous n'avez rien à faire : Amarre demandera s'il est arrivé avant de le renvoyer."
STOPPED = "Amarre n'essaie plus, après {attempts} tentatives. Relancez l'envoi quand le service répond."
SETTLED_FIELDS = ("state", "explanation", "cause", "outcome_unknown", "lease_until")
FINAL_EVENTS = (Event.REFUSED, Event.GIVEN_UP)


def settle_accepted(claim: Claim, outcome: Outcome) -> None:
    """Mark the exchange accepted and apply its consequences. Raises StaleLease."""
    with transaction.atomic():
        exchange = held_by(claim)
        at = now()
        exchange.state = next_state(exchange.state, Event.ACCEPTED)
        exchange.result = outcome.result
        exchange.explanation, exchange.cause = {}, ""
        exchange.outcome_unknown = False
        exchange.finished_at = at
        exchange.lease_until = None
        exchange.save(update_fields=[*SETTLED_FIELDS, "result", "finished_at"])
        ExchangeAttempt.objects.filter(pk=claim.attempt_id).update(ended_at=at, outcome=exchange.state)
        milestones.reach("settling")
        handler_of(exchange.kind).apply(exchange, outcome)
        _trace(exchange, "exchange.accepted")
        # Last: until the end of the transaction, the row of the circuit is everybody's.
        note_success(exchange.essms_id, exchange.service, at)
        milestones.reach("applied")


def settle_failed(
    claim: Claim, error: AmarreError, *, outcome_unknown: bool, of_question: bool = False
) -> None:
    """Put the exchange in the state its error calls for. Raises StaleLease.

    `outcome_unknown`: bytes may have reached the service (this send's answer was lost, or the question about
    an earlier send failed: `of_question`).
    """
    with transaction.atomic():
        exchange = held_by(claim)
        at = now()
        left = exchange.attempts_allowed - exchange.attempts_made
        event = event_of_failure(error, attempts_left=left, outcome_unknown=outcome_unknown)
        exhausted = event is Event.GIVEN_UP and left <= 0
        exchange.outcome_unknown = outcome_unknown
        in_doubt = of_question or (outcome_unknown and error.effect is Effect.NONE)
        said = _explained(error, exchange, in_doubt=in_doubt, exhausted=exhausted)
        exchange.state = next_state(exchange.state, event)
        exchange.explanation, exchange.cause = asdict(said), said.code
        exchange.lease_until = None
        exchange.due_at = at + delay(exchange.attempts_made, exchange.key, settings.AMARRE_RETRY_BASE_SECONDS)
        if event in FINAL_EVENTS:
            exchange.finished_at = at
        exchange.save(update_fields=[*SETTLED_FIELDS, "due_at", "finished_at"])
        ExchangeAttempt.objects.filter(pk=claim.attempt_id).update(
            ended_at=at,
            outcome=exchange.state,
            error_code=error.code,
            remote_code=error.remote_code[:80],
            remote_text=error.remote_text[:500],
            explanation=asdict(error.explanation(exchange.reference)),
        )
        milestones.reach("settling")
        if event in FINAL_EVENTS:
            tell_failure(exchange)
            _trace(exchange, "exchange.refused" if exchange.state == State.REFUSE else "exchange.given_up")
        _note_health(claim, exchange, error, at)
        milestones.reach("applied")


def tell_failure(exchange: Exchange) -> None:
    """Let the handler write what follows from an end without effect; nobody to tell for an unknown kind."""
    try:
        handler = handler_of(exchange.kind)
    except UnknownKind:
        # Its own explanation says so. Raised here, it would undo the settlement and the worker would loop.
        return
    handler.failed(exchange)


def _note_health(claim: Claim, exchange: Exchange, error: AmarreError, at: datetime.datetime) -> None:
    """Remember what the failure says of the service: silent, answering, or never called."""
    if error.fault is Fault.THEIRS:
        note_failure(exchange.essms_id, exchange.service, at)
    elif error.phase is Phase.REMOTE:
        note_success(exchange.essms_id, exchange.service, at)
    elif claim.is_probe:
        release_probe(exchange.essms_id, exchange.service, at)


def _explained(error: AmarreError, exchange: Exchange, *, in_doubt: bool, exhausted: bool) -> Explanation:
    """Return what is true of the exchange: an error speaks of its own step only.

    A question that failed sent nothing, but the send it asked about may have arrived (`in_doubt`). Once the
    attempts are exhausted, nobody will call the service again.
    """
    attempts = exchange.attempts_made
    if exhausted and exchange.outcome_unknown:
        unknown = StillUnknown(attempts=attempts, remote_code=error.remote_code)
        return unknown.explanation(exchange.reference)
    said = error.explanation(exchange.reference)
    if in_doubt:
        advice = ASKED_AGAIN if error.retry is Retry.LATER else said.advice
        return replace(said, data_state=StillUnknown.data_state, advice=advice)
    if exhausted and error.retry is Retry.LATER:
        return replace(said, advice=STOPPED.format(attempts=attempts))
    return said


def held_by(claim: Claim) -> Exchange:
    """Return the exchange, locked, if the claim still holds it. In a transaction. Raises StaleLease."""
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
