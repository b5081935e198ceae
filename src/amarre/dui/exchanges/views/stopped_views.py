"""« Envois arrêtés »: what stopped, by cause, and one button to resume everything of one cause."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.exchanges.handlers import described
from amarre.dui.exchanges.services.resume import resume_cause
from amarre.dui.exchanges.stopped import stopped_causes
from amarre.dui.exchanges.subjects import subjects_of
from amarre.dui.web import shell


@require_http_methods(["GET", "HEAD", "POST"])
def stopped(request: HttpRequest) -> HttpResponse:
    """Show what stopped, by cause (GET); resume everything of one cause (POST)."""
    actor = actor_of(request)
    require(actor, Permission.RETRY_ENVOIS)
    if request.method == "POST":
        cause, service = request.POST.get("cause", "")[:12], request.POST.get("service", "")[:20]
        count = resume_cause(cause=cause, service=service, actor=actor)
        plural = "s" if count > 1 else ""
        messages.success(request, f"{count} envoi{plural} relancé{plural}. Le suivi est dans « En cours ».")
        return redirect("exchanges:stopped")
    causes = stopped_causes(actor)
    rows = [row for cause in causes for row in cause.rows]
    subjects = subjects_of(actor, {row.dossier_id for row in rows if row.dossier_id is not None})
    record_reading(actor, "exchange.consulted")
    roles = {cause.explanation.contact for cause in causes if cause.explanation}
    contacts = {role: shell.contact(request, role) for role in roles}
    context = {
        "causes": [
            {
                "cause": cause,
                "contact": contacts[cause.explanation.contact] if cause.explanation else None,
                "lines": [(row, described(row), subjects.get(row.dossier_id or 0)) for row in cause.rows],
            }
            for cause in causes
        ],
        "total": sum(cause.count for cause in causes),
    }
    return render(request, "exchanges/stopped.html", context)
