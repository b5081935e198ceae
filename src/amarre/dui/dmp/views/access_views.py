"""The access to a DMP: declared, taken back, administrative data, the DMP's own site."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.access.permissions import Permission
from amarre.dui.dmp.reading import kept
from amarre.dui.dmp.reading.administrative import LINKS, compared
from amarre.dui.dmp.services.declare_access import declare_access, remove_access
from amarre.dui.dmp.services.open_online import open_online
from amarre.dui.dmp.services.read_administrative_data import read_administrative_data
from amarre.dui.dmp.views.dmp_page import dmp_context, reading_dossier
from amarre.dui.usagers.models import Discrepancy
from amarre.dui.usagers.services.open_discrepancy import report_difference
from amarre.dui.web.guard import allowed


@require_POST
def change_access(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Declare one's access to the DMP, or take it back (`geste`)."""
    dossier, situation = reading_dossier(request, dossier_id)
    kept.forget_status(request.session, situation.actor, dossier.pk)
    if request.POST.get("geste") == "retirer":
        remove_access(situation)
        messages.success(request, "Votre accès à ce DMP est retiré.")
    else:
        declare_access(situation)
        messages.success(request, "Votre accès est déclaré. La personne le voit dans Mon espace santé.")
    return redirect("dmp:show", dossier.pk)


@require_safe
def show_administrative_data(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Show what the DMP says of its holder, beside the identity of the dossier."""
    dossier, situation = reading_dossier(request, dossier_id)
    data = read_administrative_data(situation)
    found = compared(data, dossier.identity)
    kept.keep_differences(request.session, dossier.pk, found.differences)
    context = dmp_context(request, dossier) | {
        "data": data,
        "compared": found,
        "representatives": [replace(one, link=LINKS.get(one.link, "Proche")) for one in data.representatives],
        "open_discrepancy": dossier.identity.discrepancies.filter(state=Discrepancy.State.OPEN).first(),
        "may_settle": allowed(request, Permission.QUALIFY_IDENTITE, dossier),
    }
    return render(request, "dmp/administrative.html", context)


@require_POST
def report_identity_difference(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Open the écart of what the administrative data showed: the referent decides."""
    dossier, situation = reading_dossier(request, dossier_id)
    differences = kept.kept_differences(request.session, dossier.pk)
    report_difference(dossier=dossier, differences=differences, actor=situation.actor)
    messages.success(request, "L’écart est signalé à la personne référente en identitovigilance.")
    return redirect("dmp:show", dossier.pk)


@require_safe
def go_online(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Leave for the DMP's own site. The address holds the matricule: it is in this answer only."""
    _, situation = reading_dossier(request, dossier_id)
    response = HttpResponseRedirect(open_online(situation).href)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
