"""« À appeler à la prochaine venue »: the list, one button per person; the note of one person."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.clock import today
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier, open_dossier
from amarre.dui.usagers.forms.recall_form import RecallForm
from amarre.dui.usagers.selectors.recall_queue import recall_page
from amarre.dui.usagers.services.note_recall import close_recall, note_recall
from amarre.dui.web.pages import page


@require_safe
def list_recalls(request: HttpRequest) -> HttpResponse:
    """List who to call INSi for. Nothing here calls for several persons: the law's rule is one at a visit."""
    actor = actor_of(request)
    require(actor, Permission.WRITE_IDENTITE)
    found = recall_page(actor, today(), request.GET.get("apres", ""))
    record_reading(actor, "recall.list_consulted")
    next_url = f"{reverse('usagers:list_recalls')}?{urlencode({'apres': found.next_cursor})}"
    context = {
        "found": found,
        "pager": {"next_url": next_url if found.next_cursor else "", "target": "a-appeler"},
    }
    return page(request, "usagers/recalls.html", "usagers/_recall_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_recall(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Note the next visit of one person."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_IDENTITE)
    note = dossier.recall_notes.filter(closed_at=None).first()
    if request.method == "POST":
        form = RecallForm(request.POST)
        if form.is_valid():
            note_recall(
                dossier=dossier,
                expected_on=form.cleaned_data["expected_on"],
                note=form.cleaned_data["note"],
                actor=actor_of(request),
            )
            messages.success(request, "La prochaine venue est notée.")
            return redirect("usagers:list_recalls")
    else:
        open_dossier(request, dossier_id, Permission.WRITE_IDENTITE, "identity.consulted")
        form = RecallForm(initial={"expected_on": note.expected_on, "note": note.note} if note else None)
    context = dossier_context(request, dossier, "identite") | {"form": form, "note": note}
    return render(request, "usagers/recall.html", context, status=422 if form.errors else 200)


@require_POST
def remove_recall(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Take the note of one person away."""
    dossier = get_dossier(request, dossier_id, Permission.WRITE_IDENTITE)
    close_recall(dossier=dossier, actor=actor_of(request))
    messages.success(request, "La note est retirée.")
    return redirect("usagers:list_recalls")
