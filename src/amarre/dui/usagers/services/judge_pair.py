"""« Ce sont deux personnes »: remembered for good, and both may be marked homonymes."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers.errors import ReasonMissing
from amarre.dui.usagers.models import DuplicatePair, Identity
from amarre.dui.usagers.services.identity_events import apply_identity_event, note_change
from amarre.dui.usagers.vigilance_errors import PairJudged
from amarre.interop.ins.status import Attribute, Event


def declare_distinct(*, pair: DuplicatePair, homonymes: bool, reason: str, actor: Actor) -> DuplicatePair:
    """Keep that the two identities are two persons; `homonymes` puts the mark on both (RNIV 1 EXI SI 22).

    Raises the access errors, ReasonMissing, PairJudged.
    """
    require(actor, Permission.QUALIFY_IDENTITE, pair)
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic(), system_scope("two identities compared, one of them reached by a dossier"):
        held = DuplicatePair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
        if held.state != DuplicatePair.State.PROPOSED:
            raise PairJudged
        held.state = DuplicatePair.State.DISTINCT
        held.decided_by_id = actor.user_id
        held.decided_at = now()
        held.reason = reason.strip()[:200]
        held.save()
        for identity_id in (held.first_id, held.second_id):
            if homonymes:
                _mark(identity_id, actor, reason.strip())
            record(actor, "duplicate.distinct", subject=held, usager_id=identity_id)
    return held


def _mark(identity_id: int, actor: Actor, reason: str) -> None:
    """Mark homonyme, unless it is already, or fictive (the two may not stand together)."""
    identity = Identity.objects.select_for_update(of=("self",)).get(pk=identity_id)
    if identity.is_homonyme or identity.is_fictive:
        return
    apply_identity_event(identity, Event.POSER_HOMONYME, actor=actor, reason=reason)
    note_change(identity, Attribute.HOMONYME.value, "non", "oui", actor, now(), reason)
