"""Counts, months and snapshots, as pages and proofs need them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import PARIS
from amarre.dui.indicators import tbb1
from amarre.dui.indicators.acts import (
    INS_STATES,
    PROFESSIONNEL,
    USAGER,
    Lens,
    deposits,
    dossiers_behind,
    file_active,
    messages,
    with_document,
)
from amarre.dui.indicators.models import MonthlySnapshot
from amarre.dui.indicators.periods import Period, months_before
from amarre.dui.indicators.tbb1 import Counts, Figure
from amarre.dui.organisations.models import Essms
from amarre.dui.organisations.selectors import profile_of


def environment_of(essms: Essms) -> str:
    """Return the environment whose acts count: that of the establishment's connectors."""
    return profile_of(essms).environment


def tbb1_figures(lens: Lens) -> dict[str, Figure]:
    """Return every TBB.1 number by code, in three queries."""
    fed = deposits(lens).aggregate(
        documents=Count("version__document", distinct=True),
        qualified=Count("version__document", distinct=True, filter=Q(identity_qualified=True)),
        dossiers=Count("version__document__dossier", distinct=True),
    )
    to_professional, to_usager = Q(audience=PROFESSIONNEL), Q(audience=USAGER)
    sent = with_document(messages(lens)).aggregate(
        total=Count("pk"),
        professionnels=Count("pk", filter=to_professional),
        usagers=Count("pk", filter=to_usager),
        dossiers_professionnels=Count("dossier", distinct=True, filter=to_professional & Q(carries=True)),
        dossiers_usagers=Count("dossier", distinct=True, filter=to_usager & Q(carries=True)),
    )
    counts = Counts(
        documents_qualified=fed["qualified"],
        documents_unqualified=fed["documents"] - fed["qualified"],
        messages=sent["total"],
        messages_professionnels=sent["professionnels"],
        messages_usagers=sent["usagers"],
        dossiers_dmp=fed["dossiers"],
        dossiers_professionnels=sent["dossiers_professionnels"],
        dossiers_usagers=sent["dossiers_usagers"],
        dossiers_trois_actions=dossiers_behind("TBB1.4", lens).count(),
    )
    return tbb1.figures(counts)


def ins_figures(essms_id: int, on: datetime.date) -> dict[str, Figure]:
    """Return the share of each INS status in the file active of the day `on`, in one query."""
    counts = {
        code: Count("pk", filter=Q(identity__traits_from_insi=insi, identity__coherence_checked=checked))
        for code, (insi, checked) in INS_STATES.items()
    }
    found = file_active(essms_id, on).aggregate(
        total=Count("pk"), **{f"n{code[-1]}": count for code, count in counts.items()}
    )
    return {code: Figure(found[f"n{code[-1]}"], found["total"]) for code in INS_STATES}


@dataclass(frozen=True, slots=True)
class Months:
    """Numbers per month, oldest first; `dossiers_mssante` had a document sent to anyone."""

    periods: tuple[Period, ...]
    documents: tuple[int, ...]
    dossiers_dmp: tuple[int, ...]
    professionnels: tuple[int, ...]
    usagers: tuple[int, ...]
    dossiers_mssante: tuple[int, ...]


def by_month(lens: Lens, today: datetime.date, count: int) -> Months:
    """Return the last `count` months, that of `today` included, in two queries; the period is unused."""
    periods = months_before(today, count)
    span = replace(lens, period=Period("", "", periods[0].first, periods[-1].last))
    month = TruncMonth("accepted_at", tzinfo=PARIS)
    fed = _counted_by_month(
        deposits(span).annotate(month=month).values("month"),
        documents=Count("version__document", distinct=True),
        dossiers_dmp=Count("version__document__dossier", distinct=True),
    )
    sent = _counted_by_month(
        with_document(messages(span)).order_by().annotate(month=month).values("month"),
        professionnels=Count("pk", filter=Q(audience=PROFESSIONNEL)),
        usagers=Count("pk", filter=Q(audience=USAGER)),
        dossiers_mssante=Count("dossier", distinct=True, filter=Q(carries=True)),
    )
    found = {period.key: fed.get(period.key, {}) | sent.get(period.key, {}) for period in periods}

    def series(name: str) -> tuple[int, ...]:
        return tuple(found[period.key].get(name, 0) for period in periods)

    return Months(
        periods=tuple(periods),
        documents=series("documents"),
        dossiers_dmp=series("dossiers_dmp"),
        professionnels=series("professionnels"),
        usagers=series("usagers"),
        dossiers_mssante=series("dossiers_mssante"),
    )


def _counted_by_month(rows: QuerySet, **counts: Count) -> dict[str, dict[str, int]]:
    return {row["month"].strftime("%Y-%m"): row for row in rows.annotate(**counts).order_by("month")}


def snapshots_of(essms: Essms, environment: str, months: int) -> list[MonthlySnapshot]:
    """Return the snapshots of the last `months` closed months, newest month first."""
    with system_scope("snapshots of an establishment whose reader was checked"):
        rows = MonthlySnapshot.objects.filter(essms=essms, environment=environment)
        latest = list(rows.values_list("month", flat=True).distinct().order_by("-month")[:months])
        return list(rows.filter(month__in=latest).order_by("-month", "code", "span"))
