"""Open and close écarts as a consequence of something else: an answer of INSi, a verification, a correction.

Inside the caller's transaction, but for what a person reports. One écart at most is open for an identity: a
newer one replaces it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers.models import Discrepancy, Dossier, Identity, InsiSearch
from amarre.dui.usagers.traits_json import traits_from_json
from amarre.interop.ins.compare import Comparison, Severity, compare
from amarre.interop.ins.traits import Traits

Kind, Origin, Decision = Discrepancy.Kind, Discrepancy.Origin, Discrepancy.Decision
_WITHOUT_IDENTITY = {
    InsiSearch.Outcome.NOT_FOUND.value: Kind.NOT_FOUND,
    InsiSearch.Outcome.SEVERAL.value: Kind.SEVERAL,
}


def open_for_search(search: InsiSearch, actor: Actor) -> Discrepancy | None:
    """Open what the answer to `search` reveals; return None when it agrees with the base, or failed.

    `search.identity` is the identity as it is now.
    """
    if search.outcome == InsiSearch.Outcome.FAILED:
        return None
    kind: Discrepancy.Kind | None = _WITHOUT_IDENTITY.get(search.outcome)
    differences: list[dict[str, Any]] = []
    if kind is None:
        comparison = compare(search.identity.traits, traits_from_json(search.returned["traits"]))
        differences = differences_of(comparison)
        kind = _kind(comparison)
    if kind is None:
        settle_open(search.identity, Decision.AGREED, actor)
        return None
    return _open(search.dossier, search.identity, Origin.SEARCH, kind, differences, actor, search)


def open_for_verification(
    *, dossier: Dossier, identity: Identity, actor: Actor, received: Traits | None = None
) -> Discrepancy:
    """Open the écart of an INS that INSi did not confirm; `received` when the service gave traits."""
    found = differences_of(compare(identity.traits, received)) if received else []
    return _open(dossier, identity, Origin.VERIFICATION, Kind.VERIFICATION_KO, found, actor)


def open_for_lost_ins(*, dossier: Dossier, identity: Identity, actor: Actor) -> Discrepancy:
    """Open the écart of an identity whose strict traits were changed by hand, which took its INS back."""
    return _open(dossier, identity, Origin.TRAITS, Kind.TRAITS_CHANGED, [], actor)


def report_difference(*, dossier: Dossier, differences: list[dict[str, Any]], actor: Actor) -> Discrepancy:
    """Open the écart of an identity that the DMP writes otherwise; `differences` are names only.

    Asked by who reads the DMP. An écart already open stays: it has its own sources. Raises the access errors.
    """
    require(actor, Permission.CONSULT_DMP, dossier)
    with transaction.atomic():
        with system_scope("identity of a dossier in scope, locked: one open écart"):
            identity = Identity.objects.select_for_update(of=("self",)).get(pk=dossier.identity_id)
            held = identity.discrepancies.filter(state=Discrepancy.State.OPEN).first()
        return held or _open(dossier, identity, Origin.DMP, Kind.DMP_DIFFERS, differences, actor)


def settle_open(
    identity: Identity, decision: Discrepancy.Decision, actor: Actor, reason: str = ""
) -> Discrepancy | None:
    """Close the open écart of `identity`; return it, None when there was none."""
    with system_scope("écart of an identity already checked, or of the worker's"):
        held = (
            Discrepancy.objects.select_for_update(of=("self",))
            .filter(identity=identity, state=Discrepancy.State.OPEN)
            .first()
        )
    if held is None:
        return None
    held.state = Discrepancy.State.SETTLED
    held.decision = decision
    held.reason = reason[:200]
    held.decided_by_id = actor.user_id
    held.decided_at = now()
    held.document = {}
    held.save()
    record(
        actor, "discrepancy.settled", subject=held, dossier_id=held.dossier_id, usager_id=identity.pk,
        details={"decision": held.decision},
    )  # fmt: skip
    return held


def differences_of(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the names of what differs, without any value."""
    return [
        {
            "trait": one.trait.value,
            "cause": one.cause.value,
            "severity": one.tolerance.severity.value,
        }
        for one in comparison.discrepancies
    ]


def _kind(comparison: Comparison) -> Discrepancy.Kind | None:
    severities = {one.tolerance.severity for one in comparison.discrepancies}
    if Severity.BLOCKING in severities:
        return Kind.BLOCKING
    return Kind.TOLERATED if severities else None


def _open(
    dossier: Dossier,
    identity: Identity,
    origin: Discrepancy.Origin,
    kind: Discrepancy.Kind,
    differences: list[dict[str, Any]],
    actor: Actor,
    search: InsiSearch | None = None,
) -> Discrepancy:
    settle_open(identity, Decision.REPLACED, actor)
    opened = Discrepancy(
        dossier=dossier,
        identity=identity,
        search=search,
        origin=origin,
        kind=kind,
        differences=differences,
        opened_at=now(),
    )
    opened.save()
    record(
        actor, "discrepancy.opened", subject=opened, dossier_id=dossier.pk, usager_id=identity.pk,
        details={"kind": kind.value, "origin": origin.value},
    )  # fmt: skip
    return opened
