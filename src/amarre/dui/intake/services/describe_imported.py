"""Correct what is said of a document that waits: its type, its author, its date, who answers for it."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.intake.description import Description, write_on
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.intake.services.held import hold_waiting

_FIELDS = (
    "title", "type_code", "act_on", "author_id", "responsible_id", "outside_family", "outside_given",
    "outside_code", "outside_system", "outside_rpps", "outside_organisation", "outside_finess",
)  # fmt: skip


def describe_imported(*, imported: ImportedDocument, said: Description, actor: Actor) -> ImportedDocument:
    """Write a new description. Raises the access errors, AlreadyDecided."""
    require(actor, Permission.WRITE_DOCUMENTS, imported)
    with transaction.atomic():
        held = hold_waiting(imported, actor)
        before = {name: getattr(held, name) for name in _FIELDS}
        write_on(held, said)
        changed = [name for name in _FIELDS if getattr(held, name) != before[name]]
        if changed:
            held.save()
            record(
                actor,
                "import.described",
                subject=held,
                dossier_id=held.dossier_id,
                usager_id=held.dossier.identity_id,
                details={"fields": [name.removesuffix("_id") for name in changed]},
            )
    return held
