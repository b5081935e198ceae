"""Validate a draft: it is frozen, the version before is replaced, its document is made and filed."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.authoring.document import ecrit_draft, template_of_ecrit
from amarre.dui.authoring.errors import BlockRefused, BlocksMissing, EcritChanged, NotItsAuthor
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.printed import first_problem, missing_blocks
from amarre.dui.authoring.selectors import seen_mark
from amarre.dui.authoring.services.start_ecrit import require_signer
from amarre.dui.authoring.services.write_ecrit import lock_draft
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.documents.services.file_document import file_document


def validate_ecrit(*, ecrit: Ecrit, actor: Actor, seen: str) -> DocumentVersion:
    """Freeze the draft and file its document, in one transaction: either both, or nothing.

    `seen` is the mark of the draft its author read: a text written since by a colleague is not signed unread.
    Raises the access errors, EcritNotDraft, NotItsAuthor, EcritChanged, NotForThisProfession, BlocksMissing,
    BlockRefused, and what `file_document` raises.
    """
    require(actor, Permission.WRITE_DOCUMENTS, ecrit)
    with transaction.atomic():
        held = lock_draft(ecrit, actor)
        _require_ready(held, actor, seen)
        at = now()
        if held.replaces is not None:
            held.replaces.state = Ecrit.State.REMPLACE
            held.replaces.save()
        held.state = Ecrit.State.VALIDE
        held.validated_at = at
        held.save()
        version = file_document(
            dossier=held.dossier, draft=ecrit_draft(held, at=at), author=held.author, actor=actor
        )
        record(
            actor,
            "ecrit.validated",
            subject=held,
            dossier_id=held.dossier_id,
            usager_id=held.dossier.identity_id,
            details={"type": template_of_ecrit(held).type_code, "version": held.version},
        )
    return version


def _require_ready(ecrit: Ecrit, actor: Actor, seen: str) -> None:
    template = template_of_ecrit(ecrit)
    if ecrit.author_id != actor.user_id:
        raise NotItsAuthor(author=ecrit.author.get_full_name())
    if seen != seen_mark(ecrit):
        raise EcritChanged
    require_signer(template, ecrit.author, ecrit.dossier.essms)
    if missing := missing_blocks(template, ecrit.content):
        raise BlocksMissing(names=", ".join(f"« {title} »" for title in missing))
    if problem := first_problem(template, ecrit.content):
        raise BlockRefused(title=problem[0], problem=problem[1])
