"""What every act on a document that waits begins with: the row, locked, still waiting."""

from __future__ import annotations

from amarre.dui.core.actor import Actor
from amarre.dui.intake.errors import AlreadyDecided
from amarre.dui.intake.models import ImportedDocument

_DECISIONS = {ImportedDocument.State.VALIDE: "validé", ImportedDocument.State.REFUSE: "refusé"}


def hold(imported: ImportedDocument, actor: Actor) -> ImportedDocument:
    """Return the row as it is now, locked until the end of the transaction, with what printing reads."""
    return (
        ImportedDocument.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related(
            "dossier__identity",
            "dossier__essms__organisme",
            "author",
            "responsible",
            "imported_by",
            "decided_by",
        )
        .get(pk=imported.pk)
    )


def hold_waiting(imported: ImportedDocument, actor: Actor) -> ImportedDocument:
    """Return the row, locked; raises AlreadyDecided when it no longer waits."""
    held = hold(imported, actor)
    if held.state != ImportedDocument.State.A_VALIDER:
        state = ImportedDocument.State(held.state)
        raise AlreadyDecided(decision=_DECISIONS[state], who=str(held.decided_by))
    return held
