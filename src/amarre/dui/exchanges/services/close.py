"""« Classer sans suite »: a person saw the refusal and decides that nothing more will be done."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.errors import IllegalTransition
from amarre.dui.exchanges.models import Exchange


def close_exchange(*, exchange: Exchange, actor: Actor) -> Exchange:
    """Take the exchange out of the list of what waits for someone; its state stays what it is.

    Raises IllegalTransition when it does not wait for someone, or the access errors. « Réessayer » opens it
    again.
    """
    require(actor, Permission.RETRY_ENVOIS, exchange)
    with transaction.atomic():
        held = Exchange.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=exchange.pk)
        if not held.awaits_someone:
            raise IllegalTransition(state=held.get_state_display(), event="closed")
        held.closed_at = now()
        held.closed_by_id = actor.user_id
        held.save(update_fields=["closed_at", "closed_by"])
        record(
            actor,
            "exchange.closed",
            subject=held,
            dossier_id=held.dossier_id,
            exchange_id=held.reference,
            details={"kind": held.kind},
        )
    return held
