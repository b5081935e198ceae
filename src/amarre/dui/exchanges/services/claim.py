"""Take one exchange: a lease and a fencing number, in one short transaction."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.exchanges import milestones
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.handlers import Job
from amarre.dui.exchanges.models import Exchange, ExchangeAttempt
from amarre.dui.exchanges.services.circuits import take_probe
from amarre.dui.exchanges.services.keep_answer import ANSWER
from amarre.dui.exchanges.transitions import Event, next_state


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker holds: the job, whether its outcome must be asked first, and its fencing number.

    `exhausted`: the workers that held it before died on it, more times than attempts are allowed. `is_probe`:
    it tries a service that has just ended its rest.
    """

    job: Job
    kind: str
    service: str
    fencing: int
    attempt_id: int
    query_first: bool
    exhausted: bool = False
    is_probe: bool = False


def claim_next(busy_services: Collection[str] = ()) -> Claim | None:
    """Take the next due exchange, or return None when there is nothing to do.

    Those towards `busy_services` are left to others: see `worker.Bulkhead`.

    An exchange found « envoyé » with a lease that ended belonged to a worker that died: its bytes may have
    left, so its outcome is asked before anything is sent again.
    """
    at = now()
    with system_scope("worker: due exchanges of every establishment"), transaction.atomic():
        candidates = Exchange.objects.claimable(at)
        if busy_services:
            candidates = candidates.exclude(service__in=busy_services)
        if connection.vendor == "postgresql":
            candidates = candidates.select_for_update(skip_locked=True, of=("self",))
        exchange = candidates.first()
        if exchange is None:
            return None
        is_probe: bool = exchange.is_probe  # type: ignore[attr-defined]
        if is_probe and not take_probe(exchange.essms_id, exchange.service, at):
            return None
        query_first = exchange.outcome_unknown or exchange.state == State.ENVOYE
        if exchange.state == State.ENVOYE:
            exchange.attempts.filter(ended_at__isnull=True).update(ended_at=at, outcome=State.INCONNU)
        exchange.state = next_state(exchange.state, Event.CLAIMED)
        exchange.outcome_unknown = query_first
        exchange.fencing += 1
        exchange.attempts_made += 1
        exchange.lease_until = at + datetime.timedelta(seconds=settings.AMARRE_LEASE_SECONDS)
        exchange.save(update_fields=["state", "outcome_unknown", "fencing", "attempts_made", "lease_until"])
        attempt = ExchangeAttempt.objects.create(
            exchange=exchange,
            number=exchange.attempts_made,
            step=ExchangeAttempt.Step.QUERY if query_first else ExchangeAttempt.Step.SEND,
            started_at=at,
        )
        milestones.reach("claiming")
        parts = {part.name: bytes(part.data) for part in exchange.parts.exclude(name=ANSWER)}
    job = Job(
        exchange_id=exchange.pk,
        reference=exchange.reference,
        essms_id=exchange.essms_id,
        dossier_id=exchange.dossier_id,
        attempt=exchange.attempts_made,
        payload=exchange.payload,
        parts=parts,
    )
    return Claim(
        job=job,
        kind=exchange.kind,
        service=exchange.service,
        fencing=exchange.fencing,
        attempt_id=attempt.pk,
        query_first=query_first,
        exhausted=exchange.attempts_made > exchange.attempts_allowed,
        is_probe=is_probe,
    )
