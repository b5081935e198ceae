"""What a worker writes just before the bytes leave: parts that were missing, the departure itself."""

from __future__ import annotations

import hashlib

from django.db import transaction

from amarre.dui.core.clock import now
from amarre.dui.exchanges.errors import StaleLease
from amarre.dui.exchanges.models import ExchangeAttempt, ExchangePart
from amarre.dui.exchanges.services.claim import Claim
from amarre.dui.exchanges.services.settle import held_by


def keep_late_parts(claim: Claim, parts: dict[str, bytes]) -> None:
    """Write the parts that an answer from outside made whole. Raises StaleLease.

    Once written they are as frozen as the others: whoever takes the exchange over sends these very bytes.
    """
    with transaction.atomic():
        exchange = held_by(claim)
        ExchangePart.objects.bulk_create(
            ExchangePart(
                exchange=exchange, name=name, data=data, sha256=hashlib.sha256(data).hexdigest(), late=True
            )
            for name, data in parts.items()
        )


def note_departure(claim: Claim) -> None:
    """Write that this attempt is about to send: a worker that dies from here on may have sent.

    Raises StaleLease when the exchange was taken over: its attempt is ended.
    """
    under_way = ExchangeAttempt.objects.filter(pk=claim.attempt_id, ended_at=None)
    if not under_way.update(departed_at=now()):
        raise StaleLease(reference=claim.job.reference)
