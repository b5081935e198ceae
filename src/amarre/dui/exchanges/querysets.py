"""Questions about sets of exchanges."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from amarre.dui.core.scoping import ScopedManager, ScopedQuerySet
from amarre.dui.exchanges.enums import OPEN_STATES, WAITING_FOR_SOMEONE, Receipt, State

if TYPE_CHECKING:
    from amarre.dui.exchanges.models import Exchange  # noqa: F401 - only for the annotation


class ExchangeQuerySet(ScopedQuerySet["Exchange"]):
    """Scoped by establishment on screens; the worker alone sees all of them."""

    def of_dossier(self, dossier_id: int) -> ExchangeQuerySet:
        """Exchanges about one dossier, newest first."""
        return self.filter(dossier_id=dossier_id).order_by("-id")

    def awaiting_someone(self) -> ExchangeQuerySet:
        """Refused, to be done again, to be confirmed, or sent back; not closed by a person."""
        waiting = Q(state__in=list(WAITING_FOR_SOMEONE)) | Q(receipt=Receipt.REJETE)
        return self.filter(waiting, closed_at=None)

    def under_way(self) -> ExchangeQuerySet:
        """What the worker still owes."""
        return self.filter(state__in=list(OPEN_STATES))

    def ended(self) -> ExchangeQuerySet:
        """Accepted and not sent back, cancelled, or closed by a person."""
        accepted = Q(state=State.ACCEPTE) & ~Q(receipt=Receipt.REJETE)
        return self.filter(accepted | Q(state=State.ANNULE) | Q(closed_at__isnull=False))

    def stopped(self) -> ExchangeQuerySet:
        """What no worker will try again before a person says so."""
        return self.filter(state=State.A_REFAIRE, closed_at=None)

    def cancellable(self) -> ExchangeQuerySet:
        """Waiting, and nothing of it can have left."""
        return self.filter(state__in=[State.A_VALIDER, State.EN_FILE], outcome_unknown=False)

    def open_in_lane(self, lane: str) -> ExchangeQuerySet:
        """What is still owed in one lane, in its order."""
        return self.filter(lane=lane, state__in=list(OPEN_STATES)).order_by("turn", "id")

    def claimable(self, now: datetime.datetime) -> ExchangeQuerySet:
        """Due, first of their lane, and whose service is not resting after repeated failures.

        `is_probe` marks those whose service has just ended its rest: one of them at a time may be played (see
        `circuits.take_probe`).
        """
        before = Q(turn__lt=OuterRef("turn")) | Q(turn=OuterRef("turn"), id__lt=OuterRef("id"))
        earlier = self.model.objects.filter(before, lane=OuterRef("lane"), state__in=list(OPEN_STATES))
        circuit: models.QuerySet[Any] = apps.get_model("exchanges", "Circuit").objects.filter(
            essms_id=OuterRef("essms_id"), service=OuterRef("service")
        )
        due = Q(state__in=[State.EN_FILE, State.INCONNU], due_at__lte=now) | Q(
            state=State.ENVOYE, lease_until__lte=now
        )
        return (
            self.filter(due)
            .exclude(Exists(earlier))
            .exclude(Exists(circuit.filter(open_until__gt=now)))
            .annotate(is_probe=Exists(circuit.filter(open_until__lte=now)))
            .order_by("due_at", "id")
        )


class ExchangeManager(ScopedManager["Exchange"]):
    """The scoped manager, with the worker's question."""

    queryset_class = ExchangeQuerySet

    def claimable(self, now: datetime.datetime) -> ExchangeQuerySet:
        """See `ExchangeQuerySet.claimable`; needs a system scope."""
        return cast(ExchangeQuerySet, self.get_queryset()).claimable(now)

    def cancellable(self) -> ExchangeQuerySet:
        """See `ExchangeQuerySet.cancellable`; needs a system scope."""
        return cast(ExchangeQuerySet, self.get_queryset()).cancellable()

    def open_in_lane(self, lane: str) -> ExchangeQuerySet:
        """See `ExchangeQuerySet.open_in_lane`; needs a system scope."""
        return cast(ExchangeQuerySet, self.get_queryset()).open_in_lane(lane)
