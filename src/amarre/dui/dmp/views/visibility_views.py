"""Change at the DMP what we deposited: say the consequences, ask why, queue."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from amarre.dui.access.actors import actor_of
from amarre.dui.access.errors import OutOfScope
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.access.scope import system_scope
from amarre.dui.dmp.earlier_versions import deposits_of_document
from amarre.dui.dmp.services.request_change import REASON_LENGTH, request_change
from amarre.dui.dmp.views.dmp_page import situation_of
from amarre.dui.dmp.visibility.changes import Row, row_of
from amarre.dui.dmp.visibility.errors import NotAtDmp
from amarre.dui.dmp.visibility.offers import door_permission, require_offered
from amarre.dui.documents.chain_link import page_of
from amarre.dui.documents.models import DmpDeposit, Document
from amarre.dui.exchanges.enums import State
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier
from amarre.dui.usagers.models import Dossier


class ReasonForm(forms.Form):
    """Why the document has to change."""

    reason = forms.CharField(
        label="Motif",
        max_length=REASON_LENGTH,
        help_text="Par exemple : « à la demande de la personne ». Il reste au journal, avec votre nom.",
    )

    use_required_attribute = False


@require_http_methods(["GET", "HEAD", "POST"])
def change_document(request: HttpRequest, dossier_id: int, document_id: int, key: str) -> HttpResponse:
    """Show what a change does (GET), ask it (POST)."""
    row = row_of(key)
    if row is None:
        raise OutOfScope
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    require(actor_of(request), door_permission(row.door), dossier)
    deposit = _deposit(request, dossier, document_id)
    situation = situation_of(request, dossier)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        request_change(deposit=deposit, row=row, reason=form.cleaned_data["reason"], situation=situation)
        messages.success(request, "Le changement est demandé au DMP. Le suivi est sur cette page.")
        return redirect(page_of(deposit.version, "documents:show_document"))
    require_offered(row, deposit, situation)
    context = dossier_context(request, dossier, "documents") | _page(deposit, row, form)
    return render(request, "dmp/change.html", context, status=422 if form.is_bound else 200)


def _page(deposit: DmpDeposit, row: Row, form: ReasonForm) -> dict[str, object]:
    return {
        "document": deposit.version.document,
        "version": deposit.version,
        "row": row,
        "form": form,
        "back": page_of(deposit.version, "documents:show_document"),
    }


def _deposit(request: HttpRequest, dossier: Dossier, document_id: int) -> DmpDeposit:
    """Return the deposit that the DMP holds of a document in scope. Raises OutOfScope, NotAtDmp."""
    document = get_visible(actor_of(request), Document, pk=document_id, dossier=dossier)
    document.dossier = dossier
    with system_scope("deposits of a document in scope"):
        held = [one for one in deposits_of_document(document.pk) if one.exchange.state == State.ACCEPTE]
    if not held:
        raise NotAtDmp
    held[0].version.document = document
    return held[0]
