"""« Vérification INSi »: launch the verification of the file active, follow it, export its report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import today
from amarre.dui.organisations.models import ConnectorProfile, Essms
from amarre.dui.usagers.connector import verification_port
from amarre.dui.usagers.models import VerificationBatch
from amarre.dui.usagers.selectors import verification_report
from amarre.dui.usagers.services.start_verification import start_verification, stop_verification
from amarre.dui.web import shell
from amarre.dui.web.pages import page, wants_fragment
from amarre.interop.common.errors import AmarreError, Explanation


@require_http_methods(["GET", "HEAD", "POST"])
def verify_file_active(request: HttpRequest) -> HttpResponse:
    """Launch a verification (POST), or show the latest one and those before."""
    actor = actor_of(request)
    require(actor, Permission.VERIFY_IDENTITES)
    if request.method == "POST":
        batch = start_verification(essms=get_visible(actor, Essms, pk=actor.essms_id), actor=actor)
        messages.success(request, "La vérification est lancée. Elle avance seule.")
        return redirect("usagers:show_verification", batch_id=batch.pk)
    known = verification_report.batches(actor)
    context = _context(request, actor, known[0] if known else None)
    record_reading(actor, "verification.consulted")
    return render(request, "usagers/verification.html", context)


@require_safe
def show_verification(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Show one verification; for the script that watches it, its progress only, then the whole page."""
    actor = actor_of(request)
    batch = _batch(actor, batch_id)
    context = _context(request, actor, batch)
    if wants_fragment(request) and not context["report"].is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if not wants_fragment(request):
        record_reading(actor, "verification.consulted")
    return page(request, "usagers/verification.html", "web/composants/attente.html", context)


@require_POST
def stop(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Stop a verification: what was not sent will not be."""
    actor = actor_of(request)
    batch = stop_verification(batch=_batch(actor, batch_id), actor=actor)
    messages.success(request, "La vérification est arrêtée. Les résultats déjà reçus sont gardés.")
    return redirect("usagers:show_verification", batch_id=batch.pk)


@require_safe
def export(request: HttpRequest, batch_id: int) -> StreamingHttpResponse:
    """Give the whole report as a file for a spreadsheet."""
    actor = actor_of(request)
    batch = _batch(actor, batch_id)
    record_reading(actor, "verification.exported", subject=batch)
    response = StreamingHttpResponse(
        verification_report.csv_lines(batch), content_type="text/csv; charset=utf-8"
    )
    name = f"verification-insi-{batch.requested_at:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _batch(actor: Actor, batch_id: int) -> VerificationBatch:
    batch = get_visible(actor, VerificationBatch, pk=batch_id)
    require(actor, Permission.VERIFY_IDENTITES, batch)
    return batch


def _context(request: HttpRequest, actor: Actor, batch: VerificationBatch | None) -> dict[str, Any]:
    found = verification_report.report(batch) if batch else None
    context: dict[str, Any] = {
        "report": found,
        "batches": verification_report.batches(actor),
        "today": today(),
        "problem": None,
        "running": VerificationBatch.objects.visible_to(actor)
        .filter(state=VerificationBatch.State.RUNNING)
        .exists(),
    }
    if found is not None and batch is not None:
        url = reverse("usagers:show_verification", kwargs={"batch_id": batch.pk})
        context["lines"] = verification_report.lines(batch, request.GET.get("resultat", ""))
        context["chosen"] = request.GET.get("resultat", "")
        context["attente"] = verification_report.waiting_block(found, url, url)
    problem = _problem(actor)
    if problem is not None:
        context["problem"] = problem
        context["problem_contact"] = shell.contact(request, problem.contact)
    return context


def _problem(actor: Actor) -> Explanation | None:
    """Return why nothing can be verified from here, None when it can."""
    profile = ConnectorProfile.objects.visible_to(actor).select_related("essms").first()
    try:
        verification_port(profile or ConnectorProfile(essms=get_visible(actor, Essms, pk=actor.essms_id)))
    except AmarreError as error:
        return error.explanation()
    return None
