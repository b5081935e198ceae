"""After a session that closed in the middle of a form: read it again, send it again, or forget it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from amarre.dui.access import kept_forms
from amarre.dui.access.actors import SESSION_ESSMS, acting_at, actor_of
from amarre.dui.access.kept_forms import KeptForm
from amarre.dui.access.services.choose_essms import choose_essms
from amarre.dui.audit.services.record import record


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Show what is kept; POST sends it where it was going, for the establishment it was written for."""
    actor = actor_of(request)
    kept = kept_forms.kept_form(request, actor.person_id)
    if kept is None:
        return render(request, "access/resume.html", {"kept": None})
    if request.method != "POST":
        return render(request, "access/resume.html", {"kept": kept, "place": _place_name(request, kept)})
    with transaction.atomic():
        if kept.essms_id is not None and kept.essms_id != actor.essms_id:
            places = request.places  # type: ignore[attr-defined]
            actor = acting_at(actor, choose_essms(actor=actor, places=places, essms_id=kept.essms_id))
        record(actor, "access.form_resumed")
    request.session[SESSION_ESSMS] = actor.essms_id
    # The browser sends the same fields again, by POST, to the address they were for.
    # It is forgotten once accepted there (`KeepsLateForms`): a refusal or a cut loses nothing.
    return HttpResponse(status=307, headers={"Location": kept.path})


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Forget what is kept."""
    messages.success(request, "Ce que vous aviez écrit est oublié.")
    response = redirect("/")
    kept_forms.forget(request, response)
    return response


def _place_name(request: HttpRequest, kept: KeptForm) -> str:
    """Return the name of the other establishment this was written for, "" when it is the present one."""
    places = request.places  # type: ignore[attr-defined]
    if kept.essms_id == actor_of(request).essms_id:
        return ""
    return next((place.name for place in places if place.essms_id == kept.essms_id), "")
