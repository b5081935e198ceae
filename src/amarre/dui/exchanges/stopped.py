"""What stopped and waits for a person, by cause: the page « Envois arrêtés »."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import cast

from django.db.models import Count, Max, Min

from amarre.dui.core.actor import Actor
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.presenters import explanation_from
from amarre.dui.exchanges.querysets import ExchangeQuerySet
from amarre.dui.exchanges.selectors import service_labels
from amarre.interop.common.errors import Explanation

# Shown on the page under their causes; beyond, the count says how many more.
ROWS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause: what its newest exchange says, how many stopped, since when, and the newest of them."""

    code: str
    service: str
    service_label: str
    explanation: Explanation | None
    count: int
    since: datetime.datetime | None
    rows: list[Exchange]

    @property
    def more(self) -> int:
        """Return how many are not in `rows`."""
        return self.count - len(self.rows)


def stopped_causes(actor: Actor) -> list[Cause]:
    """Return the causes, the most frequent first, in three queries whatever their number."""
    stopped = cast(ExchangeQuerySet, Exchange.objects.visible_to(actor)).stopped()
    groups = list(
        stopped.values("cause", "service")
        .annotate(count=Count("pk"), since=Min("finished_at"), newest=Max("pk"))
        .order_by("-count", "cause", "service")
    )
    if not groups:
        return []
    speaking = stopped.in_bulk([group["newest"] for group in groups])
    shown = list(stopped.order_by("-pk")[:ROWS_SHOWN])
    labels = service_labels()
    return [
        Cause(
            code=group["cause"],
            service=group["service"],
            service_label=labels.get(group["service"], group["service"]),
            explanation=explanation_from(speaking[group["newest"]].explanation),
            count=group["count"],
            since=group["since"],
            rows=[row for row in shown if (row.cause, row.service) == (group["cause"], group["service"])],
        )
        for group in groups
    ]
