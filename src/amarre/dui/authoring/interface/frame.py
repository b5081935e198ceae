"""What writing adds to the frame: a button on the documents, drafts to take up, the next version."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can
from amarre.dui.authoring.document import SOURCE_KIND
from amarre.dui.authoring.selectors import drafts_of, ecrit_of
from amarre.dui.documents import actions, sources, ways_in
from amarre.dui.documents.models import Document, DocumentVersion
from amarre.dui.organisations import settings_pages
from amarre.dui.usagers.models import Dossier
from amarre.dui.web import to_do


def _write_url(request: HttpRequest, dossier: Dossier) -> str:
    if not can(actor_of(request), Permission.WRITE_DOCUMENTS, dossier):
        return ""
    return reverse("authoring:choose", kwargs={"dossier_id": dossier.pk})


def _source_url(document: Document) -> str:
    ecrit = ecrit_of(document)
    if ecrit is None:
        return ""
    return reverse("authoring:show", kwargs={"dossier_id": document.dossier_id, "ecrit_id": ecrit.pk})


def _version_url(request: HttpRequest, version: DocumentVersion) -> str:
    document = version.document
    if document.source_kind != SOURCE_KIND:
        return ""
    if not can(actor_of(request), Permission.WRITE_DOCUMENTS, document.dossier):
        return ""
    return _source_url(document)


def register() -> None:
    """Register with the frame and with the documents."""
    ways_in.register(ways_in.WayIn("ecrire", "Écrire un document", "ecrit", 10, _write_url))
    sources.register(SOURCE_KIND, sources.Source("Écrire une nouvelle version", _source_url))
    actions.register(actions.Action("ecrit", "Écrire une nouvelle version", "ecrit", 90, _version_url))
    settings_pages.register(
        settings_pages.SettingsPage(
            "lettre", "Papier à en-tête", "Logo, adresse et pied de page des documents.",
            "authoring:letterhead", 10,
        )
    )  # fmt: skip
    settings_pages.register(
        settings_pages.SettingsPage(
            "textes", "Textes types", "Phrases toutes prêtes pour ceux qui écrivent.",
            "authoring:list_texts", 20,
        )
    )  # fmt: skip
    to_do.register(
        to_do.ToDo(
            "ecrits.brouillons",
            "Mes brouillons de documents",
            "Relisez-les, puis validez.",
            lambda request: drafts_of(actor_of(request)).count(),
            lambda: reverse("authoring:list_drafts"),
            permission=Permission.WRITE_DOCUMENTS,
            order=41,
            icon="ecrit",
        )
    )
