"""« Dépôts à valider »: the second person reads, approves, or says why not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.errors import OutOfScope
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.core.paging import keyset_page
from amarre.dui.dmp.proposals import PAGE_SIZE, awaiting_approval
from amarre.dui.dmp.services.approve_deposit import REASON_LENGTH, approve_deposit, decline_deposit
from amarre.dui.dmp.views.proposal_views import deposit_tabs
from amarre.dui.documents.control import Target, blocking_points, control_points
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.usagers.dossier_page import dossier_context
from amarre.dui.usagers.presenters import usual_name


@require_safe
def list_approvals(request: HttpRequest) -> HttpResponse:
    """List the deposits that wait for a second person, oldest first."""
    actor = actor_of(request)
    require(actor, Permission.APPROVE_DMP)
    page = keyset_page(
        awaiting_approval(actor), order=("pk",), cursor=request.GET.get("apres", ""), size=PAGE_SIZE
    )
    record_reading(actor, "dmp.deposits_consulted")
    context = {
        "lines": [
            {
                "deposit": deposit,
                "name": usual_name(deposit.version.document.dossier.identity),
                "own": deposit.exchange.created_by_id == actor.user_id,
            }
            for deposit in page.items
        ],
        "tabs": deposit_tabs(request, "a-valider"),
        "pager": {"next_url": f"?apres={page.next_cursor}" if page.next_cursor else ""},
    }
    return render(request, "dmp/approvals.html", context)


@require_safe
def show_approval(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """Show one deposit to approve: the document, the control, who asks."""
    deposit = _awaiting(actor_of(request), deposit_id)
    version = deposit.version
    document = version.document
    dossier = document.dossier
    record_reading(
        actor_of(request),
        "document.consulted",
        subject=document,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
        details={"version": version.number},
    )
    points = control_points(version, target=Target.DMP, sender=deposit.exchange.created_by)
    context = dossier_context(request, dossier, "documents") | {
        "deposit": deposit,
        "document": document,
        "version": version,
        "points": points,
        "blocked": next(iter(blocking_points(points)), None),
        "own": deposit.exchange.created_by_id == actor_of(request).user_id,
        "reason_length": REASON_LENGTH,
    }
    return render(request, "dmp/approval.html", context)


@require_POST
def approve(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """Let the deposit leave."""
    actor = actor_of(request)
    approve_deposit(deposit=_awaiting(actor, deposit_id), actor=actor)
    messages.success(request, "Dépôt approuvé. Il part dans quelques secondes.")
    return redirect("dmp:list_approvals")


@require_POST
def decline(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """Stop the deposit and say why."""
    actor = actor_of(request)
    reason = request.POST.get("reason", "")
    decline_deposit(deposit=_awaiting(actor, deposit_id), reason=reason, actor=actor)
    messages.success(request, "Dépôt non approuvé. Votre motif est visible par qui l'a demandé.")
    return redirect("dmp:list_approvals")


def _awaiting(actor: Actor, deposit_id: int) -> DmpDeposit:
    found = (
        DmpDeposit.objects.visible_to(actor)
        .filter(pk=deposit_id)
        .select_related(
            "exchange__created_by",
            "version__author",
            "version__document__dossier__identity",
            "version__document__dossier__essms__organisme",
        )
        .first()
    )
    if found is None:
        raise OutOfScope
    require(actor, Permission.APPROVE_DMP, found.version.document.dossier)
    return found
