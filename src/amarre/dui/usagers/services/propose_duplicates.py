"""Find who resembles whom in an organisme, and keep it as pairs to examine.

Called inside the transaction that creates or changes one identity (so that the list is never behind), by the
workers for those of an import (`catch_up`), and by `amarre manage find_duplicates` for a whole organisme.
Candidates are found by equality of the kit's blocking keys; the kit's score decides (`THRESHOLD`). A pair
that a person judged is never proposed again, nor is any pair between the identities that absorbed its two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.usagers.models import DuplicatePair, Identity, IdentityKey, InsHistory
from amarre.interop.ins.matching_keys import KEYS_VERSION, THRESHOLD, Match, blocking_keys, match

BATCH = 200
# A key that more identities share tells nobody apart: comparing them two by two would never end.
MAX_GROUP = 300
SAME_INS = "Le même matricule INS, actif ou ancien, sur les deux identités."


@dataclass(frozen=True, slots=True, repr=False)
class _Found:
    """One candidate pair, the smaller key first."""

    first: Identity
    second: Identity
    match: Match
    same_ins: bool


def propose_duplicates(organisme_id: int, identity_ids: Sequence[int]) -> int:
    """Refresh the keys and the proposed pairs of these identities; return how many pairs are proposed.

    Reads in batches of `BATCH` identities, in a bounded number of queries each.
    """
    proposed = 0
    with system_scope("duplicates: identities of one organisme, compared"):
        for start in range(0, len(identity_ids), BATCH):
            wanted = identity_ids[start : start + BATCH]
            refresh_keys(organisme_id, wanted)
            proposed += _propose(organisme_id, wanted)
    return proposed


def catch_up(limit: int = 50 * BATCH) -> int:
    """Compare the identities that never were (import, new version of the keys); return how many.

    One transaction for each batch: a process killed anywhere starts again where it was. Run by the workers.
    """
    done = 0
    while done < limit:
        with system_scope("duplicates: identities not compared yet"), transaction.atomic():
            rows = Identity.objects.filter(keys_version__lt=KEYS_VERSION, merged_into=None)
            first = rows.order_by("keys_version", "organisme_id").first()
            if first is None:
                return done
            same = rows.filter(organisme_id=first.organisme_id).order_by("pk")
            wanted = list(same.values_list("pk", flat=True)[:BATCH])
            propose_duplicates(first.organisme_id, wanted)
        done += len(wanted)
    return done


def propose_same_ins(one_id: int, other_id: int) -> None:
    """Propose two identities to which INSi gives one INS, alike or not; a judged pair stays judged."""
    with system_scope("duplicates: identities of one organisme, compared"):
        one, other = sorted(
            Identity.objects.filter(pk__in=(one_id, other_id)).order_by("pk"), key=lambda row: row.pk
        )
        known = DuplicatePair.objects.filter(first=one, second=other).first()
        if known is not None and known.state != DuplicatePair.State.PROPOSED:
            return
        row = known or DuplicatePair(organisme_id=one.organisme_id, detected_at=now())
        _filled(row, _Found(one, other, match(one.traits, other.traits), same_ins=True)).save()


def refresh_keys(organisme_id: int, identity_ids: Sequence[int]) -> None:
    """Write the blocking keys of these identities again; a deactivated identity has none."""
    identities = Identity.objects.filter(pk__in=identity_ids, merged_into=None)
    IdentityKey.objects.filter(identity__in=identity_ids).delete()
    Identity.objects.filter(pk__in=identity_ids).update(keys_version=KEYS_VERSION)
    IdentityKey.objects.bulk_create(
        [
            IdentityKey(organisme_id=organisme_id, identity_id=one.pk, key=key[:120])
            for one in identities
            for key in blocking_keys(one.traits)
        ],
        batch_size=500,
    )


def _propose(organisme_id: int, identity_ids: Sequence[int]) -> int:
    found = _pairs(organisme_id, identity_ids)
    touched = Q(first__in=identity_ids) | Q(second__in=identity_ids)
    known = {
        (row.first_id, row.second_id): row
        for row in DuplicatePair.objects.filter(touched, organisme_id=organisme_id)
    }
    distinct = _distinct_survivors(organisme_id)
    new: list[DuplicatePair] = []
    kept: list[DuplicatePair] = []
    for one in found:
        key = (one.first.pk, one.second.pk)
        if key in distinct:
            continue
        row = known.pop(key, None)
        if row is None:
            new.append(_filled(DuplicatePair(organisme_id=organisme_id, detected_at=now()), one))
        elif row.state == DuplicatePair.State.PROPOSED:
            kept.append(_filled(row, one))
    stale = [row.pk for row in known.values() if row.state == DuplicatePair.State.PROPOSED]
    DuplicatePair.objects.filter(pk__in=stale, first__merged_into=None, second__merged_into=None).delete()
    # Two transactions may see the same pair at once: it is one row.
    DuplicatePair.objects.bulk_create(new, ignore_conflicts=True)
    DuplicatePair.objects.bulk_update(kept, ["score", "reasons", "same_ins"], batch_size=500)
    return len(new) + len(kept)


def _filled(row: DuplicatePair, one: _Found) -> DuplicatePair:
    row.first, row.second = one.first, one.second
    row.score = 100.0 if one.same_ins else one.match.score
    row.reasons = ([SAME_INS] if one.same_ins else []) + list(one.match.reasons)
    row.same_ins = one.same_ins
    return row


def _pairs(organisme_id: int, identity_ids: Sequence[int]) -> list[_Found]:
    by_ins = _same_ins(organisme_id, identity_ids)
    by_key = _same_key(organisme_id, identity_ids)
    wanted = {pk for pair in by_ins | by_key for pk in pair}
    identities = Identity.objects.filter(merged_into=None, is_fictive=False).in_bulk(list(wanted))
    found = []
    for low, high in sorted(by_ins | by_key):
        if low not in identities or high not in identities:
            continue
        first, second = identities[low], identities[high]
        result = match(first.traits, second.traits)
        same_ins = (low, high) in by_ins
        if same_ins or result.score >= THRESHOLD:
            found.append(_Found(first, second, result, same_ins))
    return found


def _same_key(organisme_id: int, identity_ids: Sequence[int]) -> set[tuple[int, int]]:
    # Three flat questions: nested in one, PostgreSQL chose a plan of twenty seconds for one identity.
    mine = IdentityKey.objects.filter(identity__in=identity_ids).values_list("key", flat=True).distinct()
    held = IdentityKey.objects.filter(organisme_id=organisme_id)
    sizes = held.filter(key__in=list(mine)).values("key").annotate(size=Count("pk"))
    telling = sizes.filter(size__gt=1, size__lte=MAX_GROUP).values_list("key", flat=True)
    rows = held.filter(key__in=list(telling))
    groups: dict[str, set[int]] = defaultdict(set)
    for key, identity_id in rows.values_list("key", "identity_id"):
        groups[key].add(identity_id)
    asked = set(identity_ids)
    return {
        _ordered(one, other) for group in groups.values() for one in group & asked for other in group - {one}
    }


def _same_ins(organisme_id: int, identity_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Return the pairs where one matricule, active or former, stands on both sides."""
    mine: dict[str, set[int]] = defaultdict(set)
    for pk, matricule in _matricules(organisme_id, Q(identity__in=identity_ids), Q(pk__in=identity_ids)):
        mine[matricule].add(pk)
    if not mine:
        return set()
    held = _matricules(organisme_id, Q(matricule__in=list(mine)), Q(matricule__in=list(mine)))
    return {_ordered(one, pk) for pk, matricule in held for one in mine[matricule] - {pk}}


def _matricules(organisme_id: int, former: Q, active: Q) -> Iterable[tuple[int, str]]:
    """Return (identity, matricule) for active and former INS of identities that are not deactivated."""
    ours = Q(identity__organisme_id=organisme_id, identity__merged_into=None)
    yield from (
        Identity.objects.filter(active, organisme_id=organisme_id, merged_into=None)
        .exclude(matricule="")
        .values_list("pk", "matricule")
    )
    yield from InsHistory.objects.filter(former & ours).values_list("identity_id", "matricule")


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _distinct_survivors(organisme_id: int) -> set[tuple[int, int]]:
    """Return the pairs of identities said to be two persons, each by the identity that absorbed it."""
    parents: dict[int, int | None] = dict(
        Identity.objects.filter(organisme_id=organisme_id, merged_into__isnull=False).values_list(
            "pk", "merged_into_id"
        )
    )
    if not parents:
        return set()
    rows = DuplicatePair.objects.filter(organisme_id=organisme_id, state=DuplicatePair.State.DISTINCT)
    return {
        _ordered(_survivor(one, parents), _survivor(other, parents))
        for one, other in rows.values_list("first_id", "second_id")
    }


def _survivor(pk: int, parents: dict[int, int | None]) -> int:
    while (parent := parents.get(pk)) is not None:
        pk = parent
    return pk
