"""The collision procedure: take trust back at once, check each point again, conclude.

Source: RNIV 1, collisions; the transitions are those of the kit's table (VERIFICATION_KO, POSER_DOUTEUSE).
"""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers.collision_points import CODES, POINTS
from amarre.dui.usagers.errors import ReasonMissing
from amarre.dui.usagers.models import CollisionCase, CollisionCheck, Dossier, Identity
from amarre.dui.usagers.services.identity_events import apply_identity_event, locked_identity
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.dui.usagers.vigilance_errors import CollisionAlreadyOpen, CollisionClosed, CollisionPointsLeft
from amarre.interop.ins.status import Attribute, Event

Level = CollisionCase.Level


def open_collision(*, dossier: Dossier, level: str, reason: str, actor: Actor) -> CollisionCase:
    """Open the procedure and take trust back: the INS alone, or everything (douteuse).

    An identity without INS has none to lose: `ins` then leaves it as it is. Raises the access errors,
    ReasonMissing, CollisionAlreadyOpen, AttributesIncompatible.
    """
    require(actor, Permission.QUALIFY_IDENTITE, dossier)
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        identity = locked_identity(dossier.identity_id)
        if identity.collisions.filter(closed_at=None).exists():
            raise CollisionAlreadyOpen
        case = CollisionCase(
            dossier=dossier,
            identity=identity,
            level=Level(level),
            reason=reason.strip()[:200],
            opened_at=now(),
            opened_by_id=actor.person_id,
        )
        case.save()
        _take_trust_back(dossier, identity, case, actor)
        record(
            actor, "collision.opened", subject=case, dossier_id=dossier.pk, usager_id=identity.pk,
            details={"level": case.level},
        )  # fmt: skip
    return case


def check_point(*, case: CollisionCase, point: str, actor: Actor) -> CollisionCase:
    """Keep that one point was checked, once. Raises the access errors, CollisionClosed, KeyError."""
    require(actor, Permission.QUALIFY_IDENTITE, case)
    if point not in CODES:
        raise KeyError(point)
    with transaction.atomic():
        held = _open(case, actor)
        if not held.checks.filter(point=point).exists():
            CollisionCheck(case=held, point=point, checked_at=now(), checked_by_id=actor.person_id).save()
            record(
                actor, "collision.point_checked", subject=held, dossier_id=held.dossier_id,
                usager_id=held.identity_id, details={"point": point},
            )  # fmt: skip
    return held


def close_collision(*, case: CollisionCase, conclusion: str, note: str, actor: Actor) -> CollisionCase:
    """Conclude once every point was checked; trust comes back by the usual way (document, INSi).

    Raises the access errors, ReasonMissing, CollisionClosed, CollisionPointsLeft.
    """
    require(actor, Permission.QUALIFY_IDENTITE, case)
    if not note.strip():
        raise ReasonMissing
    with transaction.atomic():
        held = _open(case, actor)
        left = len(POINTS) - held.checks.filter(point__in=CODES).count()
        if left:
            raise CollisionPointsLeft(count=left)
        held.conclusion = CollisionCase.Conclusion(conclusion)
        held.closing_note = note.strip()[:200]
        held.closed_at = now()
        held.closed_by_id = actor.user_id
        held.save()
        record(
            actor, "collision.closed", subject=held, dossier_id=held.dossier_id, usager_id=held.identity_id,
            details={"conclusion": held.conclusion},
        )  # fmt: skip
    return held


def _take_trust_back(dossier: Dossier, identity: Identity, case: CollisionCase, actor: Actor) -> None:
    if case.level == Level.DOUBTFUL:
        if not identity.is_douteuse:
            mark_identity(
                dossier=dossier, attribute=Attribute.DOUTEUSE, held=True, reason=case.reason, actor=actor
            )
    elif identity.traits_from_insi:
        apply_identity_event(identity, Event.VERIFICATION_KO, actor=actor, reason=case.reason)


def _open(case: CollisionCase, actor: Actor) -> CollisionCase:
    held = CollisionCase.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=case.pk)
    if held.closed_at is not None:
        raise CollisionClosed
    return held
