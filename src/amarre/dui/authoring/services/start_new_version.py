"""Begin a new version of a validated document: its text, taken up by whoever begins it."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record
from amarre.dui.authoring.document import template_of_ecrit
from amarre.dui.authoring.errors import EcritNotDraft, NewVersionOpen
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.services.start_ecrit import require_signer
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now


def start_new_version(*, ecrit: Ecrit, actor: Actor) -> Ecrit:
    """Return a draft that will replace `ecrit`; the actor is its author.

    Only blocks that the template still has are taken up. Raises the access errors, NewVersionOpen,
    EcritNotDraft (asked of a draft, or of a version already replaced), NotForThisProfession, TemplateUnknown.
    """
    require(actor, Permission.WRITE_DOCUMENTS, ecrit)
    template = template_of_ecrit(ecrit)
    author = User.objects.get(pk=actor.person_id)
    require_signer(template, author, ecrit.dossier.essms)
    at = now()
    with transaction.atomic():
        held = Ecrit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=ecrit.pk)
        if Ecrit.objects.visible_to(actor).filter(replaces=held, state=Ecrit.State.BROUILLON).exists():
            raise NewVersionOpen
        if held.state != Ecrit.State.VALIDE:
            raise EcritNotDraft
        keys = {block.key for block in template.blocks}
        new = Ecrit(
            dossier_id=held.dossier_id,
            template_key=template.key,
            template_version=template.version,
            version=held.version + 1,
            replaces=held,
            first_id=held.chain_id,
            author=author,
            content={key: content for key, content in held.content.items() if key in keys},
            created_at=at,
            updated_at=at,
            updated_by=author,
            traced_at=at,
        )
        new.save()
        record(
            actor,
            "ecrit.written",
            subject=new,
            dossier_id=held.dossier_id,
            usager_id=ecrit.dossier.identity_id,
            details={"type": template.type_code, "version": new.version},
        )
    return new
