"""The tab « DMP » of a dossier: what may be done, the search, one document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.dmp.forms.search_form import DmpSearchForm
from amarre.dui.dmp.reading import kept
from amarre.dui.dmp.reading.control import ReadingSituation, reading_points, web_points
from amarre.dui.dmp.reading.lines import ORDERS, PAGE, Choice, Line, facets, line_of, narrowed
from amarre.dui.dmp.reading.ours import Ours, ours_among
from amarre.dui.dmp.reading.status import ShownStatus, shown_status
from amarre.dui.dmp.services.ask_status import ask_status
from amarre.dui.dmp.services.search_documents import search_documents
from amarre.dui.dmp.views.dmp_page import dmp_context, situation_of
from amarre.dui.documents.control import blocking_points
from amarre.dui.usagers.dmp_agreement import team_agreement
from amarre.dui.usagers.dossier_page import open_dossier
from amarre.dui.usagers.models import Dossier
from amarre.dui.web import shell
from amarre.dui.web.errors import with_reference
from amarre.dui.web.guard import allowed
from amarre.dui.web.pages import page
from amarre.interop.common.errors import AmarreError, Explanation

# The button of the search: only it asks the DMP again; pages, order and filters read the list kept.
ASKED = "chercher"


@dataclass(frozen=True, slots=True)
class Results:
    """What a search shows: a page of lines, or why there is none."""

    status: ShownStatus | None = None
    rows: tuple[tuple[Line, Ours], ...] = ()
    found: int = 0
    total: int = 0
    at: Any = None
    professions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    pager: dict[str, str] | None = None
    failure: Explanation | None = None


@require_safe
def show_dmp(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Show the tab; with a search, ask the DMP and list what it shows."""
    dossier = open_dossier(request, dossier_id, Permission.READ_DOCUMENTS, "dmp.page_consulted")
    may_read = allowed(request, Permission.CONSULT_DMP, dossier)
    situation = situation_of(request, dossier)
    points = reading_points(situation) if may_read else []
    blocked = next(iter(blocking_points(points)), None)
    form = DmpSearchForm(request.GET if "periode" in request.GET else None)
    results = None
    if may_read and blocked is None and form.is_bound and form.is_valid():
        results = _results(request, situation, form)
    status = results.status if results else _kept_status(request, dossier)
    failure = results.failure if results else None
    context = dmp_context(request, dossier) | {
        "form": form,
        "points": points,
        "blocked": blocked,
        "may_read": may_read,
        "may_note": allowed(request, Permission.FEED_DMP, dossier),
        "results": results,
        "choice": _choice(request),
        "orders": ORDERS.items(),
        "status": status,
        "answer": team_agreement(dossier),
        "web_blocked": next(iter(blocking_points(web_points(situation))), None) if may_read else None,
        "contact": shell.contact(request, failure.contact) if failure else None,
    }
    return page(request, "dmp/page.html", "dmp/_results.html", context)


def _results(request: HttpRequest, situation: ReadingSituation, form: DmpSearchForm) -> Results:
    """Ask the DMP, or read the list it gave for the same search in this session."""
    session, actor, dossier = request.session, situation.actor, situation.dossier
    held = None if ASKED in request.GET else kept.kept_list(session, actor, dossier.pk, form.key)
    known = kept.kept_status(session, actor, dossier.pk)
    status = shown_status(known.status, known.at) if known else None
    try:
        if status is None:
            answer = ask_status(situation)
            kept.keep_status(session, actor, dossier.pk, answer)
            status = shown_status(answer)
        if not status.may_read:
            return Results(status)
        if held is None:
            zone = dossier.essms.zone
            lines = [line_of(found, zone) for found in search_documents(situation, form.filters)]
            held = kept.keep_list(session, actor, dossier.pk, form.key, lines)
    except AmarreError as error:
        kept.forget_status(session, actor, dossier.pk)
        return Results(status, failure=with_reference(error.explanation()))
    return _page_of(request, status, held, situation)


def _page_of(
    request: HttpRequest, status: ShownStatus, held: kept.KeptList, situation: ReadingSituation
) -> Results:
    lines = narrowed(held.lines, _choice(request))
    number = _page_number(request)
    start = min((number - 1) * PAGE, max(len(lines) - 1, 0) // PAGE * PAGE)
    shown = lines[start : start + PAGE]
    professions, places = facets(held.lines)
    ours = ours_among(situation, shown)
    return Results(
        status,
        rows=tuple((line, ours[line.unique_id]) for line in shown),
        found=len(lines),
        total=len(held.lines),
        at=held.at,
        professions=tuple(professions),
        places=tuple(places),
        pager=_pager(request, start, len(lines)),
    )


def _choice(request: HttpRequest) -> Choice:
    order = request.GET.get("tri", "")
    return Choice(
        profession=request.GET.get("profession", "")[:200],
        place=request.GET.get("lieu", "")[:200],
        order=order if order in ORDERS else "",
    )


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    return max(int(given), 1) if given.isascii() and given.isdigit() and len(given) < 5 else 1


def _pager(request: HttpRequest, start: int, total: int) -> dict[str, str]:
    kept_query = {key: value for key, value in request.GET.items() if key not in {"page", ASKED} and value}

    def address(number: int) -> str:
        return f"{request.path}?{urlencode({'periode': '2'} | kept_query | {'page': number})}"

    number = start // PAGE + 1
    return {
        "previous_url": address(number - 1) if start else "",
        "next_url": address(number + 1) if start + PAGE < total else "",
        "text": f"{start + 1} à {min(start + PAGE, total)} sur {total}" if total else "",
        "target": "resultats",
    }


def _kept_status(request: HttpRequest, dossier: Dossier) -> ShownStatus | None:
    known = kept.kept_status(request.session, actor_of(request), dossier.pk)
    return shown_status(known.status, known.at) if known else None


def page_url(dossier: Dossier) -> str:
    """Return the address of the tab."""
    return reverse("dmp:show", kwargs={"dossier_id": dossier.pk})
