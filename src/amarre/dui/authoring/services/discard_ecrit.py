"""Throw a draft away: its text is lost, which the trace says."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.authoring.catalogue import find_template
from amarre.dui.authoring.errors import NotItsAuthor
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.services.write_ecrit import lock_draft
from amarre.dui.core.actor import Actor


def discard_ecrit(*, ecrit: Ecrit, actor: Actor) -> None:
    """Delete a draft of the actor's. Raises the access errors, EcritNotDraft, NotItsAuthor."""
    require(actor, Permission.WRITE_DOCUMENTS, ecrit)
    with transaction.atomic():
        held = lock_draft(ecrit, actor)
        if held.author_id != actor.user_id:
            raise NotItsAuthor(author=held.author.get_full_name())
        template = find_template(held.template_key)
        record(
            actor,
            "ecrit.discarded",
            subject=held,
            dossier_id=held.dossier_id,
            usager_id=held.dossier.identity_id,
            details={"type": template.type_code if template else "", "version": held.version},
        )
        held.delete()
