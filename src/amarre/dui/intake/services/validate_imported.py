"""Validate a document brought from elsewhere: its cover is made, it becomes a version that may leave."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.documents import store
from amarre.dui.documents.authors import author_card
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.documents.services.file_ready_pdf import ReadyPdf, file_ready_pdf
from amarre.dui.intake.authorship import card_of
from amarre.dui.intake.cover import band_pdf, cover_pdf
from amarre.dui.intake.errors import ChangedSinceRead, NotItsValidator
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.intake.reader import join
from amarre.dui.intake.selectors import SOURCE_KIND, current_mark, current_traits, next_number, read_mark
from amarre.dui.intake.services.held import hold_waiting


def validate_imported(*, imported: ImportedDocument, seen: str, actor: Actor) -> DocumentVersion:
    """File it as the next version of its document, cover and identity added.

    `seen` is the mark of what was read (`read_mark`): nobody answers for what they did not read. The pages
    are put together outside any transaction; the identity is read again inside. Raises the access errors,
    NotItsValidator, AlreadyDecided, ChangedSinceRead, and what `file_ready_pdf` and the reader raise.
    """
    require(actor, Permission.WRITE_DOCUMENTS, imported)
    if imported.responsible_id != actor.user_id:
        raise NotItsValidator(responsible=str(imported.responsible))
    if seen != read_mark(imported):
        raise ChangedSinceRead
    user = User.objects.get(pk=actor.person_id)
    at = now()
    ready = _ready(imported, user, at)
    with transaction.atomic():
        held = hold_waiting(imported, actor)
        if held.responsible_id != actor.user_id:
            raise NotItsValidator(responsible=str(held.responsible))
        if seen != read_mark(held):
            raise ChangedSinceRead
        version = file_ready_pdf(
            dossier=held.dossier, ready=ready, author=card_of(held), responsible=user, actor=actor
        )
        held.state = ImportedDocument.State.VALIDE
        held.decided_by = user
        held.decided_at = at
        held.filed_traits = current_mark(held)
        held.save()
        record(
            actor,
            "import.validated",
            subject=held,
            dossier_id=held.dossier_id,
            usager_id=held.dossier.identity_id,
            details={"version": version.number, "outside": held.author_id is None},
        )
    return version


def _ready(imported: ImportedDocument, user: User, at: datetime.datetime) -> ReadyPdf:
    traits = current_traits(imported)
    cover = cover_pdf(
        imported,
        traits,
        card_of(imported),
        version=next_number(imported),
        answers=author_card(user, imported.dossier.essms),
        at=at,
    )
    whole = join(
        cover=cover, band=band_pdf(traits), body=store.get(imported.body_sha256), title=imported.title
    )
    return ReadyPdf(
        source_kind=SOURCE_KIND,
        source_id=imported.pk,
        type_code=imported.type_code,
        title=imported.title,
        act_started_at=_start_of(imported),
        carries_ins=bool(traits.matricule),
        pdf=whole,
    )


def _start_of(imported: ImportedDocument) -> datetime.datetime:
    zone: ZoneInfo = imported.dossier.essms.zone
    return datetime.datetime.combine(imported.act_on, datetime.time(), tzinfo=zone)
