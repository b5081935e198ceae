"""« Lire un Datamatrix »: a keyboard scanner or a picture finds the dossier, or begins the creation.

A Datamatrix is plain text that nobody signed: what is read is an entry to check. It qualifies nothing and its
matricule is not stored; INSi gives it. Source: INS Datamatrix format; GI-INS EXI REC 02.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.core.clock import today
from amarre.dui.usagers.forms.scan_form import ScanForm
from amarre.dui.usagers.picture_upload import PictureInMemory
from amarre.dui.usagers.presenters import person_lines
from amarre.dui.usagers.search_terms import scanned_terms
from amarre.dui.usagers.selectors import people
from amarre.dui.usagers.views.creation_views import begin_from_scan
from amarre.interop.ins import ScannedIdentity

UNCERTAIN = (
    "Le lecteur n’a pas transmis les séparateurs du code : la fin des noms est devinée. Comparez avec le "
    "document avant de continuer."
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: HttpRequest) -> HttpResponse:
    """Read a Datamatrix. The picture stays in memory: its handler must be set before the form is read."""
    request.upload_handlers = [PictureInMemory(request)]
    return _scan(request)


@csrf_protect
def _scan(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, Permission.READ_IDENTITE)
    sent = request.method == "POST"
    form = ScanForm(request.POST, request.FILES) if sent else ScanForm()
    if not sent or not form.is_valid() or form.scanned is None:
        return render(request, "usagers/scan.html", {"form": form}, status=422 if sent else 200)
    scanned = form.scanned
    found = people.search_people(actor, scanned_terms(scanned)).dossiers
    record_reading(actor, "identity.scanned", details={"results": len(found), "means": form.means})
    _warn(request, scanned)
    if len(found) == 1:
        messages.success(request, "Dossier trouvé par le Datamatrix.")
        return redirect("usagers:show_dossier", dossier_id=found[0].pk)
    if not found and can(actor, Permission.WRITE_IDENTITE):
        return begin_from_scan(request, actor, scanned)
    context = {"form": ScanForm(), "people": person_lines(found, today()), "read": True}
    return render(request, "usagers/scan.html", context)


def _warn(request: HttpRequest, scanned: ScannedIdentity) -> None:
    for warning in scanned.warnings:
        messages.warning(request, warning.sentence)
    if not scanned.certain:
        messages.warning(request, UNCERTAIN)
