"""Write in a draft: whole, under lock, never over what a colleague wrote meanwhile without saying so."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.authoring.document import template_of_ecrit
from amarre.dui.authoring.errors import EcritChanged, EcritNotDraft, TextTooLong
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.selectors import seen_mark
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now

# A page saves by itself every few seconds: one line of the trace per person and ten minutes tells as much.
TRACED_EVERY = datetime.timedelta(minutes=10)
# Some eighty pages; a document is not a book, and each page is compiled while someone waits.
LARGEST = 200_000


def write_ecrit(
    *, ecrit: Ecrit, contents: Mapping[str, Any], seen: str, actor: Actor, page: str = ""
) -> Ecrit:
    """Save `contents` (key of block → content) as the whole draft.

    `seen` is the mark of the draft this text was written on (`seen_mark`). `page` names the open page that
    writes: it may save as often as it likes, as long as nobody else wrote meanwhile.

    Raises the access errors, EcritNotDraft, EcritChanged, TextTooLong.
    """
    require(actor, Permission.WRITE_DOCUMENTS, ecrit)
    kept = {key: content for key, content in contents.items() if content}
    size = len(json.dumps(kept, ensure_ascii=False))
    if size > LARGEST:
        raise TextTooLong(size=size, limit=LARGEST)
    with transaction.atomic():
        held = lock_draft(ecrit, actor)
        if seen != seen_mark(held) and not (page and page == held.written_from):
            raise EcritChanged
        if held.content == kept:
            return held
        at = now()
        to_trace = held.updated_by_id != actor.person_id or at - held.traced_at >= TRACED_EVERY
        held.content = kept
        held.written_from = page
        held.updated_at = at
        held.updated_by_id = actor.person_id
        held.traced_at = at if to_trace else held.traced_at
        held.save()
        if to_trace:
            record(
                actor,
                "ecrit.written",
                subject=held,
                dossier_id=held.dossier_id,
                usager_id=held.dossier.identity_id,
                details={"type": template_of_ecrit(held).type_code, "version": held.version},
            )
    return held


def lock_draft(ecrit: Ecrit, actor: Actor) -> Ecrit:
    """Return the draft, locked until the transaction ends. Raises EcritNotDraft when it is one no more."""
    held = (
        Ecrit.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("dossier__identity", "dossier__essms__organisme", "author", "replaces")
        .filter(pk=ecrit.pk)
        .first()
    )
    if held is None or held.state != Ecrit.State.BROUILLON:
        raise EcritNotDraft
    return held
