"""Refuse a document that waits: it stays where it is, nobody files it, and the reason is told."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.intake.errors import NotItsValidator, RefusalWithoutReason
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.intake.services.held import hold_waiting


def refuse_imported(*, imported: ImportedDocument, reason: str, actor: Actor) -> ImportedDocument:
    """Refuse it, for `reason`. Who brought it may take it back the same way.

    Raises the access errors, AlreadyDecided, NotItsValidator, RefusalWithoutReason.
    """
    require(actor, Permission.WRITE_DOCUMENTS, imported)
    if not reason.strip():
        raise RefusalWithoutReason
    with transaction.atomic():
        held = hold_waiting(imported, actor)
        if actor.user_id not in (held.responsible_id, held.imported_by_id):
            raise NotItsValidator(responsible=str(held.responsible))
        held.state = ImportedDocument.State.REFUSE
        held.refusal_reason = reason.strip()[:300]
        held.decided_by_id = actor.person_id
        held.decided_at = now()
        held.save()
        record(
            actor,
            "import.declined",
            subject=held,
            dossier_id=held.dossier_id,
            usager_id=held.dossier.identity_id,
        )
    return held
