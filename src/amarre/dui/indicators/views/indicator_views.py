"""The numbers of an establishment, and the list behind each."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can, get_visible, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.indicators import presenters, selectors
from amarre.dui.indicators.acts import Lens
from amarre.dui.indicators.csv_file import file_of
from amarre.dui.indicators.definitions import BY_CODE, INS, NOT_COUNTED, TBB1, Definition, Family
from amarre.dui.indicators.lists import Source, source_of
from amarre.dui.indicators.models import MonthlySnapshot
from amarre.dui.indicators.periods import BEGINNING, Period, parse, proposals
from amarre.dui.indicators.reach import Reach, reach_of
from amarre.dui.indicators.tbb1 import Figure, still_zero
from amarre.dui.organisations.enums import Environment
from amarre.dui.organisations.models import Essms
from amarre.dui.web.pages import page as render_page

CHART_MONTHS = 6
HISTORY_MONTHS = 6


@require_safe
def show_indicators(request: HttpRequest) -> HttpResponse:
    """Show the numbers of the establishment over the period asked for."""
    actor = actor_of(request)
    reach = reach_of(actor)
    period = _period_of(request)
    essms = get_visible(actor, Essms, pk=actor.essms_id)
    lens = _lens(actor, reach, essms, period)
    found: dict[str, Figure] = {}
    context = _common(essms, lens, reach) | {"groups": proposals(today()), "counted_at": now()}
    if Family.TBB1 in reach.families:
        found |= selectors.tbb1_figures(lens)
        chart = presenters.months_chart(selectors.by_month(lens, today(), CHART_MONTHS))
        context |= {"tbb1": presenters.rows(found, TBB1, period), "chart": chart}
        if period == BEGINNING and not reach.own:
            context["zero"] = presenters.zero_labels(still_zero(found))
            context["va_shown"] = True
    if Family.INS in reach.families:
        found |= selectors.ins_figures(essms.pk, today())
        context["ins"] = presenters.rows(found, INS, BEGINNING)
    if not reach.own:
        context["history"] = _history(essms, lens.environment, reach)
    context["tiles"] = presenters.tiles(found, period)
    context["definitions"] = [BY_CODE[code] for code in found]
    record_reading(actor, "indicators.consulted", subject=essms, details={"period": period.key})
    return render_page(request, "indicators/indicators.html", "indicators/_figures.html", context)


@require_safe
def list_behind(request: HttpRequest, code: str) -> HttpResponse:
    """List the acts or the dossiers behind one number."""
    actor = actor_of(request)
    reach, essms, source = _source_asked(request, actor, code)
    period = source.lens.period
    found = source.page(request.GET.get("apres", ""))
    record_reading(
        actor, "indicators.list_consulted", subject=essms, details={"code": code, "period": period.key}
    )
    next_url = presenters.list_url(code, period, apres=found.next_cursor)
    context = _common(essms, source.lens, reach) | {
        "definition": source.definition,
        "lines": source.lines(found.items),
        "export_url": presenters.list_url(code, period, "export_list"),
        "may_open_dossiers": reach.names,
        "may_open_documents": reach.names and can(actor, Permission.READ_DOCUMENTS),
        "may_open_exchanges": can(actor, Permission.READ_ENVOIS),
        "pager": {"next_url": next_url if found.next_cursor else "", "target": "actes"},
    }
    return render_page(request, "indicators/list.html", "indicators/_list_lines.html", context)


@require_safe
def export_list(request: HttpRequest, code: str) -> HttpResponse:
    """Give the whole list behind one number as a file without any name."""
    actor = actor_of(request)
    _, essms, source = _source_asked(request, actor, code)
    content, rows = file_of(source.definition, source.lens, source.all_lines())
    period = source.lens.period
    record_reading(
        actor,
        "indicators.exported",
        subject=essms,
        details={"code": code, "period": period.key, "rows": rows},
    )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"{code.lower().replace('.', '-')}-{period.key.lower() or 'debut'}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _source_asked(request: HttpRequest, actor: Actor, code: str) -> tuple[Reach, Essms, Source]:
    reach = reach_of(actor)
    definition = _definition(code, reach)
    essms = get_visible(actor, Essms, pk=actor.essms_id)
    require(actor, Permission.READ_INDICATEURS, essms)
    period = BEGINNING if definition.family is Family.INS else _period_of(request)
    return reach, essms, source_of(definition, _lens(actor, reach, essms, period), today())


def _definition(code: str, reach: Reach) -> Definition:
    definition = BY_CODE.get(code)
    if definition is None or not reach.includes(definition):
        raise Http404(code)
    return definition


def _period_of(request: HttpRequest) -> Period:
    period = parse(request.GET.get("periode", ""))
    if period is None:
        raise Http404("periode")
    return period


def _lens(actor: Actor, reach: Reach, essms: Essms, period: Period) -> Lens:
    author = actor.person_id if reach.own else None
    return Lens(essms.pk, selectors.environment_of(essms), period, author)


def _common(essms: Essms, lens: Lens, reach: Reach) -> dict[str, Any]:
    return {
        "essms": essms,
        "period": lens.period,
        "reach": reach,
        "environment": Environment(lens.environment).label,
        "not_counted": NOT_COUNTED,
    }


def _history(essms: Essms, environment: str, reach: Reach) -> list[dict[str, Any]]:
    allowed = [
        row
        for row in selectors.snapshots_of(essms, environment, HISTORY_MONTHS)
        if reach.includes(BY_CODE[row.code])
    ]
    tables = (presenters.history_table(allowed, span) for span in MonthlySnapshot.Span.values)
    return [table for table in tables if table]
