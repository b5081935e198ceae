"""What the pages of a projet read."""

from __future__ import annotations

from django.db.models import QuerySet

from amarre.dui.core.actor import Actor
from amarre.dui.documents.models import Document
from amarre.dui.projet_personnalise.document import SOURCE_KIND, first_version_of
from amarre.dui.projet_personnalise.models import ProjetPersonnalise
from amarre.dui.usagers.models import Dossier

State = ProjetPersonnalise.State
# What the chain of a dossier says of a projet.
_SAID = ("dossier", "state", "version", "review_on", "author__family_name", "author__given_name")


def current_draft(dossier: Dossier) -> ProjetPersonnalise | None:
    """Return the draft being written."""
    return dossier.projets.filter(state=State.BROUILLON).select_related("author", "replaces").first()


def seen_mark(draft: ProjetPersonnalise | None) -> str:
    """Return what a page keeps of the draft it shows, to know when it comes back whether it changed."""
    return f"{draft.pk}.{draft.updated_at.timestamp():.6f}" if draft else ""


def current_projet(dossier: Dossier) -> ProjetPersonnalise | None:
    """Return the projet in force."""
    return dossier.projets.filter(state=State.VALIDE).select_related("author").order_by("-version").first()


def draft_and_current(
    dossier: Dossier,
) -> tuple[ProjetPersonnalise | None, ProjetPersonnalise | None]:
    """Return the draft and the projet in force, in one query: author and review date, not their text."""
    rows = dossier.projets.filter(state__in=[State.BROUILLON, State.VALIDE]).select_related("author")
    by_state = {row.state: row for row in rows.only(*_SAID).order_by("version")}
    return by_state.get(State.BROUILLON), by_state.get(State.VALIDE)


def former_projets(dossier: Dossier) -> list[ProjetPersonnalise]:
    """Return the replaced ones, newest first."""
    return list(dossier.projets.filter(state=State.REMPLACE).select_related("author").order_by("-version"))


def drafts_of(actor: Actor) -> QuerySet[ProjetPersonnalise]:
    """Return the drafts the actor wrote in the establishment they act for, oldest first."""
    return (
        ProjetPersonnalise.objects.visible_to(actor)
        .filter(state=State.BROUILLON, author_id=actor.user_id)
        .select_related("dossier__identity", "dossier__essms")
        .order_by("updated_at", "pk")
    )


def document_of(projet: ProjetPersonnalise) -> Document | None:
    """Return the document made from the projet's chain of versions."""
    return projet.dossier.documents.filter(
        source_kind=SOURCE_KIND, source_id=first_version_of(projet).pk
    ).first()
