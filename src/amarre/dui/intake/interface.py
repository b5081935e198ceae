"""What the documents from elsewhere add to the frame: a way in, a list to treat, the next version."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can
from amarre.dui.documents import actions, neighbours, sources, ways_in
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.exchanges import handlers
from amarre.dui.intake import waiting_files
from amarre.dui.intake.evidence_pages import pages_of
from amarre.dui.intake.selectors import SOURCE_KIND, from_elsewhere, to_validate
from amarre.dui.usagers import evidence_files
from amarre.dui.usagers.models import Dossier
from amarre.dui.web import navigation, to_do

PURGE_SECONDS = 600


def register() -> None:
    """Register with the frame, with the documents and with the worker."""
    _register_documents()
    _register_menu()
    # Files that nobody described within the hour go, even when nobody brings any more.
    handlers.register_periodic("intake.waiting_files", PURGE_SECONDS, waiting_files.purge_expired)
    evidence_files.register_pdf_reader(pages_of)


def _register_documents() -> None:
    ways_in.register(ways_in.WayIn("apporter", "Apporter un document", "import", 20, _import_url))
    sources.register(SOURCE_KIND, sources.Source("Refaire la page de garde", _source_url))
    actions.register(actions.Action("garde", "Voir le document d’origine", "document", 95, _original_url))
    neighbours.register(
        neighbours.Neighbour(
            "intake", "intake/_elsewhere.html", lambda request, dossier: from_elsewhere(dossier)
        )
    )


def _register_menu() -> None:
    navigation.register(
        navigation.Entry(
            key="documents-a-valider",
            label="Documents à valider",
            icon="document",
            url_name="intake:list_to_validate",
            permission=Permission.WRITE_DOCUMENTS,
            order=38,
            prefix="intake:list_to_validate",
        )
    )
    to_do.register(
        to_do.ToDo(
            key="documents-a-valider",
            label="Documents à valider",
            sentence="Écrits ailleurs et apportés dans un dossier : relisez-les, vous en répondez.",
            count=lambda request: to_validate(actor_of(request)).count(),
            url=lambda: reverse("intake:list_to_validate"),
            permission=Permission.WRITE_DOCUMENTS,
            order=25,
            icon="document",
        )
    )


def _import_url(request: HttpRequest, dossier: Dossier) -> str:
    if not can(actor_of(request), Permission.WRITE_DOCUMENTS, dossier):
        return ""
    return reverse("intake:choose_files", kwargs={"dossier_id": dossier.pk})


def _source_url(document: Document) -> str:
    return reverse(
        "intake:review", kwargs={"dossier_id": document.dossier_id, "imported_id": document.source_id}
    )


def _original_url(request: HttpRequest, version: DocumentVersion) -> str:
    return _source_url(version.document) if version.document.source_kind == SOURCE_KIND else ""
