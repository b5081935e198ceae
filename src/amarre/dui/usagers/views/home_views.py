"""« Ma journée »: what waits for the person who is logged in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amarre.dui.access.actors import actor_of, place_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can
from amarre.dui.core.clock import today
from amarre.dui.web import to_do


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List what waits, then where the rights lead. The first name alone is shown: the screen may be seen."""
    actor = actor_of(request)
    context = {
        "given_name": getattr(request.user, "given_name", ""),
        "today": today(),
        "place": place_of(request),
        "lines": to_do.lines(request),
        "may_create": can(actor, Permission.WRITE_IDENTITE),
    }
    return render(request, "usagers/home.html", context)
