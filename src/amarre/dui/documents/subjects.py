"""Whose dossier an exchange is about, for the page « Envois »: names of the dossiers the actor may see."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from amarre.dui.core.actor import Actor
from amarre.dui.exchanges.subjects import Subject
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.presenters import usual_name


def subjects(actor: Actor, dossier_ids: Collection[int]) -> dict[int, Subject]:
    """Return the name and the page of each dossier of the actor's establishment."""
    rows = Dossier.objects.visible_to(actor).filter(pk__in=dossier_ids).select_related("identity")
    return {
        row.pk: Subject(
            usual_name(row.identity), reverse("documents:list_documents", kwargs={"dossier_id": row.pk})
        )
        for row in rows
    }
