"""« Annuler »: stop an exchange before anything of it has left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import AlreadyLeft, CancelledByPerson
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.settle import tell_failure
from amarre.dui.exchanges.transitions import Event, next_state
from amarre.interop.common.errors import AmarreError


def cancel_exchange(*, exchange: Exchange, actor: Actor) -> Exchange:
    """Cancel what waits to leave. Raises AlreadyLeft, IllegalTransition, or the access errors."""
    require(actor, Permission.RETRY_ENVOIS, exchange)
    with transaction.atomic():
        held = Exchange.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=exchange.pk)
        stop_held(held, CancelledByPerson(name=actor.name), actor)
    return held


def stop_waiting(*, exchange_ids: Iterable[int], why: AmarreError, actor: Actor) -> list[Exchange]:
    """Cancel those that still wait, and return them; what left, or may have, is let alone.

    Called in the transaction of the decision that stops them, by a service that checked its own right.
    """
    with system_scope("exchanges that a decision about their subject stops"):
        rows = Exchange.objects.filter(pk__in=list(exchange_ids)).order_by("pk")
        waiting = [held for held in rows.select_for_update(of=("self",)) if can_be_cancelled(held)]
        for held in waiting:
            stop_held(held, why, actor)
    return waiting


def can_be_cancelled(exchange: Exchange) -> bool:
    """Say whether nothing of the exchange can have left. One resumed in doubt is « en file » and may have."""
    return exchange.state in (State.A_VALIDER, State.EN_FILE) and not exchange.outcome_unknown


def stop_held(held: Exchange, why: AmarreError, actor: Actor) -> None:
    """Cancel an exchange that the caller has locked; `why` is what its page says."""
    in_doubt = held.state == State.EN_FILE and held.outcome_unknown
    if in_doubt or held.state in (State.ENVOYE, State.INCONNU, State.ACCEPTE):
        raise AlreadyLeft(state=held.get_state_display())
    held.state = next_state(held.state, Event.CANCELLED)
    held.explanation, held.cause = asdict(why.explanation(held.reference)), why.code
    held.finished_at = now()
    held.save(update_fields=["state", "explanation", "cause", "finished_at"])
    tell_failure(held)
    record(
        actor,
        "exchange.cancelled",
        subject=held,
        dossier_id=held.dossier_id,
        exchange_id=held.reference,
        details={"kind": held.kind, "code": why.code},
    )
