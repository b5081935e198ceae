"""Validate a projet: it is frozen, the previous one is replaced, its document is made and filed."""

from __future__ import annotations

import datetime

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.documents.services.file_document import Draft, file_document
from amarre.dui.projet_personnalise.document import projet_draft
from amarre.dui.projet_personnalise.errors import (
    AgreementMissing,
    NotItsAuthor,
    ProjetChanged,
    ProjetError,
    ProjetNotDraft,
    ProjetWithoutObjective,
)
from amarre.dui.projet_personnalise.models import ProjetPersonnalise
from amarre.dui.projet_personnalise.selectors import seen_mark


def validate_projet(*, projet: ProjetPersonnalise, actor: Actor, seen: str | None = None) -> DocumentVersion:
    """Freeze the draft and file its document, in one transaction: either both, or nothing.

    `seen` is the mark of the draft its author read (`seen_mark`): a text written since by a colleague is not
    signed unread. Raises the access errors, ProjetNotDraft, ProjetChanged, NotItsAuthor,
    ProjetWithoutObjective, AgreementMissing, and what `file_document` raises.
    """
    require(actor, Permission.VALIDATE_PROJET, projet)
    with transaction.atomic():
        held = (
            ProjetPersonnalise.objects.visible_to(actor)
            .select_for_update(of=("self",))
            .select_related("dossier__identity", "dossier__essms__organisme", "author", "replaces")
            .get(pk=projet.pk)
        )
        _require_author(held, actor)
        missing = missing_for_validation(held)
        if missing is not None:
            raise missing
        if seen is not None and seen != seen_mark(held):
            raise ProjetChanged
        at = now()
        if held.replaces is not None:
            held.replaces.state = ProjetPersonnalise.State.REMPLACE
            held.replaces.save()
        held.state = ProjetPersonnalise.State.VALIDE
        held.validated_at = at
        held.updated_at = at
        held.save()
        version = file_document(dossier=held.dossier, draft=_draft(held, at), author=held.author, actor=actor)
        record(
            actor,
            "projet.validated",
            subject=held,
            dossier_id=held.dossier_id,
            usager_id=held.dossier.identity_id,
            details={"version": held.version},
        )
    return version


def missing_for_validation(projet: ProjetPersonnalise) -> ProjetError | None:
    """Return what the draft still lacks, as the error that the validation would raise; None when ready."""
    if not projet.objectives.exists():
        return ProjetWithoutObjective()
    if projet.agreement == ProjetPersonnalise.Agreement.NON_RECUEILLI:
        return AgreementMissing()
    return None


def _require_author(projet: ProjetPersonnalise, actor: Actor) -> None:
    if projet.state != ProjetPersonnalise.State.BROUILLON:
        raise ProjetNotDraft
    if projet.author_id != actor.user_id:
        raise NotItsAuthor(author=projet.author.get_full_name())


def _draft(projet: ProjetPersonnalise, at: datetime.datetime) -> Draft:
    return projet_draft(projet, started_at=projet.created_at if projet.created_at < at else at)
