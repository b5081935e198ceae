"""What the pages of the documents to write read."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from amarre.dui.authoring.models import Ecrit, StandardText
from amarre.dui.core.actor import Actor
from amarre.dui.core.scoping import internal_scope
from amarre.dui.documents.models import Document
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import Dossier

State = Ecrit.State


def seen_mark(ecrit: Ecrit) -> str:
    """Return what a page keeps of the écrit it shows, to know when it comes back whether it changed."""
    return f"{ecrit.pk}.{ecrit.updated_at.timestamp():.6f}"


def drafts_in(dossier: Dossier) -> list[Ecrit]:
    """Return the drafts of a dossier in scope, last written first."""
    rows = dossier.ecrits.filter(state=State.BROUILLON).select_related("author")
    return list(rows.order_by("-updated_at", "-pk"))


def drafts_of(actor: Actor) -> QuerySet[Ecrit]:
    """Return the drafts the actor began in the establishment they act for, oldest first."""
    return (
        Ecrit.objects.visible_to(actor)
        .filter(state=State.BROUILLON, author_id=actor.user_id)
        .select_related("dossier__identity", "dossier__essms")
        .order_by("updated_at", "pk")
    )


def ecrit_of(document: Document) -> Ecrit | None:
    """Return the last écrit a document in scope was made from, or is being made from."""
    with internal_scope("écrits of a document in scope"):
        rows = Ecrit.objects.filter(Q(pk=document.source_id) | Q(first_id=document.source_id))
        return rows.order_by("-version").first()


def texts_for(essms: Essms, template_key: str = "") -> list[StandardText]:
    """Return the standard texts proposed in a template, by title; all of them for ""."""
    with internal_scope("standard texts of an establishment already reached"):
        rows = StandardText.objects.filter(essms=essms, retired_at=None)
        if template_key:
            rows = rows.filter(template_key__in=("", template_key))
        return list(rows)


def draft_after(ecrit: Ecrit) -> Ecrit | None:
    """Return the draft that will replace an écrit in scope, None when nobody began one."""
    with internal_scope("next version of an écrit in scope"):
        return Ecrit.objects.filter(replaces=ecrit, state=State.BROUILLON).first()
