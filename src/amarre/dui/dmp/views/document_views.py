"""One document of the DMP: its page, the frame of its file, its pictures, the copy kept in the dossier."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.core.sealed_files import Sealed
from amarre.dui.dmp.reading import kept
from amarre.dui.dmp.reading.lines import to_values
from amarre.dui.dmp.reading.opened import PDF, Opened, body_of, opened, picture_of
from amarre.dui.dmp.reading.ours import ours_among
from amarre.dui.dmp.services.file_copy import file_copy
from amarre.dui.dmp.services.read_document import read_document
from amarre.dui.dmp.views.dmp_page import dmp_context, reading_dossier
from amarre.dui.usagers.dossier_page import get_dossier
from amarre.dui.usagers.models import Dossier
from amarre.dui.web.guard import allowed
from amarre.interop.cda.errors import MediaUnreadable

# The file of somebody else: nothing runs in it, it is nobody's page, only ours may frame it.
_CAGE = "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'self'"
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})


@require_safe
def show_document(request: HttpRequest, dossier_id: int, unique_id: str) -> HttpResponse:
    """Ask the DMP for a document and show it; it is kept for its frame and its copy, in this session."""
    dossier, situation = reading_dossier(request, dossier_id)
    read = read_document(situation, unique_id)
    found = opened(read, dossier, lambda identifier: _picture_url(dossier, unique_id, identifier))
    entry = read.document.metadata
    values = {
        "line": to_values([found.line])[0],
        "type_code": entry.type_code.code if entry.type_code else "",
    }
    kept.keep_document(request.session, situation.actor, dossier.pk, unique_id, values, read.content.data)
    context = dmp_context(request, dossier) | {
        "opened": found,
        "line": found.line,
        "ours": ours_among(situation, [found.line])[found.line.unique_id],
        "frame_url": _frame_url(dossier, unique_id, found),
        "may_file": allowed(request, Permission.WRITE_DOCUMENTS, dossier),
    }
    return render(request, "dmp/document.html", context)


@require_safe
def show_file(request: HttpRequest, dossier_id: int, unique_id: str) -> HttpResponse:
    """Give the file inside a document read in this session. Its reading was traced when it was opened."""
    dossier = get_dossier(request, dossier_id, Permission.CONSULT_DMP)
    read = _read(request, dossier, unique_id)
    body, media = body_of(read.data)
    return _caged(body, media)


@require_safe
def show_picture(request: HttpRequest, dossier_id: int, unique_id: str, identifier: str) -> HttpResponse:
    """Give a picture inside a structured document read in this session. Raises MediaUnreadable."""
    dossier = get_dossier(request, dossier_id, Permission.CONSULT_DMP)
    content, media = picture_of(_read(request, dossier, unique_id).data, identifier)
    if media not in _PICTURES:
        raise MediaUnreadable
    return _caged(content, media)


@require_POST
def file_document_copy(request: HttpRequest, dossier_id: int, unique_id: str) -> HttpResponse:
    """Keep a copy in the dossier."""
    dossier = get_dossier(request, dossier_id, Permission.CONSULT_DMP)
    file_copy(
        dossier=dossier,
        read=_read(request, dossier, unique_id),
        actor=actor_of(request),
        confirmed=request.POST.get("confirme") == "oui",
    )
    messages.success(request, "La copie est classée dans le dossier. Elle ne sera jamais redéposée au DMP.")
    return redirect("dmp:show", dossier.pk)


def _read(request: HttpRequest, dossier: Dossier, unique_id: str) -> Sealed:
    return kept.kept_document(request.session, actor_of(request), dossier.pk, unique_id)


def _picture_url(dossier: Dossier, unique_id: str, identifier: str) -> str:
    if not identifier.isascii() or not identifier.replace("-", "").replace("_", "").isalnum():
        return ""
    parts = {"dossier_id": dossier.pk, "unique_id": unique_id, "identifier": identifier}
    return reverse("dmp:show_picture", kwargs=parts)


def _frame_url(dossier: Dossier, unique_id: str, found: Opened) -> str:
    """Return the address of the file inside a document, "" when its words are on the page or it has none."""
    if not found.has_file:
        return ""
    return reverse("dmp:show_file", kwargs={"dossier_id": dossier.pk, "unique_id": unique_id})


def _caged(content: bytes, media: str) -> HttpResponse:
    """Return a foreign file: shown when a browser may show it, offered as a file otherwise."""
    response = HttpResponse(content, content_type=media or "application/octet-stream")
    end = {PDF: "pdf", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}.get(media, "bin")
    disposition = "inline" if media else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="document-du-dmp.{end}"'
    response["Content-Security-Policy"] = _CAGE
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
