"""« Réessayer »: a person puts a refused or abandoned exchange back in the queue."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.transitions import Event, next_state


def resume_exchange(*, exchange: Exchange, actor: Actor) -> Exchange:
    """Give the exchange a fresh set of attempts. Raises IllegalTransition, or the access errors.

    An exchange whose outcome is unknown is asked about before anything is sent again (see `claim_next`).
    """
    require(actor, Permission.RETRY_ENVOIS, exchange)
    with transaction.atomic():
        held = Exchange.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=exchange.pk)
        held.state = next_state(held.state, Event.RESUMED)
        held.attempts_allowed = held.attempts_made + 10
        held.due_at = now()
        held.finished_at = None
        held.closed_at = None
        held.closed_by = None
        held.save(
            update_fields=["state", "attempts_allowed", "due_at", "finished_at", "closed_at", "closed_by"]
        )
        record(
            actor,
            "exchange.resumed",
            subject=held,
            dossier_id=held.dossier_id,
            exchange_id=held.reference,
            details={"kind": held.kind},
        )
    return held
