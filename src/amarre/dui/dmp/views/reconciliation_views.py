"""« Contrôle de réception »: each deposit of a period, what we believe, what the DMP holds, what to do."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.dmp.models import DepositReception
from amarre.dui.dmp.reconciliation.selectors import (
    DEFAULT_PERIOD,
    EXPORTED_AT_MOST,
    NEVER,
    PERIODS,
    Counts,
    counts_of,
    deposits_of_period,
    reception_csv,
    reception_page,
    to_ask,
    with_finding,
)
from amarre.dui.dmp.services.settle_reception import ask_reception, correct_state, note_gone
from amarre.dui.dmp.views.proposal_views import deposit_tabs
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import OPEN_STATES
from amarre.dui.usagers.presenters import usual_name
from amarre.dui.web.guard import allowed

Finding = DepositReception.Finding
AGREED = ("", Finding.CONCORDANT)
# Finding → word, tone and pictogram of its chip, then what it means for who reads.
WORDS = {
    Finding.CONCORDANT: ("Concordant", "ok", "ok", ""),
    Finding.ABSENT: (
        "Absent du DMP", "refus", "dan",
        "Nous le croyons déposé, le DMP ne l’a pas. La personne l’a peut-être supprimé : demandez-le-lui.",
    ),
    Finding.RECENT: (
        "Le DMP en sait plus", "cycle", "att",
        "Le DMP a ce document, alors que nous ne le croyons pas déposé. Corrigez notre état.",
    ),
    Finding.INCONNU: (
        "Inconnu", "alerte", "att",
        "Le DMP n’a pas répondu, ou le dépôt était en cours. Amarre redemandera demain.",
    ),
}  # fmt: skip


@require_safe
def reception(request: HttpRequest) -> HttpResponse:
    """Show the deposits of a period, by finding."""
    actor = actor_of(request)
    require(actor, Permission.READ_ENVOIS)
    period, finding = _filters(request.GET)
    rows = deposits_of_period(actor, period)
    page = reception_page(with_finding(rows, finding), request.GET.get("apres", ""))
    counts = counts_of(rows)
    record_reading(actor, "dmp.reception_consulted")
    may_act = allowed(request, Permission.RETRY_ENVOIS)
    context = {
        "lines": [_line(deposit) for deposit in page.items],
        "counts": counts,
        "shelves": _shelves(counts, period, finding),
        "period": period,
        "periods": PERIODS,
        "finding": finding,
        "may_act": may_act,
        "export_url": _address("dmp:reception_csv", period, finding),
        "tabs": deposit_tabs(request, "reception"),
        "pager": {
            "next_url": _address("dmp:reception", period, finding, page.next_cursor)
            if page.next_cursor
            else ""
        },
    }
    return render(request, "dmp/reception.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Give the same list as a file for a spreadsheet."""
    actor = actor_of(request)
    require(actor, Permission.READ_ENVOIS)
    period, finding = _filters(request.GET)
    rows = with_finding(deposits_of_period(actor, period), finding).order_by("-pk")
    record_reading(actor, "dmp.reception_consulted")
    response = HttpResponse(reception_csv(rows[:EXPORTED_AT_MOST]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="controle-de-reception.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the DMP about the deposits of the period and finding shown, or about one of them."""
    actor = actor_of(request)
    require(actor, Permission.RETRY_ENVOIS)
    period, finding = _filters(request.POST)
    wanted = request.POST.get("deposit", "")
    if wanted.isdecimal():
        deposits = [_deposit(actor, int(wanted))]
    else:
        deposits = to_ask(with_finding(deposits_of_period(actor, period), finding))
    count = ask_reception(deposits=deposits, actor=actor)
    plural = "s" if count > 1 else ""
    messages.success(
        request, f"{count} question{plural} au DMP en file. Les réponses arrivent ici, une à une."
    )
    return redirect(_address("dmp:reception", period, finding))


@require_POST
def gone(request: HttpRequest, reception_id: int) -> HttpResponse:
    """Note that the document was deleted from the DMP."""
    actor = actor_of(request)
    note_gone(reception=_reception(actor, reception_id), actor=actor)
    messages.success(request, "Noté : une nouvelle version sera déposée sans rien remplacer.")
    return redirect("dmp:reception")


@require_POST
def correct(request: HttpRequest, reception_id: int) -> HttpResponse:
    """Have our state corrected by what the DMP answers."""
    actor = actor_of(request)
    correct_state(reception=_reception(actor, reception_id), actor=actor)
    messages.success(request, "Amarre redemande au DMP et corrige l'état du dépôt dans quelques secondes.")
    return redirect("dmp:reception")


def _line(deposit: DmpDeposit) -> dict[str, Any]:
    held: DepositReception | None = getattr(deposit, "reception", None)
    word, icon, tone, meaning = WORDS.get(
        Finding(held.finding) if held and held.finding else Finding.CONCORDANT, ("", "", "", "")
    )
    if held is None or not held.finding:
        word, icon, tone, meaning = "Pas encore contrôlé", "horloge", "", ""
    asking = held is not None and held.exchange is not None and held.exchange.state in OPEN_STATES
    return {
        "deposit": deposit,
        "name": usual_name(deposit.version.document.dossier.identity),
        "reception": held,
        "chip": (word, icon, tone),
        "meaning": meaning,
        "asking": asking,
        "again": held is not None and (held.gone_noted_at is not None or held.finding not in AGREED),
    }


def _shelves(counts: Counts, period: str, finding: str) -> list[tuple[str, int, str, bool]]:
    wanted = [
        ("Tous", counts.total, ""),
        (Finding.ABSENT.label, counts.absent, Finding.ABSENT.value),
        (Finding.RECENT.label, counts.recent, Finding.RECENT.value),
        (Finding.INCONNU.label, counts.unknown, Finding.INCONNU.value),
        (Finding.CONCORDANT.label, counts.concordant, Finding.CONCORDANT.value),
        ("Pas encore contrôlés", counts.never, NEVER),
    ]
    return [
        (label, count, _address("dmp:reception", period, value), value == finding)
        for label, count, value in wanted
    ]


def _filters(values: Any) -> tuple[str, str]:
    period, finding = values.get("periode", ""), values.get("constat", "")
    return (
        period if period in PERIODS else DEFAULT_PERIOD,
        finding if finding in (*Finding.values, NEVER) else "",
    )


def _address(name: str, period: str, finding: str, cursor: str = "") -> str:
    values = {"periode": "" if period == DEFAULT_PERIOD else period, "constat": finding, "apres": cursor}
    query = urlencode({key: value for key, value in values.items() if value})
    return reverse(name) + (f"?{query}" if query else "")


def _deposit(actor: Actor, deposit_id: int) -> DmpDeposit:
    found: DmpDeposit = get_visible(actor, DmpDeposit, pk=deposit_id)
    return found


def _reception(actor: Actor, reception_id: int) -> DepositReception:
    found: DepositReception = get_visible(actor, DepositReception, pk=reception_id)
    return found
