"""Put a validated document back among those to validate: its cover is to be made again.

The identity was qualified, or changed, since it was filed: the next version will say so, once read again.
"""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.intake.errors import AlreadyDecided
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.intake.selectors import cover_is_outdated
from amarre.dui.intake.services.held import hold


def reopen_imported(*, imported: ImportedDocument, actor: Actor) -> ImportedDocument:
    """Reopen it for whoever answers for it. Raises the access errors, AlreadyDecided when nothing changed."""
    require(actor, Permission.WRITE_DOCUMENTS, imported)
    with transaction.atomic():
        held = hold(imported, actor)
        if held.state == ImportedDocument.State.A_VALIDER:
            return held
        if held.state == ImportedDocument.State.REFUSE or not cover_is_outdated(held):
            decision = ImportedDocument.State(held.state).label.lower()
            raise AlreadyDecided(decision=decision, who=str(held.decided_by))
        held.state = ImportedDocument.State.A_VALIDER
        held.decided_by = None
        held.decided_at = None
        held.save()
        record(
            actor,
            "import.reopened",
            subject=held,
            dossier_id=held.dossier_id,
            usager_id=held.dossier.identity_id,
        )
    return held
