"""« Textes types » of the establishment: list, write, retire."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.authoring.forms.text_form import StandardTextForm, place_words
from amarre.dui.authoring.models import StandardText
from amarre.dui.authoring.selectors import texts_for
from amarre.dui.authoring.services.write_standard_text import retire_standard_text, write_standard_text
from amarre.dui.authoring.substitution import NAMES
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.models import Essms


@require_safe
def list_texts(request: HttpRequest) -> HttpResponse:
    """List the texts proposed to those who write."""
    _, essms = _essms(request)
    texts = [(text, place_words(text)) for text in texts_for(essms)]
    return render(request, "authoring/texts.html", {"texts": texts, "essms": essms})


@require_http_methods(["GET", "HEAD", "POST"])
def write_text(request: HttpRequest, text_id: int | None = None) -> HttpResponse:
    """Write a text, or change one."""
    actor, essms = _essms(request)
    text = get_visible(actor, StandardText, pk=text_id, retired_at=None) if text_id else None
    form = StandardTextForm(
        request.POST if request.method == "POST" else None,
        initial=StandardTextForm.initial_of(text) if text else None,
    )
    if form.is_bound and form.is_valid():
        try:
            write_standard_text(essms=essms, draft=form.draft(), actor=actor, text=text)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "Le texte type est enregistré.")
            return redirect("authoring:list_texts")
    context = {"form": form, "text": text, "names": list(NAMES.items())}
    return render(request, "authoring/text.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def retire_text(request: HttpRequest, text_id: int) -> HttpResponse:
    """Propose a text no more."""
    actor, _ = _essms(request)
    text = get_visible(actor, StandardText, pk=text_id, retired_at=None)
    if request.method == "POST":
        retire_standard_text(text=text, actor=actor)
        messages.success(request, "Le texte type est retiré.")
        return redirect("authoring:list_texts")
    context = {
        "title": f"Retirer le texte type « {text.title} » ?",
        "consequences": [
            "Il ne sera plus proposé à ceux qui écrivent.",
            "Les brouillons et les documents qui le contiennent ne changent pas.",
        ],
        "submit": "Retirer le texte type",
        "cancel_url": reverse("authoring:list_texts"),
    }
    return render(request, "web/confirmer.html", context)


def _essms(request: HttpRequest) -> tuple[Actor, Essms]:
    actor = actor_of(request)
    essms = get_visible(actor, Essms, pk=actor.essms_id)
    require(actor, Permission.CONFIGURE_ESSMS, essms)
    return actor, essms
