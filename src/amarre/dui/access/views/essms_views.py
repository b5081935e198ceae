"""Choice of the establishment one acts for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.access.actors import SESSION_ESSMS
from amarre.dui.access.errors import NotAMember
from amarre.dui.access.forms import ChooseEssmsForm
from amarre.dui.access.roles import Role
from amarre.dui.access.services.choose_essms import choose_essms


@require_safe
def list_essms(request: HttpRequest) -> HttpResponse:
    """Show the establishments where the person has a role."""
    places = [
        (place, ", ".join(role.label for role in Role if role in place.roles))
        for place in request.places  # type: ignore[attr-defined]
    ]
    return render(request, "access/essms_list.html", {"places": places, "current": request.place})  # type: ignore[attr-defined]


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Act for another establishment from now on."""
    form = ChooseEssmsForm(request.POST)
    if not form.is_valid():
        raise NotAMember()
    place = choose_essms(
        actor=request.actor,  # type: ignore[attr-defined]
        places=request.places,  # type: ignore[attr-defined]
        essms_id=form.cleaned_data["essms_id"],
    )
    request.session[SESSION_ESSMS] = place.essms_id
    return redirect("/")
