"""Send a document by MSSanté: recipient, control, text; the messages of a dossier and their receipts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from amarre.dui.access.actors import actor_of, place_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record_reading
from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.directory.selectors import entry_for, recent_entries
from amarre.dui.documents.chain_link import page_of
from amarre.dui.documents.control import Target, blocking_points, control_points
from amarre.dui.documents.forms.message_form import MessageForm, default_text
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.documents.mssante_recipients import Recipient, recipient_shown
from amarre.dui.documents.selectors import messages_of, versions_of
from amarre.dui.documents.services.send_by_mssante import send_by_mssante, times_sent
from amarre.dui.exchanges.presenters import card
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier, open_dossier
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.guard import allowed

# Value of the parameter `destinataire` that means the person concerned.
CITIZEN = "usager"


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom the page is about: a correspondent, or the person concerned when `entry` is None."""

    entry: DirectoryEntry | None
    recipient: Recipient

    @property
    def value(self) -> str:
        """Value of the parameter that leads back here."""
        return str(self.entry.pk) if self.entry else CITIZEN


def send_url(request: HttpRequest, version: DocumentVersion) -> str:
    """Return the page that sends `version` when the actor may, else ""."""
    if not allowed(request, Permission.SEND_MSSANTE, version.document.dossier):
        return ""
    return page_of(version, "documents:send_document")


@require_http_methods(["GET", "HEAD", "POST"])
def send_document(request: HttpRequest, dossier_id: int, document_id: int) -> HttpResponse:
    """Choose a recipient (GET), look at the control and write (GET ?destinataire=), send (POST)."""
    dossier = get_dossier(request, dossier_id, Permission.SEND_MSSANTE)
    require(actor_of(request), Permission.READ_DOCUMENTS, dossier)
    version = _current_version(request, dossier, document_id)
    choice = _choice(request, dossier)
    if choice is None:
        return _choose_page(request, dossier, version)
    already = times_sent([version], choice.recipient)
    extra: dict[str, Any] = {"dossier": dossier, "entry": choice.entry, "already_sent": already}
    if request.method == "POST":
        form = MessageForm(request.POST, **extra)
        if form.is_valid():
            send_by_mssante(
                versions=[version],
                entry=choice.entry,
                address=form.address,
                text=form.text,
                actor=actor_of(request),
                again=form.again,
            )
            messages.success(
                request,
                f"Le message {choice.recipient.to} part. Vous pouvez continuer : son suivi est ici.",
            )
            return redirect("documents:list_messages", dossier.pk)
    else:
        form = MessageForm(initial=_initial(request, version, choice, already), **extra)
        _trace(request, dossier, version)
    context = _write_context(request, dossier, version, choice) | {"form": form}
    return render(request, "documents/send.html", context, status=422 if form.errors else 200)


@require_GET
def list_messages(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """List the messages sent about a dossier, newest first, with what came back."""
    dossier = open_dossier(request, dossier_id, Permission.SEND_MSSANTE, "mssante.consulted")
    found = messages_of(dossier, request.GET.get("apres", ""))
    context = dossier_context(request, dossier, "messages") | {
        "rows": [
            (message, card(request, message.exchange, list(message.exchange.attempts.all())))
            for message in found.items
        ],
        "pager": {"next_url": f"?apres={found.next_cursor}" if found.next_cursor else ""},
    }
    return render(request, "documents/messages.html", context)


def _choice(request: HttpRequest, dossier: Dossier) -> Choice | None:
    """Return the recipient asked for, None when there is none yet. Raises OutOfScope."""
    sent = request.POST if request.method == "POST" else request.GET
    wanted = sent.get("destinataire", "")
    profile = profile_of(dossier.essms)
    if wanted == CITIZEN:
        return Choice(None, recipient_shown(dossier, profile, None))
    if not wanted.isdecimal() or len(wanted) > 18:
        return None
    entry = entry_for(actor_of(request), int(wanted))
    return Choice(entry, recipient_shown(dossier, profile, entry, sent.get("adresse", "")))


def _choose_page(request: HttpRequest, dossier: Dossier, version: DocumentVersion) -> HttpResponse:
    _trace(request, dossier, version)
    context = dossier_context(request, dossier, "documents") | {
        "document": version.document,
        "version": version,
        "recent": [entry for entry in recent_entries(actor_of(request)) if entry.addresses],
        "here": _here(dossier, version),
    }
    return render(request, "documents/choose_recipient.html", context)


def _write_context(
    request: HttpRequest, dossier: Dossier, version: DocumentVersion, choice: Choice
) -> dict[str, Any]:
    sender = request.user if isinstance(request.user, User) else None
    points = control_points(version, target=Target.MSSANTE, sender=sender, recipient=choice.recipient)
    blocked = next(iter(blocking_points(points)), None)
    return dossier_context(request, dossier, "documents") | {
        "document": version.document,
        "version": version,
        "choice": choice,
        "points": points,
        "blocked": blocked,
        "here": _here(dossier, version),
    }


def _initial(request: HttpRequest, version: DocumentVersion, choice: Choice, already: int) -> dict[str, Any]:
    place = place_of(request)
    name = actor_of(request).name
    return {
        "texte": default_text(version, name, place.job if place else "", choice.entry is None),
        "adresse": choice.recipient.kept_address,
        "fois": already,
    }


def _current_version(request: HttpRequest, dossier: Dossier, document_id: int) -> DocumentVersion:
    document = get_visible(actor_of(request), Document, pk=document_id, dossier=dossier)
    document.dossier = dossier
    version = versions_of(document)[0]
    version.document = document
    return version


def _here(dossier: Dossier, version: DocumentVersion) -> str:
    return reverse("documents:send_document", args=[dossier.pk, version.document_id])


def _trace(request: HttpRequest, dossier: Dossier, version: DocumentVersion) -> None:
    record_reading(
        actor_of(request),
        "document.consulted",
        subject=version.document,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
        details={"version": version.number},
    )
