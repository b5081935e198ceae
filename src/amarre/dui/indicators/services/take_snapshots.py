"""Write the monthly snapshots, once; run by one of the workers and by `amarre manage indicators_snapshot`."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import transaction

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now, today
from amarre.dui.indicators.acts import Lens
from amarre.dui.indicators.definitions import BY_CODE
from amarre.dui.indicators.errors import MonthNotClosed
from amarre.dui.indicators.models import MonthlySnapshot
from amarre.dui.indicators.periods import Period, last_closed_month, until
from amarre.dui.indicators.selectors import environment_of, ins_figures, tbb1_figures
from amarre.dui.indicators.tbb1 import Figure
from amarre.dui.organisations.models import Essms


def take_snapshots(*, month: Period | None = None) -> int:
    """Write the snapshot of `month` (by default the last one over) for every establishment without it.

    Returns the number of establishments written. Raises MonthNotClosed. Shares of INS statuses are those of
    today: they are only kept with the last closed month.
    """
    month = month or last_closed_month(today())
    if month.first is None or month.last is None or month.last >= today():
        raise MonthNotClosed(month=month.label)
    first, last = month.first, month.last
    with system_scope("monthly snapshot of every establishment"):
        known = Essms.objects.filter(created_at__lt=month.end, is_open=True).order_by("pk")
        return sum(_take(essms, month, first, last) for essms in known)


def take_last_snapshots() -> int:
    """Write the snapshots of the last closed month where they are missing: the periodic task."""
    return take_snapshots()


def _take(essms: Essms, month: Period, first: datetime.date, last: datetime.date) -> bool:
    environment = environment_of(essms)
    with transaction.atomic():
        # One at a time per establishment: what is written is never written again.
        Essms.objects.select_for_update().get(pk=essms.pk)
        taken = MonthlySnapshot.objects.filter(essms=essms, environment=environment, month=first)
        if taken.exists():
            return False
        rows = [
            _row(essms, environment, first, code, span, figure)
            for span, found in _figures(essms, environment, month, last).items()
            for code, figure in found.items()
        ]
        MonthlySnapshot.objects.bulk_create(rows)
        record(
            system_actor("relevé mensuel", essms_id=essms.pk, organisme_id=essms.organisme_id),
            "indicators.snapshot_taken",
            details={"month": month.key, "numbers": len(rows)},
        )
    return True


def _figures(
    essms: Essms, environment: str, month: Period, last: datetime.date
) -> dict[MonthlySnapshot.Span, dict[str, Figure]]:
    in_month = tbb1_figures(Lens(essms.pk, environment, month))
    total = tbb1_figures(Lens(essms.pk, environment, until(last)))
    if month == last_closed_month(today()):
        total |= ins_figures(essms.pk, last)
    return {MonthlySnapshot.Span.MOIS: in_month, MonthlySnapshot.Span.CUMUL: total}


def _row(
    essms: Essms, environment: str, month: datetime.date, code: str, span: str, figure: Figure
) -> MonthlySnapshot:
    return MonthlySnapshot(
        essms=essms,
        environment=environment,
        month=month,
        code=code,
        span=span,
        numerator=figure.numerator,
        denominator=figure.denominator,
        value=_value(figure),
        rule_version=BY_CODE[code].version,
        computed_at=now(),
    )


def _value(figure: Figure) -> Decimal | None:
    if not figure.is_share:
        return Decimal(figure.numerator)
    return None if figure.percent is None else Decimal(f"{figure.percent:.1f}")
