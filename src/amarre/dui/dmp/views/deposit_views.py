"""Deposit a document in the DMP: the control first, then the deposit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record_reading
from amarre.dui.dmp.earlier_versions import deposits_of_document, earlier_of
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp, live_deposit
from amarre.dui.dmp.visibility.audiences import (
    Hidden,
    audience_point,
    choices_for,
    hidden_from_values,
    in_order,
    inherited,
)
from amarre.dui.documents.chain_link import page_of
from amarre.dui.documents.control import Target, blocking_points, control_points
from amarre.dui.documents.models import DmpDeposit, Document, DocumentVersion
from amarre.dui.documents.selectors import versions_of
from amarre.dui.exchanges.enums import State
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.guard import allowed

# Names of the boxes of « Qui pourra le lire », and of the button that applies them to the control.
HIDDEN, CHOSEN = "cacher", "public"


def deposit_url(request: HttpRequest, version: DocumentVersion) -> str:
    """Return the page of the deposit of `version` when the actor may ask it, else ""."""
    dossier = version.document.dossier
    if live_deposit(version) is not None or not allowed(request, Permission.FEED_DMP, dossier):
        return ""
    return page_of(version, "dmp:deposit")


@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: HttpRequest, dossier_id: int, document_id: int) -> HttpResponse:
    """Show the control before the deposit of the current version (GET), deposit it (POST)."""
    dossier = get_dossier(request, dossier_id, Permission.FEED_DMP)
    version = _current_version(request, dossier, document_id)
    if request.method == "POST":
        hidden = hidden_from_values(request.POST.getlist(HIDDEN)) if CHOSEN in request.POST else None
        made = deposit_in_dmp(version=version, actor=actor_of(request), hidden=hidden)
        messages.success(request, said_of(made))
        return redirect("documents:show_document", dossier.pk, document_id)
    if live_deposit(version) is not None:
        return redirect("documents:show_document", dossier.pk, document_id)
    record_reading(
        actor_of(request),
        "document.consulted",
        subject=version.document,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
        details={"version": version.number},
    )
    return render(request, "dmp/deposit.html", _control_page(request, dossier, version))


def said_of(deposit: DmpDeposit) -> str:
    """Return the sentence that follows a deposit asked for."""
    if deposit.exchange.state == State.A_VALIDER:
        return "Le dépôt attend l'accord d'un collègue, dans « Dépôts à valider ». Rien n'est encore parti."
    return "Le dépôt est demandé. Vous pouvez continuer : le suivi est sur cette page."


def _control_page(request: HttpRequest, dossier: Dossier, version: DocumentVersion) -> dict[str, Any]:
    sender = request.user if isinstance(request.user, User) else None
    points = control_points(version, target=Target.DMP, sender=sender)
    first = next(iter(blocking_points(points)), None)
    hidden = _hidden(request, version)
    return dossier_context(request, dossier, "documents") | {
        "document": version.document,
        "version": version,
        "points": [*points, audience_point(hidden)],
        "blocked": first,
        "audiences": [(one, one.visibility in hidden) for one in choices_for(dossier)],
        "hidden": in_order(hidden),
    }


def _hidden(request: HttpRequest, version: DocumentVersion) -> Hidden:
    """Return whom the document would be hidden from: what was chosen, else as the version it replaces."""
    if CHOSEN in request.GET:
        return hidden_from_values(request.GET.getlist(HIDDEN))
    with system_scope("earlier deposits of a document in scope"):
        return inherited(earlier_of(deposits_of_document(version.document_id), version))


def _current_version(request: HttpRequest, dossier: Dossier, document_id: int) -> DocumentVersion:
    document = get_visible(actor_of(request), Document, pk=document_id, dossier=dossier)
    document.dossier = dossier
    version = versions_of(document)[0]
    version.document = document
    return version
