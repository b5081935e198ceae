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
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record_reading
from amarre.dui.documents.control import Target, blocking_points, control_points
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.documents.selectors import deposit_of, versions_of
from amarre.dui.documents.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier
from amarre.dui.usagers.models import Dossier


@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: HttpRequest, dossier_id: int, document_id: int) -> HttpResponse:
    """Show the control before the deposit of the current version (GET), deposit it (POST)."""
    dossier = get_dossier(request, dossier_id, Permission.FEED_DMP)
    version = _current_version(request, dossier, document_id)
    if request.method == "POST":
        deposit_in_dmp(version=version, actor=actor_of(request))
        messages.success(
            request, "Le dépôt est demandé. Vous pouvez continuer : le suivi est sur cette page."
        )
        return redirect("documents:show_document", dossier.pk, document_id)
    if deposit_of(version) is not None:
        return redirect("documents:show_document", dossier.pk, document_id)
    record_reading(
        actor_of(request),
        "document.consulted",
        subject=version.document,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
        details={"version": version.number},
    )
    return render(request, "documents/deposit.html", _control_page(request, dossier, version))


def _control_page(request: HttpRequest, dossier: Dossier, version: DocumentVersion) -> dict[str, Any]:
    sender = request.user if isinstance(request.user, User) else None
    points = control_points(version, target=Target.DMP, sender=sender)
    first = next(iter(blocking_points(points)), None)
    return dossier_context(request, dossier, "documents") | {
        "document": version.document,
        "version": version,
        "points": points,
        "blocked": first,
    }


def _current_version(request: HttpRequest, dossier: Dossier, document_id: int) -> DocumentVersion:
    document = get_visible(actor_of(request), Document, pk=document_id, dossier=dossier)
    document.dossier = dossier
    version = versions_of(document)[0]
    version.document = document
    return version
