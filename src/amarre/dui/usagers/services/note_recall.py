"""« À appeler à la prochaine venue »: note the next visit of one person, or take the note away.

Nothing here calls INSi: retrieval is asked for one person at a time, from the person's page or their line of
the list (`request_insi_search`), at a visit. Source: référentiel INS; RNIV.
"""

from __future__ import annotations

import datetime

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.usagers.errors import RecallDateInThePast, RecallNotNeeded
from amarre.dui.usagers.models import Dossier, RecallNote


def note_recall(
    *, dossier: Dossier, expected_on: datetime.date | None, note: str, actor: Actor
) -> RecallNote:
    """Put the person in the list, or change the date and the words of their line.

    Raises the access errors, CallForbidden (douteuse or fictive), RecallDateInThePast.
    """
    require(actor, Permission.WRITE_IDENTITE, dossier)
    if expected_on is not None and expected_on < today(dossier.essms.zone):
        raise RecallDateInThePast
    with transaction.atomic():
        held = _open_note(dossier, actor) or RecallNote(
            dossier=dossier, added_at=now(), added_by_id=actor.person_id
        )
        held.expected_on, held.note = expected_on, note.strip()
        held.save()
        record(
            actor, "recall.noted", subject=held, dossier_id=dossier.pk, usager_id=dossier.identity_id,
        )  # fmt: skip
    return held


def close_recall(*, dossier: Dossier, actor: Actor) -> RecallNote:
    """Take the note away; a person without INS stays in the list, undated. Raises RecallNotNeeded."""
    require(actor, Permission.WRITE_IDENTITE, dossier)
    with transaction.atomic():
        held = _open_note(dossier, actor)
        if held is None:
            raise RecallNotNeeded
        held.closed_at = now()
        held.save()
        record(
            actor, "recall.closed", subject=held, dossier_id=dossier.pk, usager_id=dossier.identity_id,
        )  # fmt: skip
    return held


def _open_note(dossier: Dossier, actor: Actor) -> RecallNote | None:
    rows = RecallNote.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.filter(dossier=dossier, closed_at=None).first()
