"""The collision procedure: open it from an identity, check each point, deal with what already left."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.actor import Actor
from amarre.dui.usagers.collision_points import POINTS
from amarre.dui.usagers.departures import Departure, departures_csv, departures_of
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier
from amarre.dui.usagers.forms.vigilance_forms import CheckPointForm, CloseCollisionForm, OpenCollisionForm
from amarre.dui.usagers.models import CollisionCase
from amarre.dui.usagers.services.handle_collision import check_point, close_collision, open_collision


@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Say what opening the procedure does (GET), open it (POST)."""
    dossier = get_dossier(request, dossier_id, Permission.QUALIFY_IDENTITE)
    actor = actor_of(request)
    opened = dossier.identity.collisions.filter(closed_at=None).first()
    if opened is not None and request.method != "POST":
        return redirect("usagers:vigilance:show_collision", collision_id=opened.pk)
    form = OpenCollisionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        case = open_collision(
            dossier=dossier,
            level=form.cleaned_data["level"],
            reason=form.cleaned_data["reason"],
            actor=actor,
        )
        messages.success(request, "La procédure est ouverte, la confiance est retirée.")
        return redirect("usagers:vigilance:show_collision", collision_id=case.pk)
    if not form.is_bound:
        record_reading(
            actor, "identity.consulted", subject=dossier, dossier_id=dossier.pk,
            usager_id=dossier.identity_id,
        )  # fmt: skip
    context = dossier_context(request, dossier, "identite") | {"form": form}
    return render(request, "usagers/open_collision.html", context, status=422 if form.errors else 200)


@require_safe
def show_collision(request: HttpRequest, collision_id: int) -> HttpResponse:
    """Show the points to check and what already left."""
    case = _case(request, collision_id)
    record_reading(
        actor_of(request), "collision.consulted", subject=case, dossier_id=case.dossier_id,
        usager_id=case.identity_id,
    )  # fmt: skip
    return render(request, "usagers/collision.html", _context(request, case))


@require_POST
def check(request: HttpRequest, collision_id: int) -> HttpResponse:
    """Keep that one point was checked."""
    case = _case(request, collision_id)
    form = CheckPointForm(request.POST)
    if form.is_valid():
        check_point(case=case, point=form.cleaned_data["point"], actor=actor_of(request))
    return redirect("usagers:vigilance:show_collision", collision_id=case.pk)


@require_POST
def close(request: HttpRequest, collision_id: int) -> HttpResponse:
    """Conclude."""
    case = _case(request, collision_id)
    form = CloseCollisionForm(request.POST)
    if not form.is_valid():
        return render(request, "usagers/collision.html", _context(request, case, form), status=422)
    close_collision(
        case=case,
        conclusion=form.cleaned_data["conclusion"],
        note=form.cleaned_data["note"],
        actor=actor_of(request),
    )
    messages.success(request, "La procédure est close. Elle reste dans l’histoire de l’identité.")
    return redirect("usagers:vigilance:show_collision", collision_id=case.pk)


@require_safe
def export_departures(request: HttpRequest, collision_id: int) -> HttpResponse:
    """Give what already left as a file, to work through it."""
    case = _case(request, collision_id)
    record_reading(
        actor_of(request), "identity.departures_exported", subject=case, dossier_id=case.dossier_id,
        usager_id=case.identity_id,
    )  # fmt: skip
    response = HttpResponse(departures_csv(_departures(case)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="deja-parti-{case.pk}.csv"'
    return response


def _case(request: HttpRequest, collision_id: int) -> CollisionCase:
    actor: Actor = actor_of(request)
    found = get_visible(actor, CollisionCase, pk=collision_id)
    require(actor, Permission.QUALIFY_IDENTITE, found)
    rows = CollisionCase.objects.visible_to(actor).select_related(
        "dossier__identity", "dossier__essms", "opened_by", "closed_by"
    )
    return rows.get(pk=found.pk)


def _departures(case: CollisionCase) -> list[Departure]:
    """Return what left from every dossier of the identity: the other establishments must know too."""
    with system_scope("what left about an identity under a collision procedure"):
        ids = list(case.identity.dossiers.values_list("pk", flat=True))
        return departures_of({*ids, case.dossier_id})


def _context(
    request: HttpRequest, case: CollisionCase, close_form: CloseCollisionForm | None = None
) -> dict[str, Any]:
    done = {one.point: one for one in case.checks.select_related("checked_by")}
    points = [{"point": point, "done": done.get(point.code)} for point in POINTS]
    return dossier_context(request, case.dossier, "identite") | {
        "case": case,
        "points": points,
        "left": sum(one["done"] is None for one in points),
        "departures": _departures(case),
        "close_form": close_form or CloseCollisionForm(),
    }
