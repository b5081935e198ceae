"""Let an exchange leave that waited for somebody's agreement (« à valider »)."""

from __future__ import annotations

from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import ApproverIsAuthor, IllegalTransition
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.enqueue import turn_behind
from amarre.dui.exchanges.transitions import Event, next_state


def confirm_held(held: Exchange, actor: Actor) -> None:
    """Queue an exchange that the caller has locked and whose kind's right it has checked.

    Raises IllegalTransition, ApproverIsAuthor: who asked is not the second person.
    """
    if held.state != State.A_VALIDER:
        raise IllegalTransition(state=held.get_state_display(), event="confirmed")
    if held.created_by_id == actor.user_id:
        raise ApproverIsAuthor
    held.state = next_state(held.state, Event.CONFIRMED)
    held.turn = turn_behind(held)
    held.due_at = now()
    held.save(update_fields=["state", "turn", "due_at"])
    record(
        actor,
        "exchange.confirmed",
        subject=held,
        dossier_id=held.dossier_id,
        exchange_id=held.reference,
        details={"kind": held.kind},
    )
