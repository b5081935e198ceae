"""Documents of a dossier: list, one document and its versions, its PDF, its CDA."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import get_visible, require
from amarre.dui.audit.services.record import record_reading
from amarre.dui.documents import neighbours, panels, store, ways_in
from amarre.dui.documents.actions import offers
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.documents.selectors import documents_of, exchanges_of_versions, versions_of
from amarre.dui.exchanges.presenters import card
from amarre.dui.usagers.dossier_page import dossier_context, get_dossier, open_dossier
from amarre.interop.ins.traits import fold


@require_GET
def list_documents(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """List the documents of a dossier, newest first."""
    dossier = open_dossier(request, dossier_id, Permission.READ_DOCUMENTS, "document.list_consulted")
    found = documents_of(dossier, request.GET.get("apres", ""))
    context = dossier_context(request, dossier, "documents") | {
        "documents": found.items,
        "pager": {"next_url": f"?apres={found.next_cursor}" if found.next_cursor else ""},
        "ways": ways_in.offers(request, dossier),
        "neighbours": neighbours.parts(request, dossier),
    }
    return render(request, "documents/list.html", context)


@require_GET
def show_document(request: HttpRequest, dossier_id: int, document_id: int) -> HttpResponse:
    """Show a document: its versions, and what left with each."""
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    actor = actor_of(request)
    document = get_visible(actor, Document, pk=document_id, dossier=dossier)
    record_reading(
        actor,
        "document.consulted",
        subject=document,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
    )
    document.dossier = dossier
    versions = versions_of(document)
    for version in versions:
        version.document = document
    context = dossier_context(request, dossier, "documents") | {
        "document": document,
        "versions": versions,
        "current": versions[0],
        "tracked": [
            (number, [card(request, one, list(one.attempts.all())) for one in exchanges])
            for number, exchanges in exchanges_of_versions(document)
        ],
        "offers": offers(request, versions[0]),
        "panels": panels.rendered(request, versions),
    }
    return render(request, "documents/document.html", context)


@require_GET
def show_pdf(request: HttpRequest, dossier_id: int, document_id: int, number: int) -> HttpResponse:
    """Give the PDF of a version, to read in the browser."""
    version = _version(request, dossier_id, document_id, number)
    response = HttpResponse(store.get(version.pdf_sha256), content_type="application/pdf")
    return _named(response, version, "pdf", "inline")


@require_GET
def download_cda(request: HttpRequest, dossier_id: int, document_id: int, number: int) -> HttpResponse:
    """Give the CDA of a version, to keep or to check elsewhere."""
    version = _version(request, dossier_id, document_id, number)
    response = HttpResponse(store.get(version.cda_sha256), content_type="text/xml; charset=utf-8")
    return _named(response, version, "xml", "attachment")


def _version(request: HttpRequest, dossier_id: int, document_id: int, number: int) -> DocumentVersion:
    dossier = get_dossier(request, dossier_id, Permission.READ_DOCUMENTS)
    actor = actor_of(request)
    document = get_visible(actor, Document, pk=document_id, dossier=dossier)
    version = get_visible(actor, DocumentVersion, document=document, number=number)
    require(actor, Permission.READ_DOCUMENTS, version)
    record_reading(
        actor,
        "document.consulted",
        subject=document,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
        details={"version": number},
    )
    return version


def _named(
    response: HttpResponse, version: DocumentVersion, extension: str, disposition: str
) -> HttpResponse:
    # No trait in a file name: it stays in the history of a shared post. A title is typed: letters and digits
    # only, or a quote would end the name and say something else to the browser.
    title = slugify(fold(version.document.title))[:80].strip("-") or "document"
    name = f"{title}-v{version.number}.{extension}"
    response["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
