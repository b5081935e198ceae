"""« Réessayer »: a person puts a refused or abandoned exchange back in the queue, alone or with its like."""

from __future__ import annotations

from typing import cast

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.errors import NothingToResume
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.querysets import ExchangeQuerySet
from amarre.dui.exchanges.services.enqueue import turn_behind
from amarre.dui.exchanges.transitions import Event, next_state

FRESH_ATTEMPTS = 10
# In one transaction: beyond, the button is pressed again.
RESUMED_AT_ONCE = 500
RESUMED_FIELDS = (
    "state",
    "attempts_allowed",
    "due_at",
    "turn",
    "finished_at",
    "closed_at",
    "closed_by",
)


def resume_exchange(*, exchange: Exchange, actor: Actor) -> Exchange:
    """Give the exchange a fresh set of attempts. Raises IllegalTransition, or the access errors.

    An exchange whose outcome is unknown is asked about before anything is sent again (see `claim_next`).
    """
    require(actor, Permission.RETRY_ENVOIS, exchange)
    with transaction.atomic():
        held = Exchange.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=exchange.pk)
        resume_held(held, actor)
    return held


def resume_cause(*, cause: str, service: str, actor: Actor) -> int:
    """Resume everything that stopped for the same cause, oldest first; return how many (500 at most).

    Raises NothingToResume, or the access errors.
    """
    require(actor, Permission.RETRY_ENVOIS)
    with transaction.atomic():
        rows = cast(ExchangeQuerySet, Exchange.objects.visible_to(actor))
        alike = rows.stopped().filter(cause=cause, service=service).order_by("turn", "id")
        stopped = list(alike.select_for_update(of=("self",))[:RESUMED_AT_ONCE])
        if not stopped:
            raise NothingToResume
        for held in stopped:
            require(actor, Permission.RETRY_ENVOIS, held)
            resume_held(held, actor)
    return len(stopped)


def resume_held(held: Exchange, actor: Actor) -> None:
    """Resume an exchange that the caller has locked. Raises IllegalTransition.

    It goes behind what is open in its lane: never beside it. Bytes that depended on an answer are made anew,
    unless they may have arrived.
    """
    held.state = next_state(held.state, Event.RESUMED)
    held.turn = turn_behind(held)
    held.attempts_allowed = held.attempts_made + FRESH_ATTEMPTS
    held.due_at = now()
    held.finished_at = held.closed_at = held.closed_by = None
    held.save(update_fields=RESUMED_FIELDS)
    if not held.outcome_unknown:
        held.parts.filter(late=True).delete()
    record(
        actor,
        "exchange.resumed",
        subject=held,
        dossier_id=held.dossier_id,
        exchange_id=held.reference,
        details={"kind": held.kind},
    )
