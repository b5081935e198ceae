"""Begin a document from a template: a draft, its proposed texts filled from the record."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record
from amarre.dui.authoring.blocks import kind_of
from amarre.dui.authoring.catalogue import Template
from amarre.dui.authoring.errors import NotForThisProfession
from amarre.dui.authoring.facts import facts_of
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.selectors import texts_for
from amarre.dui.authoring.substitution import fill
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.documents.authors import author_card
from amarre.dui.documents.errors import AuthorIncomplete
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import Dossier


def start_ecrit(*, dossier: Dossier, template: Template, actor: Actor) -> Ecrit:
    """Return a new draft of `template` in `dossier`, of which the actor is the author.

    Raises the access errors, NotForThisProfession.
    """
    require(actor, Permission.WRITE_DOCUMENTS, dossier)
    author = User.objects.get(pk=actor.person_id)
    require_signer(template, author, dossier.essms)
    at = now()
    with transaction.atomic():
        ecrit = Ecrit(
            dossier=dossier,
            template_key=template.key,
            template_version=template.version,
            author=author,
            content=_first_contents(template, dossier, author),
            created_at=at,
            updated_at=at,
            updated_by=author,
            traced_at=at,
        )
        ecrit.save()
        record(
            actor,
            "ecrit.written",
            subject=ecrit,
            dossier_id=dossier.pk,
            usager_id=dossier.identity_id,
            details={"type": template.type_code, "version": ecrit.version},
        )
    return ecrit


def require_signer(template: Template, author: User, essms: Essms) -> None:
    """Raise NotForThisProfession when `author` could not validate the document.

    An unknown profession is only asked for where it matters; the validation asks for it anyway.
    """
    try:
        code = author_card(author, essms).code.code
    except AuthorIncomplete:
        if template.signers:
            raise
        return
    if not template.may_be_signed_by(code):
        raise NotForThisProfession(label=template.label, who=template.who.lower())


def _first_contents(template: Template, dossier: Dossier, author: User) -> dict[str, Any]:
    """Return what the blocks propose: the establishment's own text where it has one, else the template's."""
    own = {text.block_key: text.body for text in texts_for(dossier.essms, template.key) if text.block_key}
    facts = facts_of(dossier, author)
    contents = {
        block.key: dict(kind_of(block).prefilled(block, fill(own.get(block.key, block.prefill), facts)))
        for block in template.blocks
    }
    return {key: content for key, content in contents.items() if content}
