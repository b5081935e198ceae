"""Ask for an exchange, in the transaction of the act."""

from __future__ import annotations

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
) -> Exchange:
    """Write the outbox row; the same `key` twice returns the first row.

    Must be called inside `transaction.atomic()`, together with the act it belongs to: raises
    OutsideTransaction otherwise. `lane` names the person and the target: order is kept within it.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction
    handler = handler_of(kind)
    with system_scope("one row per intention, whoever asks"):
        existing = Exchange.objects.filter(key=key).first()
    if existing is not None:
        return existing
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
        due_at=at,
        payload=payload or {},
        state=State.EN_FILE,
    )
    ExchangePart.objects.bulk_create(
        ExchangePart(exchange=exchange, name=name, data=data, sha256=hashlib.sha256(data).hexdigest())
        for name, data in (parts or {}).items()
    )
    return exchange
