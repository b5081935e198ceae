"""Apply an event of the RNIV table to an identity: axes, attributes, side effects, history."""

from __future__ import annotations

import datetime

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers.models import Identity, IdentityChange, IdentityEvidence, InsHistory
from amarre.dui.usagers.vigilance_errors import IdentityDeactivated
from amarre.interop.ins.status import (
    STATUS_LABELS,
    Attribute,
    Change,
    Event,
    Evidence,
    IdentityState,
    SideEffect,
    apply_event,
)
from amarre.interop.ins.traits import Traits


def apply_identity_event(
    identity: Identity, event: Event, *, actor: Actor, evidence: Evidence | None = None, reason: str = ""
) -> Change:
    """Move `identity` by the table and save it, inside the caller's transaction.

    Raises TransitionRefused, EvidenceMissing, AttributesIncompatible. The caller stores a new INS
    (SideEffect.STORE_INS) before calling: the row must be valid when it is saved.
    """
    before = identity.status
    change = apply_event(identity.state, event, evidence)
    at = now()
    set_state(identity, change.state)
    effects = change.transition.effects
    if SideEffect.STORE_EVIDENCE in effects and evidence is not None and actor.user_id is not None:
        IdentityEvidence(
            identity=identity,
            device=evidence.device,
            seen_on=evidence.seen_on,
            operator_id=actor.user_id,
            recorded_at=at,
        ).save()
    if SideEffect.VOID_EVIDENCE in effects:
        identity.evidence.filter(voided_at=None).update(voided_at=at)
    if SideEffect.INVALIDATE_INS in effects:
        retire_ins(identity, at)
    identity.save()
    if identity.status is not before:
        note_change(
            identity, "statut", STATUS_LABELS[before], STATUS_LABELS[identity.status], actor, at, reason
        )
    return change


def locked_identity(identity_id: int) -> Identity:
    """Return the identity of a dossier in scope, locked until the end of the transaction.

    Raises IdentityDeactivated when a fusion absorbed it since the dossier was read.
    """
    with system_scope("identity of a dossier in scope, locked"):
        identity = Identity.objects.select_for_update(of=("self",)).get(pk=identity_id)
        if identity.merged_into is not None:
            raise IdentityDeactivated(number=identity.merged_into.local_number)
    return identity


def set_state(identity: Identity, state: IdentityState) -> None:
    """Copy the kit's state on the row."""
    identity.traits_from_insi = state.insi
    identity.coherence_checked = state.coherence
    identity.is_homonyme = Attribute.HOMONYME in state.attributes
    identity.is_douteuse = Attribute.DOUTEUSE in state.attributes
    identity.is_fictive = Attribute.FICTIVE in state.attributes


def retire_ins(identity: Identity, at: datetime.datetime) -> None:
    """Move the active INS to the history."""
    if not identity.matricule:
        return
    InsHistory(
        identity=identity,
        matricule=identity.matricule,
        cle=identity.cle,
        ins_oid=identity.ins_oid,
        valid_until=at.date(),
        noted_at=at,
    ).save()
    identity.matricule = identity.cle = identity.ins_oid = ""
    identity.ins_obtained_at = None


def note_interpretation(
    identity: Identity, before: Traits, actor: Actor, at: datetime.datetime, reason: str
) -> None:
    """Keep that the birth date is interpreted now, or no longer is."""
    if before.date_naissance.interpreted is not identity.date_interpretee:
        words = {True: "oui", False: "non"}
        was, now_is = words[before.date_naissance.interpreted], words[identity.date_interpretee]
        note_change(identity, "date_interpretee", was, now_is, actor, at, reason)


def note_change(
    identity: Identity, field: str, before: str, after: str, actor: Actor, at: datetime.datetime, reason: str
) -> None:
    """Keep one line of the identity's history."""
    IdentityChange(
        identity=identity,
        field=field,
        before=before,
        after=after,
        reason=reason,
        author_id=actor.user_id,
        at=at,
    ).save()
