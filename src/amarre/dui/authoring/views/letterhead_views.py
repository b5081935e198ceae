"""« Papier à en-tête »: logo, lines of address, foot of page, and what they look like on a document."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.authoring.forms.letterhead_form import LetterheadForm
from amarre.dui.authoring.specimen import specimen_page
from amarre.dui.core.clock import today
from amarre.dui.documents.rendering.errors import UnprintableCharacter
from amarre.dui.organisations.models import Essms, Letterhead
from amarre.dui.organisations.selectors import letterhead_of
from amarre.dui.organisations.services.update_letterhead import update_letterhead
from amarre.dui.usagers.picture_upload import PictureInMemory


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def edit_letterhead(request: HttpRequest) -> HttpResponse:
    """Change the letterhead. The picture stays in memory: its handler must be set before the form is read."""
    request.upload_handlers = [PictureInMemory(request)]
    return _edit(request)


@csrf_protect
def _edit(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    essms = _essms(request)
    letterhead = letterhead_of(essms)
    if request.method == "POST":
        form = LetterheadForm(request.POST, request.FILES)
        if form.is_valid() and _is_printable(form, letterhead):
            update_letterhead(
                actor=actor,
                essms=essms,
                address_lines=form.cleaned_data["address_lines"],
                footer=form.cleaned_data["footer"],
                logo=form.made,
                remove_logo=form.cleaned_data["remove_logo"],
            )
            messages.success(request, "Le papier à en-tête est enregistré. Regardez-le ci-dessous.")
            return redirect("authoring:letterhead")
    else:
        form = LetterheadForm(initial=LetterheadForm.initial_of(letterhead))
    context = {"form": form, "letterhead": letterhead, "essms": essms}
    return render(request, "authoring/letterhead.html", context, status=422 if form.errors else 200)


@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """Give a document of nobody on the letterhead as it is kept, as a picture."""
    essms = _essms(request)
    picture = specimen_page(essms, letterhead_of(essms), today(essms.zone))
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response


def _essms(request: HttpRequest) -> Essms:
    actor = actor_of(request)
    essms = get_visible(actor, Essms, pk=actor.essms_id)
    require(actor, Permission.CONFIGURE_ESSMS, essms)
    return essms


def _is_printable(form: LetterheadForm, kept: Letterhead) -> bool:
    """Try the words on a document: a character that no document can print would hold them all."""
    wanted = Letterhead(
        essms=kept.essms,
        address_lines=form.cleaned_data["address_lines"],
        footer=form.cleaned_data["footer"],
    )
    try:
        specimen_page(kept.essms, wanted, today(kept.essms.zone))
    except UnprintableCharacter as error:
        said = error.explanation()
        form.add_error(None, f"{said.what} {said.advice}")
        return False
    return True
