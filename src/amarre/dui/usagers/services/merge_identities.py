"""Make one identity of two that are the same person; everything needed to undo it is kept.

Sources: RNIV 1 (doublons): the surviving identifier is kept, the other one is deactivated and its INS stays
findable as a former one; a fusion is restricted, traced and reversible. Nothing is deleted: the rows of the
absorbed identity (changes, documents seen, searches, former INS) stay its own.

Where both have a dossier in the same establishment, both dossiers are kept under the surviving identity, with
their documents and their numbers: one is joined to the other (`Dossier.joined_to`), which is the one to go on
writing in. See docs/adr/2026-11-20-reversible-fusion.md.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.forms.models import model_to_dict

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import About, record, record_many
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.enums import OPEN_STATES
from amarre.dui.exchanges.models import Exchange
from amarre.dui.organisations.models import OrganismeGestionnaire
from amarre.dui.usagers.dmp_agreement import TeamAgreement, team_agreement
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
from amarre.dui.usagers.services.identity_events import note_change, retire_ins
from amarre.dui.usagers.services.open_discrepancy import settle_open
from amarre.dui.usagers.services.pair_rights import require_everywhere
from amarre.dui.usagers.services.propose_duplicates import propose_duplicates
from amarre.dui.usagers.vigilance_errors import ExchangeInFlight, MergeOfTwoIns, MergeRefused, PairJudged
from amarre.interop.ins.matricule import MatriculeKind, ins_oid

# What a fusion writes on the absorbed row, and an undoing restores.
ROW_FIELDS = (
    "traits_from_insi", "coherence_checked", "matricule", "cle", "ins_oid", "ins_obtained_at",
)  # fmt: skip


def merge_identities(*, pair: DuplicatePair, survivor_id: int, reason: str, actor: Actor) -> IdentityMerge:
    """Absorb one identity of `pair` in the other one, `survivor_id`.

    Raises the access errors, RightMissingElsewhere, ReasonMissing, PairJudged, MergeRefused, MergeOfTwoIns,
    ExchangeInFlight.
    """
    require(actor, Permission.QUALIFY_IDENTITE, pair)
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic(), system_scope("fusion of two identities, one of them reached by a dossier"):
        OrganismeGestionnaire.objects.select_for_update().get(pk=pair.organisme_id)
        held = DuplicatePair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
        survivor, absorbed = _locked_rows(held, survivor_id)
        dossiers = _locked_dossiers(survivor, absorbed)
        require_everywhere(actor, dossiers)
        _refuse_two_ins(survivor, absorbed)
        refuse_in_flight(dossiers)
        previous = _snapshot(survivor, absorbed, held)
        merge = IdentityMerge(
            organisme_id=held.organisme_id,
            survivor=survivor,
            absorbed=absorbed,
            previous=previous,
            reason=reason.strip()[:200],
            merged_at=now(),
            merged_by_id=actor.person_id,
        )
        _settle_what_waits(absorbed, actor, previous)
        _move_ins(survivor, absorbed, previous)
        _move_dossiers(survivor, absorbed, dossiers, previous)
        _close_pair(held, actor, reason.strip())
        _note(merge, actor)
        merge.save()
        _trace(actor, "identity.merged", merge, previous)
        propose_duplicates(held.organisme_id, [survivor.pk, absorbed.pk])
    return merge


def refuse_in_flight(dossiers: list[Dossier]) -> None:
    """Raise ExchangeInFlight when something about one of `dossiers` is leaving now."""
    going = Exchange.objects.filter(
        dossier_id__in=[one.pk for one in dossiers], state__in=OPEN_STATES, closed_at=None
    )
    references = list(going.order_by("pk").values_list("reference", flat=True)[:5])
    if references:
        raise ExchangeInFlight(references=", ".join(references))


def _locked_rows(held: DuplicatePair, survivor_id: int) -> tuple[Identity, Identity]:
    if held.state != DuplicatePair.State.PROPOSED:
        raise PairJudged
    rows = {
        row.pk: row
        for row in Identity.objects.select_for_update(of=("self",))
        .filter(pk__in=(held.first_id, held.second_id))
        .order_by("pk")
    }
    survivor = rows.pop(survivor_id, None)
    if survivor is None:
        raise MergeRefused(reason="celle qui doit rester n'est pas de cette paire.")
    (absorbed,) = rows.values()
    if survivor.merged_into_id or absorbed.merged_into_id:
        raise MergeRefused(reason="l'une des deux a déjà été réunie à une autre.")
    if survivor.is_fictive or absorbed.is_fictive:
        raise MergeRefused(reason="l'une des deux est fictive.")
    return survivor, absorbed


def _locked_dossiers(survivor: Identity, absorbed: Identity) -> list[Dossier]:
    # A row that points to a dossier (document, message, search) waits until the fusion is over.
    rows = Dossier.objects.select_for_update(of=("self",)).filter(identity__in=(survivor, absorbed))
    return list(rows.select_related("essms").order_by("pk"))


def _refuse_two_ins(survivor: Identity, absorbed: Identity) -> None:
    """Two definitive INS are two persons, unless one is known as a former number of the other."""
    ours, theirs = survivor.ins, absorbed.ins
    if ours is None or theirs is None:
        return
    if MatriculeKind.NIA in (ins_oid(survivor.ins_oid).kind, ins_oid(absorbed.ins_oid).kind):
        return
    if survivor.ins_history.filter(matricule=absorbed.matricule).exists():
        return
    if absorbed.ins_history.filter(matricule=survivor.matricule).exists():
        return
    raise MergeOfTwoIns


def _snapshot(survivor: Identity, absorbed: Identity, pair: DuplicatePair) -> dict[str, Any]:
    return {
        "survivor": _row(survivor),
        "absorbed": _row(absorbed),
        "dossiers": [],
        "joined": [],
        "made": {"ins_history": [], "dmp_information": []},
        "searches": [],
        "discrepancy": None,
        "pair": {"pk": pair.pk, "state": pair.state},
    }


def _row(identity: Identity) -> dict[str, Any]:
    """Return every column of the row, as JSON values."""
    values = model_to_dict(identity) | {"search_key": identity.search_key}
    # To the microsecond: what is undone comes back exactly.
    return {
        name: value if isinstance(value, str | int | bool | None) else value.isoformat()
        for name, value in values.items()
    }


def _settle_what_waits(absorbed: Identity, actor: Actor, previous: dict[str, Any]) -> None:
    """Close, for the time of the fusion, what waited for a decision about the absorbed identity."""
    waiting = InsiSearch.objects.filter(identity=absorbed, outcome=InsiSearch.Outcome.FOUND, decision="")
    previous["searches"] = list(waiting.values_list("pk", flat=True))
    InsiSearch.objects.filter(pk__in=previous["searches"]).update(
        decision=InsiSearch.Decision.SET_ASIDE, decided_by_id=actor.user_id, decided_at=now()
    )
    opened = absorbed.discrepancies.filter(state=Discrepancy.State.OPEN).first()
    if opened is not None:
        previous["discrepancy"] = {"pk": opened.pk, "document": opened.document}
        settle_open(absorbed, Discrepancy.Decision.MERGED, actor, "Identité réunie à une autre.")


def _move_ins(survivor: Identity, absorbed: Identity, previous: dict[str, Any]) -> None:
    """The numbers of the absorbed identity find the surviving one; it keeps its own rows."""
    at = now()
    before = set(absorbed.ins_history.values_list("pk", flat=True))
    retire_ins(absorbed, at)
    absorbed.traits_from_insi = False
    absorbed.merged_into = survivor
    absorbed.save()
    mine = absorbed.ins_history.exclude(pk__in=before).values_list("pk", flat=True)
    previous["made"]["ins_history"] += list(mine)
    known = set(survivor.ins_history.values_list("matricule", "ins_oid"))
    known.add((survivor.matricule, survivor.ins_oid))
    for row in absorbed.ins_history.order_by("pk"):
        if (row.matricule, row.ins_oid) in known:
            continue
        known.add((row.matricule, row.ins_oid))
        copy = InsHistory(
            identity=survivor,
            matricule=row.matricule,
            cle=row.cle,
            ins_oid=row.ins_oid,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            noted_at=at,
        )
        copy.save()
        previous["made"]["ins_history"].append(copy.pk)


def _move_dossiers(
    survivor: Identity, absorbed: Identity, dossiers: list[Dossier], previous: dict[str, Any]
) -> None:
    kept = {one.essms_id: one for one in dossiers if one.identity_id == survivor.pk and not one.joined_to_id}
    moved = [one for one in dossiers if one.identity_id == absorbed.pk]
    for dossier in moved:
        twin = kept.get(dossier.essms_id) if not dossier.joined_to_id else None
        if twin is not None:
            _join(twin, dossier, previous)
    for dossier in moved:
        dossier.identity = survivor
        dossier.save()
        previous["dossiers"].append(dossier.pk)


def _join(kept: Dossier, moved: Dossier, previous: dict[str, Any]) -> None:
    """Join the two dossiers of one establishment: the one of a person still present goes on."""
    main, other = (moved, kept) if kept.left_on and not moved.left_on else (kept, moved)
    other.joined_to = main
    other.save()
    previous["joined"].append(other.pk)
    said, current = team_agreement(other), team_agreement(main).agreement
    # What the person refused in one dossier holds for the one that goes on; opposing is the larger refusal.
    refusals = (TeamAgreement.REFUSED, TeamAgreement.OPPOSED)
    known = current in refusals and (current is TeamAgreement.OPPOSED or said.agreement is current)
    if said.row is not None and said.agreement in refusals and not known:
        copy = DmpInformation(
            dossier=main,
            decision=said.row.decision,
            informed_on=said.row.informed_on,
            informed_by_id=said.row.informed_by_id,
            recorded_at=now(),
            access=said.row.access,
            said_by=said.row.said_by,
            means=said.row.means,
            representative=said.row.representative,
        )
        copy.save()
        previous["made"]["dmp_information"].append(copy.pk)


def _close_pair(pair: DuplicatePair, actor: Actor, reason: str) -> None:
    pair.state = DuplicatePair.State.MERGED
    pair.decided_by_id = actor.user_id
    pair.decided_at = now()
    pair.reason = reason[:200]
    pair.save()


def _note(merge: IdentityMerge, actor: Actor) -> None:
    ours, theirs = merge.survivor, merge.absorbed
    at = merge.merged_at
    note_change(ours, "fusion", "", f"n° {theirs.local_number} réunie à celle-ci", actor, at, merge.reason)
    note_change(theirs, "fusion", "", f"réunie au n° {ours.local_number}", actor, at, merge.reason)


def _trace(actor: Actor, verb: str, merge: IdentityMerge, previous: dict[str, Any]) -> None:
    trace_merge(actor, verb, merge, previous["dossiers"])


def trace_merge(actor: Actor, verb: str, merge: IdentityMerge, dossier_ids: list[int]) -> None:
    """Record one line for each identity, then one in the establishment of each dossier that changed hands."""
    details = {"merge": merge.pk, "dossiers": len(dossier_ids)}
    for side, identity_id in (("survivor", merge.survivor_id), ("absorbed", merge.absorbed_id)):
        record(actor, verb, subject=merge, usager_id=identity_id, details=details | {"side": side})
    moved = Dossier.objects.filter(Q(pk__in=dossier_ids))
    lines: list[About] = [
        {
            "subject": merge,
            "dossier_id": one.pk,
            "usager_id": one.identity_id,
            "essms_id": one.essms_id,
            "details": details | {"side": "dossier"},
        }
        for one in moved
    ]
    record_many(actor, verb, lines)
