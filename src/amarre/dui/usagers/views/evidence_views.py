"""The document seen, and the copies of it that an establishment may keep."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.usagers.dossier_page import get_dossier
from amarre.dui.usagers.forms.evidence_forms import CopiesForm, EvidenceForm
from amarre.dui.usagers.models import EvidenceCopy, VigilanceSettings
from amarre.dui.usagers.picture_upload import CUT, PictureInMemory
from amarre.dui.usagers.services.evidence_copies import choose_copies, erase_copy, open_copy, settings_of
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.dui.usagers.views.identity_views import identity_context
from amarre.interop.ins import STATUS_LABELS

# The picture alone: no script, no frame around it, nothing kept by the browser.
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox",
    "Content-Disposition": 'inline; filename="piece.jpg"',
}


@csrf_exempt
@require_POST
def add_evidence(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Record the document seen. A picture stays in memory: its handler must be set before the form is
    read."""
    request.upload_handlers = [PictureInMemory(request)]
    return _add_evidence(request, dossier_id)


@csrf_protect
def _add_evidence(request: HttpRequest, dossier_id: int) -> HttpResponse:
    dossier = get_dossier(request, dossier_id, Permission.QUALIFY_IDENTITE)
    form = EvidenceForm(request.POST, request.FILES, dossier=dossier, copies=settings_of(dossier.essms_id))
    if form.is_valid() and CUT in request.META:
        form.add_error(None, "L’image est trop lourde : 20 Mo au plus. Réduisez-la, puis recommencez.")
    if not form.is_valid():
        context = identity_context(request, dossier, evidence_form=form)
        return render(request, "usagers/identity.html", context, status=422)
    identity = record_evidence(
        dossier=dossier,
        device=form.cleaned_data["device"],
        seen_on=form.cleaned_data["seen_on"],
        pages=form.pages,
        actor=actor_of(request),
    )
    kept = " Sa copie est gardée." if form.pages else ""
    messages.success(request, f"La pièce est enregistrée : {STATUS_LABELS[identity.status]}.{kept}")
    return redirect("usagers:show_identity", dossier_id=dossier.pk)


@require_safe
def show_copy(request: HttpRequest, dossier_id: int, copy_id: int) -> HttpResponse:
    """Give one page of a copy, to look at; each look is traced."""
    dossier = get_dossier(request, dossier_id, Permission.READ_EVIDENCE_COPIES)
    actor = actor_of(request)
    copy = get_visible(actor, EvidenceCopy, pk=copy_id, dossier=dossier)
    picture = open_copy(copy=copy, actor=actor)
    record_reading(
        actor, "evidence.copy_consulted", subject=copy, dossier_id=dossier.pk, usager_id=dossier.identity_id
    )
    return HttpResponse(picture, content_type="image/jpeg", headers=HEADERS)


@require_POST
def remove_copy(request: HttpRequest, dossier_id: int, copy_id: int) -> HttpResponse:
    """Erase one page of a copy."""
    dossier = get_dossier(request, dossier_id, Permission.READ_EVIDENCE_COPIES)
    actor = actor_of(request)
    erase_copy(copy=get_visible(actor, EvidenceCopy, pk=copy_id, dossier=dossier), actor=actor)
    messages.success(request, "La copie est effacée. La pièce vue, elle, reste notée.")
    return redirect(reverse("usagers:show_identity", kwargs={"dossier_id": dossier.pk}) + "#pieces")


@require_http_methods(["GET", "HEAD", "POST"])
def choose_evidence_copies(request: HttpRequest) -> HttpResponse:
    """Choose whether the establishment keeps copies, and how long."""
    actor = actor_of(request)
    require(actor, Permission.CONFIGURE_ESSMS)
    row = VigilanceSettings.objects.visible_to(actor).first() or VigilanceSettings()
    kept = EvidenceCopy.objects.visible_to(actor).filter(erased_at=None).count()
    form = CopiesForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_bound and form.is_valid():
        choose_copies(actor=actor, **form.cleaned_data)
        messages.success(request, "Votre choix est enregistré.")
        return redirect("usagers:vigilance:choose_copies")
    context = {"form": form, "kept": kept}
    return render(request, "usagers/copies.html", context, status=422 if form.errors else 200)
