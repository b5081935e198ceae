"""Ask for an exchange, in the transaction of the act."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.db import connection

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import OutsideTransaction
from amarre.dui.exchanges.handlers import handler_of
from amarre.dui.exchanges.models import Exchange, ExchangePart
from amarre.dui.exchanges.references import new_reference


def enqueue(
    *,
    kind: str,
    actor: Actor,
    essms_id: int,
    key: str,
    lane: str,
    dossier_id: int | None = None,
    payload: dict[str, Any] | None = None,
    parts: dict[str, bytes] | None = None,
    state: State = State.EN_FILE,
    due_at: datetime.datetime | None = None,
) -> Exchange:
    """Write the outbox row; the same `key` twice returns the first row.

    Must be called inside `transaction.atomic()`, together with the act it belongs to: raises
    OutsideTransaction otherwise. `lane` names the person and the target: order is kept within it. `state` is
    A_VALIDER for what waits for somebody's agreement (see `confirm`). Nothing leaves before `due_at`.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction
    handler = handler_of(kind)
    with system_scope("one row per intention, whoever asks"):
        # Seldom there: its number alone is asked first.
        existing = Exchange.objects.filter(key=key).values_list("pk", flat=True).first()
        if existing is not None:
            return Exchange.objects.get(pk=existing)
    at = now()
    exchange = Exchange.objects.create(
        kind=kind,
        service=handler.service,
        essms_id=essms_id,
        dossier_id=dossier_id,
        lane=lane,
        key=key,
        reference=new_reference(),
        created_by_id=actor.user_id,
        created_at=at,
        due_at=due_at or at,
        payload=payload or {},
        state=state,
        turn=_last_turn(lane) or 0,
    )
    ExchangePart.objects.bulk_create(
        ExchangePart(exchange=exchange, name=name, data=data, sha256=hashlib.sha256(data).hexdigest())
        for name, data in (parts or {}).items()
    )
    return exchange


def turn_behind(exchange: Exchange) -> int:
    """Return the turn that puts an exchange back in its lane behind what is open there: never beside it."""
    last = _last_turn(exchange.lane)
    return exchange.turn if last is None else max(exchange.turn, last + 1)


def _last_turn(lane: str) -> int | None:
    """Return the turn of the last exchange still open in a lane, None when it is free."""
    with system_scope("who is before in a lane, whoever asked"):
        return Exchange.objects.open_in_lane(lane).values_list("turn", flat=True).last()
