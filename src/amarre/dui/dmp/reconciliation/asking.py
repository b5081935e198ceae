"""Queue the questions to the DMP: one for each deposit, spaced so that a long list does not weigh on it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.models import DepositReception
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import OPEN_STATES
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.enqueue import enqueue

KIND = "dmp.reception"
# In one press or one passage of the daily task; the next one goes on.
ASKED_AT_ONCE = 500


def ask_about(deposits: Iterable[DmpDeposit], actor: Actor) -> int:
    """Queue a question about each deposit that has none under way; return how many were queued.

    The caller checked the right; `deposits` carry their version, document and exchange. A question has its
    own lane: it never holds a deposit back.
    """
    count = 0
    with transaction.atomic():
        for deposit in list(deposits)[:ASKED_AT_ONCE]:
            count += _ask(deposit, actor)
    return count


def _ask(deposit: DmpDeposit, actor: Actor) -> bool:
    essms_id = deposit.exchange.essms_id
    with system_scope("last question about a deposit in scope"):
        reception = (
            DepositReception.objects.select_for_update(of=("self",))
            .select_related("exchange")
            .filter(deposit=deposit)
            .first()
        )
    if reception is None:
        reception = DepositReception(deposit=deposit, essms_id=essms_id)
    elif reception.exchange is not None and reception.exchange.state in OPEN_STATES:
        return False
    reception.rounds += 1
    reception.asked_at = now()
    reception.exchange = enqueue(
        kind=KIND,
        actor=actor,
        essms_id=essms_id,
        dossier_id=deposit.exchange.dossier_id,
        key=f"{KIND}:{deposit.pk}:{reception.rounds}",
        lane=f"{KIND}:{deposit.pk}",
        payload={"deposit": deposit.pk, "version": deposit.version.number},
        due_at=_next_slot(essms_id),
    )
    reception.save()
    return True


def _next_slot(essms_id: int) -> datetime.datetime:
    """Return the next free instant: questions of one establishment follow each other at a steady pace."""
    with system_scope("questions of the establishment still to be asked"):
        waiting = Exchange.objects.filter(essms=essms_id, kind=KIND, state__in=OPEN_STATES)
        last = waiting.aggregate(last=Max("due_at"))["last"]
    at, pace = now(), datetime.timedelta(milliseconds=settings.AMARRE_RECEPTION_SPACING_MS)
    return at if last is None else max(at, last + pace)
