"""What the projet adds to the frame: a tab, a link of the chain, drafts to take up again."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.access.actors import actor_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can
from amarre.dui.documents import chain_link, sources
from amarre.dui.documents.models import Document
from amarre.dui.projet_personnalise.document import SOURCE_KIND
from amarre.dui.projet_personnalise.models import ProjetPersonnalise
from amarre.dui.projet_personnalise.selectors import draft_and_current, drafts_of
from amarre.dui.usagers import chain
from amarre.dui.usagers.models import Dossier
from amarre.dui.web import dossier_tabs, to_do
from amarre.dui.web.dates import day

State = ProjetPersonnalise.State


def projet_progress(request: HttpRequest, dossier: Dossier) -> chain.LinkProgress:
    """Say where the projet of a dossier is."""
    may_write = can(actor_of(request), Permission.WRITE_PROJET, dossier)
    show = reverse("projet_personnalise:show_projet", kwargs={"dossier_id": dossier.pk})
    draft, current = draft_and_current(dossier)
    if draft is not None:
        sentence = f"Brouillon de {draft.author}, à valider par son auteur."
        return chain.LinkProgress(chain.LinkState.GOING, sentence, show, "Ouvrir le brouillon")
    if current is not None:
        return chain.LinkProgress(
            chain.LinkState.DONE, f"En vigueur jusqu'au {day(current.review_on)}.", show, "Ouvrir le projet"
        )
    write = reverse("projet_personnalise:write_projet", kwargs={"dossier_id": dossier.pk})
    return chain.LinkProgress(
        chain.LinkState.TO_DO,
        "Notez ses attentes et ce qui est décidé avec elle.",
        write if may_write else show,
        "Écrire le projet" if may_write else "Ouvrir le projet",
    )


def _page_of(document: Document) -> str:
    return reverse("projet_personnalise:show_projet", kwargs={"dossier_id": document.dossier_id})


def register() -> None:
    """Register with the frame and with the dossier."""
    dossier_tabs.register(
        dossier_tabs.Tab(
            "projet", "Projet", "projet_personnalise:show_projet", Permission.READ_PROJET, order=30
        )
    )
    to_do.register(
        to_do.ToDo(
            "projets.brouillons",
            "Mes brouillons de projet",
            "Relisez-les avec la personne, puis validez.",
            lambda request: drafts_of(actor_of(request)).count(),
            lambda: reverse("projet_personnalise:list_drafts"),
            permission=Permission.WRITE_PROJET,
            order=40,
            icon="ecrit",
        )
    )
    chain_link.follow(SOURCE_KIND)
    sources.register(SOURCE_KIND, sources.Source("Ouvrir le projet", _page_of))
    chain.register(
        chain.ChainLink("projet", "Projet personnalisé", 30, Permission.READ_PROJET, projet_progress)
    )
