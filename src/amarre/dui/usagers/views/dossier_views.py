"""The summary of a dossier: the chain of what is done and what comes next, the information about the DMP."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can
from amarre.dui.access.scope import system_scope
from amarre.dui.usagers import answer_page
from amarre.dui.usagers.chain import shown_links
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier, open_dossier
from amarre.dui.usagers.forms.identity_forms import DmpInformationForm
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.usagers.services.record_dmp_information import record_dmp_information

# What the page says of an information, and the chain of its decision.
_SAID = (
    "dossier", "decision", "informed_on", "recorded_at", "access", "informed_by__family_name",
    "informed_by__given_name",
)  # fmt: skip


@require_safe
def show_dossier(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Show the summary."""
    dossier = open_dossier(request, dossier_id, Permission.READ_IDENTITE, "dossier.consulted")
    return render(request, "usagers/dossier.html", _context(request, dossier))


@require_POST
def inform_dmp(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Record the information given about the DMP and what the person said."""
    dossier = get_dossier(request, dossier_id, Permission.FEED_DMP)
    form = DmpInformationForm(request.POST, dossier=dossier)
    if not form.is_valid():
        return render(request, "usagers/dossier.html", _context(request, dossier, form), status=422)
    record_dmp_information(
        dossier=dossier,
        decision=form.cleaned_data["decision"],
        informed_on=form.cleaned_data["informed_on"],
        actor=actor_of(request),
    )
    messages.success(request, "L'information sur le DMP est enregistrée.")
    return redirect("usagers:show_dossier", dossier_id=dossier.pk)


def _context(
    request: HttpRequest, dossier: Dossier, form: DmpInformationForm | None = None
) -> dict[str, Any]:
    prefetch_related_objects([dossier], Prefetch("dmp_information", _informations()))
    links = shown_links(request, dossier)
    return dossier_context(request, dossier, "resume") | {
        "links": links,
        "has_next": any(link.is_next for link in links),
        "dmp_form": form or DmpInformationForm(dossier=dossier),
        "informations": list(dossier.dmp_information.all()),
        "answer_url": answer_page.address_of(dossier),
        "may_inform": dossier.joined_to_id is None and can(actor_of(request), Permission.FEED_DMP, dossier),
    }


def _informations() -> QuerySet[DmpInformation]:
    with system_scope("what the person of a dossier in scope was told"):
        return DmpInformation.objects.select_related("informed_by").only(*_SAID)
