"""« Documents à déposer » of the establishment, and one press for those that are ready."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.dmp.models import DepositProposal
from amarre.dui.dmp.proposals import (
    DOSSIER,
    Waiting,
    count_proposals,
    count_to_approve,
    judged,
    open_proposals,
    proposal_page,
)
from amarre.dui.dmp.services.close_proposal import set_aside
from amarre.dui.dmp.services.deposit_ready import AT_ONCE, deposit_ready
from amarre.dui.usagers.presenters import usual_name
from amarre.dui.web.guard import allowed

# Named in the message after a batch; the others are on the page.
HELD_SHOWN = 3


@require_safe
def list_proposals(request: HttpRequest) -> HttpResponse:
    """List the documents that wait for a decision, with what holds each of them back."""
    actor = actor_of(request)
    require(actor, Permission.FEED_DMP)
    page = proposal_page(actor, request.GET.get("apres", ""))
    lines = judged(page.items, _sender(request))
    record_reading(actor, "dmp.deposits_consulted")
    address = reverse("dmp:list_proposals")
    context = {
        "lines": [(line, usual_name(line.proposal.version.document.dossier.identity)) for line in lines],
        "ready": [line.proposal.pk for line in lines if line.is_ready],
        "total": count_proposals(actor),
        "tabs": deposit_tabs(request, "a-deposer"),
        "pager": {"next_url": f"{address}?apres={page.next_cursor}" if page.next_cursor else ""},
    }
    return render(request, "dmp/proposals.html", context)


@require_POST
def deposit_proposals(request: HttpRequest) -> HttpResponse:
    """Ask for the deposit of the documents that were shown as ready; what changed since is explained."""
    actor = actor_of(request)
    require(actor, Permission.FEED_DMP)
    wanted = [int(value) for value in request.POST.getlist("proposal") if value.isdecimal()][:AT_ONCE]
    rows = (
        open_proposals(actor)
        .filter(pk__in=wanted)
        .select_related(f"{DOSSIER}__identity", f"{DOSSIER}__essms__organisme", "version__author")
    )
    batch = deposit_ready(proposals=list(rows.order_by("pk")), actor=actor)
    if batch.asked:
        plural = "s" if batch.asked > 1 else ""
        messages.success(
            request, f"{batch.asked} dépôt{plural} demandé{plural}. Le suivi est dans « Envois »."
        )
    for title, sentence in batch.held[:HELD_SHOWN]:
        messages.warning(request, f"{title} : {sentence}")
    if not batch.asked and not batch.held:
        messages.info(request, "Ces documents ont déjà été traités par un collègue.")
    return redirect("dmp:list_proposals")


@require_POST
def set_proposal_aside(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Take a document out of the list: it will not be deposited."""
    actor = actor_of(request)
    set_aside(proposal=_proposal(actor, proposal_id), actor=actor)
    messages.success(request, "Ce document ne sera pas déposé. Sa page permet de changer d'avis.")
    return redirect("dmp:list_proposals")


def deposit_tabs(request: HttpRequest, current: str) -> list[dict[str, object]]:
    """Return the tabs that the pages of deposits share: those that the rights allow."""
    actor = actor_of(request)
    tabs: list[dict[str, object]] = []
    if allowed(request, Permission.FEED_DMP):
        tabs.append({"key": "a-deposer", "label": "À déposer", "url": reverse("dmp:list_proposals")})
    if allowed(request, Permission.APPROVE_DMP):
        tabs.append({"key": "a-valider", "label": "À valider", "url": reverse("dmp:list_approvals")})
        tabs[-1]["count"] = count_to_approve(actor)
    if allowed(request, Permission.READ_ENVOIS):
        tabs.append({"key": "reception", "label": "Contrôle de réception", "url": reverse("dmp:reception")})
    return [tab | {"current": tab["key"] == current} for tab in tabs]


def _proposal(actor: Actor, proposal_id: int) -> DepositProposal:
    found: DepositProposal = get_visible(actor, DepositProposal, pk=proposal_id)
    return found


def _sender(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - `actor_of` refuses who is not logged in
    return request.user


__all__ = ["Waiting", "deposit_proposals", "deposit_tabs", "list_proposals", "set_proposal_aside"]
