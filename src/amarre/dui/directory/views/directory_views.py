"""Search a correspondent; choose one for the page that asked."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.core.actor import Actor
from amarre.dui.directory.forms.search_form import SearchForm
from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.directory.selectors import recent_entries
from amarre.dui.directory.services.choose_entry import choose_entry
from amarre.dui.directory.services.search_professionals import search_professionals
from amarre.dui.organisations.models import Essms
from amarre.dui.web import shell
from amarre.dui.web.pages import page

# Name of the parameter by which the page that asked gets the chosen entry.
CHOSEN = "destinataire"


@require_GET
def search_directory(request: HttpRequest) -> HttpResponse:
    """Search by name, profession and commune. With `pour` (the address of a page of ours), one can choose."""
    actor = actor_of(request)
    essms = _essms(actor)
    require(actor, Permission.SEARCH_ANNUAIRE, essms)
    asked = bool({"nom", "commune", "profession"} & request.GET.keys())
    form = (
        SearchForm({"quoi": DirectoryEntry.Kind.PROFESSIONNEL, **request.GET.dict()})
        if asked
        else SearchForm()
    )
    answer = None
    if asked and form.is_valid():
        answer = search_professionals(essms=essms, query=form.query, actor=actor)
    context = {
        "form": form,
        "answer": answer,
        "contact": shell.contact(request, answer.degraded.contact) if answer and answer.degraded else None,
        "recent": [] if asked else recent_entries(actor),
        "pour": safe_return(request.GET.get("pour", "")),
    }
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "directory/search.html", "directory/_results.html", context, status=status)


@require_POST
def choose_directory_entry(request: HttpRequest) -> HttpResponse:
    """Keep the entry and go back to the page that asked, with its number."""
    actor = actor_of(request)
    entry = choose_entry(
        essms=_essms(actor),
        kind=request.POST.get("quoi", ""),
        identifier=request.POST.get("identifiant", "")[:20],
        actor=actor,
    )
    back = safe_return(request.POST.get("pour", ""))
    if not back:
        return redirect("directory:search_directory")
    return redirect(f"{back}?{urlencode({CHOSEN: entry.pk})}")


def safe_return(path: str) -> str:
    """Return `path` when it is the path of a page of this site, "" otherwise."""
    if not path.startswith("/") or "?" in path or "#" in path:
        return ""
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


def _essms(actor: Actor) -> Essms:
    return get_visible(actor, Essms, pk=actor.essms_id)
