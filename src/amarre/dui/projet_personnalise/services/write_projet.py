"""Write a draft: create it, change it, or open a new version of a validated projet."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.projet_personnalise.errors import DraftAlreadyOpen, ProjetNotDraft
from amarre.dui.projet_personnalise.models import Objective, ProjetPersonnalise
from amarre.dui.usagers.models import Dossier


@dataclass(frozen=True, slots=True)
class ObjectiveText:
    """One objective as typed."""

    title: str
    actions: str
    who: str = ""
    due_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class ProjetText:
    """A whole projet as typed."""

    expectations: str
    context: str
    starts_on: datetime.date
    review_on: datetime.date
    agreement: str
    agreed_on: datetime.date | None
    objectives: tuple[ObjectiveText, ...]


def write_projet(
    *, dossier: Dossier, text: ProjetText, actor: Actor, projet: ProjetPersonnalise | None = None
) -> ProjetPersonnalise:
    """Save `text` as the draft `projet`, or as a new draft when None.

    Raises the access errors, ProjetNotDraft, DraftAlreadyOpen, django ValidationError (dates).
    """
    require(actor, Permission.WRITE_PROJET, dossier)
    with transaction.atomic():
        if projet is None:
            held = _new_draft(dossier, actor)
        else:
            held = (
                ProjetPersonnalise.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=projet.pk)
            )
            if held.state != ProjetPersonnalise.State.BROUILLON:
                raise ProjetNotDraft
        held.expectations = text.expectations
        held.context = text.context
        held.starts_on = text.starts_on
        held.review_on = text.review_on
        held.agreement = text.agreement
        held.agreed_on = text.agreed_on
        held.updated_at = now()
        held.save()
        _replace_objectives(held, text.objectives)
        record(
            actor,
            "projet.written",
            subject=held,
            dossier_id=dossier.pk,
            usager_id=dossier.identity_id,
            details={"version": held.version},
        )
    return held


def _new_draft(dossier: Dossier, actor: Actor) -> ProjetPersonnalise:
    """Return an unsaved draft; it follows the projet in force when there is one."""
    if dossier.projets.filter(state=ProjetPersonnalise.State.BROUILLON).exists():
        raise DraftAlreadyOpen
    current = dossier.projets.filter(state=ProjetPersonnalise.State.VALIDE).order_by("-version").first()
    return ProjetPersonnalise(
        dossier=dossier,
        author_id=actor.person_id,
        version=current.version + 1 if current else 1,
        replaces=current,
    )


def _replace_objectives(projet: ProjetPersonnalise, objectives: tuple[ObjectiveText, ...]) -> None:
    projet.objectives.all().delete()
    for rank, objective in enumerate(objectives, 1):
        Objective(
            projet=projet,
            rank=rank,
            title=objective.title,
            actions=objective.actions,
            who=objective.who,
            due_on=objective.due_on,
        ).save()
