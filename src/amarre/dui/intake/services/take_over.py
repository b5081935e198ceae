"""Answer, instead of a colleague, for a document that someone from elsewhere wrote."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.documents.authors import author_card
from amarre.dui.intake.errors import OutsideAuthorOnly
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.intake.services.held import hold_waiting


def take_over(*, imported: ImportedDocument, actor: Actor) -> ImportedDocument:
    """Make the actor the one who answers for it, by name.

    Raises the access errors, AlreadyDecided, OutsideAuthorOnly (its author works here), AuthorIncomplete (the
    actor's profession is not known).
    """
    require(actor, Permission.WRITE_DOCUMENTS, imported)
    user = User.objects.get(pk=actor.person_id)
    with transaction.atomic():
        held = hold_waiting(imported, actor)
        if held.author is not None:
            raise OutsideAuthorOnly(author=str(held.author))
        author_card(user, held.dossier.essms)
        if held.responsible_id != user.pk:
            held.responsible = user
            held.save()
            record(
                actor,
                "import.taken_over",
                subject=held,
                dossier_id=held.dossier_id,
                usager_id=held.dossier.identity_id,
            )
    return held
