"""« Réponse de la personne »: what she was told about her DMP, what she answered, and every answer before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.scope import system_scope
from amarre.dui.dmp.forms.agreement_form import AgreementForm
from amarre.dui.dmp.views.dmp_page import dmp_context
from amarre.dui.usagers.dmp_agreement import team_agreement
from amarre.dui.usagers.dossier_page import get_dossier, open_dossier
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.usagers.services.record_dmp_information import record_dmp_information
from amarre.dui.web.guard import allowed


@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Show the answer that counts and its history (GET), note another one (POST)."""
    if request.method == "POST":
        return _note(request, dossier_id)
    dossier = open_dossier(request, dossier_id, Permission.READ_IDENTITE, "dmp.agreement_consulted")
    return render(request, "dmp/agreement.html", _context(request, dossier, AgreementForm(dossier=dossier)))


def _note(request: HttpRequest, dossier_id: int) -> HttpResponse:
    dossier = get_dossier(request, dossier_id, Permission.FEED_DMP)
    form = AgreementForm(request.POST, dossier=dossier)
    if not form.is_valid():
        return render(request, "dmp/agreement.html", _context(request, dossier, form), status=422)
    record_dmp_information(
        dossier=dossier,
        decision=form.cleaned_data["decision"],
        informed_on=form.cleaned_data["informed_on"],
        actor=actor_of(request),
        collected=form.collected(),
    )
    messages.success(request, "La réponse est notée, avec votre nom.")
    return redirect("dmp:agreement", dossier.pk)


def _context(request: HttpRequest, dossier: Dossier, form: AgreementForm) -> dict[str, Any]:
    with system_scope("what the person of a dossier in scope answered"):
        rows = DmpInformation.objects.select_related("informed_by")
    prefetch_related_objects([dossier], Prefetch("dmp_information", rows))
    answer = team_agreement(dossier)
    return dmp_context(request, dossier) | {
        "form": form,
        "answer": answer,
        "history": list(dossier.dmp_information.all()),
        "may_note": allowed(request, Permission.FEED_DMP, dossier),
        "may_read": allowed(request, Permission.READ_DOCUMENTS, dossier),
    }
