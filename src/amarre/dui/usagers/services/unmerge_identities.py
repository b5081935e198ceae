"""Undo a fusion: each identity gets back exactly what it had; what was done since stays where it was done.

Dossiers opened since the fusion stay with the surviving identity. When the INS of the absorbed identity is
active elsewhere by now, it comes back as a former one and the identity loses that trust.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.organisations.models import OrganismeGestionnaire
from amarre.dui.usagers.errors import ReasonMissing
from amarre.dui.usagers.models import (
    Discrepancy,
    DmpInformation,
    Dossier,
    DuplicatePair,
    Identity,
    IdentityMerge,
    InsHistory,
    InsiSearch,
)
from amarre.dui.usagers.services.identity_events import note_change
from amarre.dui.usagers.services.merge_identities import ROW_FIELDS, refuse_in_flight, trace_merge
from amarre.dui.usagers.services.pair_rights import require_everywhere
from amarre.dui.usagers.services.propose_duplicates import propose_duplicates
from amarre.dui.usagers.vigilance_errors import MergeNotUndoable


def unmerge_identities(*, merge: IdentityMerge, reason: str, actor: Actor) -> IdentityMerge:
    """Give each identity back what it had before `merge`.

    Raises the access errors, RightMissingElsewhere, ReasonMissing, MergeNotUndoable, ExchangeInFlight.
    """
    require(actor, Permission.QUALIFY_IDENTITE, merge)
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic(), system_scope("undoing a fusion reached by a dossier of the survivor"):
        OrganismeGestionnaire.objects.select_for_update().get(pk=merge.organisme_id)
        held = IdentityMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        survivor, absorbed = _locked_rows(held)
        dossiers = list(
            Dossier.objects.select_for_update(of=("self",))
            .filter(identity=survivor)
            .select_related("essms")
            .order_by("pk")
        )
        require_everywhere(actor, dossiers)
        refuse_in_flight(dossiers)
        previous = held.previous
        _delete_what_was_made(previous)
        _give_dossiers_back(absorbed, dossiers, previous)
        _restore_row(absorbed, previous["absorbed"])
        _reopen_what_waited(absorbed, previous)
        _reopen_pair(previous["pair"])
        _close(held, actor, reason.strip())
        _note(held, survivor, absorbed, actor)
        trace_merge(actor, "identity.unmerged", held, previous["dossiers"])
        propose_duplicates(held.organisme_id, [survivor.pk, absorbed.pk])
    return held


def _locked_rows(held: IdentityMerge) -> tuple[Identity, Identity]:
    if held.undone_at is not None:
        raise MergeNotUndoable(reason="elle est déjà défaite.")
    rows = {
        row.pk: row
        for row in Identity.objects.select_for_update(of=("self",))
        .filter(pk__in=(held.survivor_id, held.absorbed_id))
        .order_by("pk")
    }
    survivor, absorbed = rows[held.survivor_id], rows[held.absorbed_id]
    if survivor.merged_into_id is not None:
        raise MergeNotUndoable(reason="l'identité qui restait a été réunie à une autre depuis.")
    later = IdentityMerge.objects.filter(survivor=survivor, undone_at=None, pk__gt=held.pk)
    if any(set(one.previous["joined"]) & set(held.previous["dossiers"]) for one in later):
        raise MergeNotUndoable(reason="une fusion plus récente a réuni les mêmes dossiers.")
    return survivor, absorbed


def _delete_what_was_made(previous: dict[str, Any]) -> None:
    InsHistory.objects.filter(pk__in=previous["made"]["ins_history"]).delete()
    DmpInformation.objects.filter(pk__in=previous["made"]["dmp_information"]).delete()


def _give_dossiers_back(absorbed: Identity, dossiers: list[Dossier], previous: dict[str, Any]) -> None:
    # Moved first, then unjoined: there is never a second dossier to write in.
    for dossier in dossiers:
        if dossier.pk in previous["dossiers"]:
            dossier.identity = absorbed
            if dossier.pk in previous["joined"]:
                dossier.joined_to = None
            dossier.save()
    for dossier in dossiers:
        if dossier.pk in previous["joined"] and dossier.joined_to_id is not None:
            dossier.joined_to = None
            dossier.save()


def _restore_row(absorbed: Identity, row: dict[str, Any]) -> None:
    for name in ROW_FIELDS:
        value = row[name]
        setattr(absorbed, name, parse_datetime(value) if name == "ins_obtained_at" and value else value)
    absorbed.merged_into = None
    if absorbed.matricule and _held_elsewhere(absorbed):
        InsHistory(
            identity=absorbed,
            matricule=absorbed.matricule,
            cle=absorbed.cle,
            ins_oid=absorbed.ins_oid,
            valid_until=now().date(),
            noted_at=now(),
        ).save()
        absorbed.matricule = absorbed.cle = absorbed.ins_oid = ""
        absorbed.ins_obtained_at = None
        absorbed.traits_from_insi = False
    absorbed.save()


def _held_elsewhere(absorbed: Identity) -> bool:
    return (
        Identity.objects.filter(
            organisme_id=absorbed.organisme_id, matricule=absorbed.matricule, ins_oid=absorbed.ins_oid
        )
        .exclude(pk=absorbed.pk)
        .exists()
    )


def _reopen_what_waited(absorbed: Identity, previous: dict[str, Any]) -> None:
    InsiSearch.objects.filter(pk__in=previous["searches"]).update(
        decision="", decided_by=None, decided_at=None
    )
    if previous["discrepancy"]:
        row = Discrepancy.objects.get(pk=previous["discrepancy"]["pk"])
        row.state = Discrepancy.State.OPEN
        row.decision = row.reason = ""
        row.decided_by = None
        row.decided_at = None
        row.document = previous["discrepancy"]["document"]
        row.save()


def _reopen_pair(pair: dict[str, Any]) -> None:
    row = DuplicatePair.objects.get(pk=pair["pk"])
    row.state = pair["state"]
    row.decided_by = None
    row.decided_at = None
    row.reason = ""
    row.save()


def _close(held: IdentityMerge, actor: Actor, reason: str) -> None:
    held.undone_at = now()
    held.undone_by_id = actor.user_id
    held.undo_reason = reason[:200]
    held.save()


def _note(held: IdentityMerge, survivor: Identity, absorbed: Identity, actor: Actor) -> None:
    at, reason = now(), held.undo_reason
    note_change(survivor, "fusion", f"n° {absorbed.local_number} réunie", "séparée", actor, at, reason)
    note_change(absorbed, "fusion", f"réunie au n° {survivor.local_number}", "séparée", actor, at, reason)
