"""A document received from elsewhere: read, never changed, never sent."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible
from amarre.dui.audit.services.record import record_reading
from amarre.dui.documents import store
from amarre.dui.intake import served
from amarre.dui.intake.cda_page import cda_page
from amarre.dui.intake.models import ReceivedDocument
from amarre.dui.intake.notes import sentences
from amarre.dui.intake.reader import clean_picture, draw_page
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier
from amarre.dui.usagers.models import Dossier
from amarre.interop.cda.display import extract_media

# What an address may carry as it is; a picture called otherwise is told by its name alone.
_PLAIN_IDENTIFIER = re.compile(r"[A-Za-z0-9_.-]{1,80}")


@require_safe
def show_received(request: HttpRequest, dossier_id: int, received_id: int) -> HttpResponse:
    """Show what it says, whose it is, and its pages when it has some."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    received = _received(request, dossier, received_id)
    record_reading(
        actor_of(request),
        "received.consulted",
        subject=received,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
    )
    page = None
    if received.media == ReceivedDocument.Media.CDA:
        page = cda_page(
            store.get(received.sha256),
            dossier.identity,
            dossier.essms.zone,
            lambda identifier: _picture_url(received, identifier),
        )
    context = dossier_context(request, dossier, "documents") | {
        "received": received,
        "page": page,
        "notes": sentences(received.notes),
        "page_numbers": range(1, received.pages + 1),
    }
    return render(request, "intake/received.html", context)


@require_safe
def received_page(request: HttpRequest, dossier_id: int, received_id: int, number: int) -> HttpResponse:
    """Give one page as a picture. The page that shows it is the reading that is traced."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    received = _received(request, dossier, received_id)
    if not 1 <= number <= received.pages:
        return HttpResponse(status=404)
    return served.page_picture(draw_page(store.get(received.shown_sha256), number - 1, served.PAGE_WIDTH))


@require_safe
def received_picture(
    request: HttpRequest, dossier_id: int, received_id: int, identifier: str
) -> HttpResponse:
    """Give a picture that is inside a structured document: its pixels alone."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    received = _received(request, dossier, received_id)
    if received.media != ReceivedDocument.Media.CDA:
        return HttpResponse(status=404)
    _, content = extract_media(store.get(received.sha256), identifier)
    return served.page_picture(clean_picture(content))


@require_safe
def download_received(request: HttpRequest, dossier_id: int, received_id: int) -> HttpResponse:
    """Give the bytes as they came, to be saved."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    received = _received(request, dossier, received_id)
    record_reading(
        actor_of(request),
        "received.consulted",
        subject=received,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
    )
    suffix = "xml" if received.media == ReceivedDocument.Media.CDA else "pdf"
    return served.file(store.get(received.sha256), f"recu-{received.pk}", suffix)


def _picture_url(received: ReceivedDocument, identifier: str) -> str:
    if not _PLAIN_IDENTIFIER.fullmatch(identifier):
        return ""
    kwargs = {"dossier_id": received.dossier_id, "received_id": received.pk, "identifier": identifier}
    return reverse("intake:received_picture", kwargs=kwargs)


def _received(request: HttpRequest, dossier: Dossier, received_id: int) -> ReceivedDocument:
    received = get_visible(actor_of(request), ReceivedDocument, pk=received_id, dossier=dossier)
    received.dossier = dossier
    return received
