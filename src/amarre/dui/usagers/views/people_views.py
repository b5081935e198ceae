"""The people of the establishment: list with filters, search by POST."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.clock import today
from amarre.dui.usagers.presenters import person_lines
from amarre.dui.usagers.search_terms import read_terms
from amarre.dui.usagers.selectors import people, vigilance
from amarre.dui.web.pages import page


@require_safe
def list_people(request: HttpRequest) -> HttpResponse:
    """List the people present, by birth name, one page at a time."""
    actor = actor_of(request)
    require(actor, Permission.READ_IDENTITE)
    status = request.GET.get("statut", "")
    after = request.GET.get("apres", "")
    found = people.people_page(
        vigilance.listed(actor, status), after=int(after) if after.isdecimal() and len(after) < 19 else None
    )
    record_reading(actor, "dossier.list_consulted")
    kept = {"statut": status} if status else {}
    next_url = f"{reverse('usagers:list_people')}?{urlencode(kept | {'apres': found.next_after})}"
    context = {
        "people": person_lines(found.dossiers, today()),
        "filters": people.filter_links(actor, status),
        "status": status,
        "is_to_decide": status == people.TO_DECIDE,
        "list_title": vigilance.TITLES.get(status, ""),
        "may_create": can(actor, Permission.WRITE_IDENTITE),
        "may_verify": can(actor, Permission.VERIFY_IDENTITES),
        "pager": {"next_url": next_url if found.next_after else "", "target": "personnes"},
    }
    return page(request, "usagers/people.html", "usagers/_people_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def search_people(request: HttpRequest) -> HttpResponse:
    """Search by POST: what is typed stays out of the address. A GET (reload, bookmark) leads to the list."""
    if request.method != "POST":
        return redirect("usagers:list_people")
    actor = actor_of(request)
    require(actor, Permission.READ_IDENTITE)
    text = request.POST.get("q", "")
    terms = read_terms(text, today())
    if terms.is_empty and not terms.problem:
        return redirect("usagers:list_people")
    found = people.search_people(actor, terms)
    record_reading(actor, "identity.searched", details={"results": len(found.dossiers)})
    for warning in terms.warnings:
        messages.warning(request, warning)
    if terms.matricule and len(found.dossiers) == 1:
        return redirect("usagers:show_dossier", dossier_id=found.dossiers[0].pk)
    context = {
        # A matricule is not shown again in the field: the screen may be seen.
        "recherche": "" if terms.matricule or terms.problem else text,
        "people": person_lines(found.dossiers[: people.SEARCH_LIMIT], today()),
        "too_many": len(found.dossiers) > people.SEARCH_LIMIT,
        "is_near": found.is_near,
        "limit": people.SEARCH_LIMIT,
        "problem": terms.problem,
        "may_create": can(actor, Permission.WRITE_IDENTITE),
    }
    return render(request, "usagers/search.html", context)
