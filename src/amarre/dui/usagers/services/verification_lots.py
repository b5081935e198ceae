"""The lots of a verification: queue the next one, record the results of one. Inside transactions.

The results of a lot and the queuing of the next one are one transaction: killed anywhere, a batch goes on
from the last lot recorded, and an outcome is written once.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record, record_many
from amarre.dui.core.actor import Actor, system_actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.enqueue import enqueue
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.connector import environment_of
from amarre.dui.usagers.models import Identity, VerificationBatch, VerificationItem, VerificationLot
from amarre.dui.usagers.services.identity_events import apply_identity_event
from amarre.dui.usagers.services.open_discrepancy import open_for_verification
from amarre.dui.usagers.traits_json import ins_from_json, ins_to_json, traits_from_json, traits_to_json
from amarre.interop.common.clock import SystemIds
from amarre.interop.ins import Environment, OidNotAccepted, TraitsRefused
from amarre.interop.ins.insi import CallForbidden, VerificationForbidden
from amarre.interop.ins.status import Event, Status
from amarre.interop.ins.verification import (
    VerificationOutcome,
    VerificationRequest,
    VerificationResult,
    verification_request,
)

KIND = "insi.verification"
PART = "lot"
Outcome, Reason = VerificationItem.Outcome, VerificationItem.Reason
_WITH_INS = frozenset({Status.RECUPEREE, Status.QUALIFIEE})
_OUTCOMES = {
    VerificationOutcome.CONFIRMED: Outcome.CONFIRMED,
    VerificationOutcome.REFUTED: Outcome.REFUTED,
    VerificationOutcome.INVALID: Outcome.REFUSED,
}


def queue_next_lot(batch: VerificationBatch, actor: Actor) -> VerificationLot | None:
    """Freeze the next identities and queue their lot; end the batch when none is left.

    One lot of an establishment at a time; each is due late enough to keep the rate of the settings.
    """
    with system_scope("verification: identities of a batch already reached"):
        profile = ConnectorProfile.objects.get(essms_id=batch.essms_id)
        chosen = _next_lines(batch, environment_of(profile))
    if not chosen:
        end_batch(batch, VerificationBatch.State.DONE)
        return None
    previous = batch.lots.select_related("exchange").order_by("-number").first()
    number = previous.number + 1 if previous else 1
    lot_id = SystemIds().uuid()
    exchange = enqueue(
        kind=KIND,
        actor=actor,
        essms_id=batch.essms_id,
        key=f"insi-verification:{batch.pk}:{number}",
        lane=f"insi-verification:{batch.essms_id}",
        payload={"lot_id": str(lot_id), "batch": batch.pk, "number": number, "lines": len(chosen)},
        parts={PART: freeze([request for _, request in chosen])},
    )
    if previous is not None:
        exchange.due_at = max(exchange.due_at, _earliest(previous))
        exchange.save(update_fields=["due_at"])
    lot = VerificationLot(batch=batch, number=number, lot_id=lot_id, exchange=exchange)
    lot.save()
    batch.items.filter(pk__in=[item.pk for item, _ in chosen]).update(lot=lot)
    return lot


def _earliest(previous: VerificationLot) -> datetime.datetime:
    """Return when the lot after `previous` may leave, by the rate of the settings.

    Counted from when the previous one was last played, which a dead worker or an outage puts off.
    """
    rate = settings.AMARRE_VERIFICATION_PER_MINUTE
    exchange = previous.exchange
    if rate <= 0:
        return exchange.due_at
    played = exchange.attempts.order_by("-number").values_list("started_at", flat=True).first()
    start = max(exchange.due_at, played or exchange.created_at)
    return start + datetime.timedelta(minutes=int(exchange.payload["lines"]) / rate)


def _next_lines(
    batch: VerificationBatch, environment: Environment
) -> list[tuple[VerificationItem, VerificationRequest]]:
    """Return the next items that may be verified, with their request; the others are settled at once."""
    wanted = settings.AMARRE_VERIFICATION_LOT_LINES
    chosen: list[tuple[VerificationItem, VerificationRequest]] = []
    while len(chosen) < wanted:
        items = list(
            batch.items.filter(outcome="", lot=None)
            .exclude(pk__in=[item.pk for item, _ in chosen])
            .select_related("identity")
            .order_by("pk")[: wanted - len(chosen)]
        )
        if not items:
            break
        for item in items:
            made = _request(item, environment)
            if isinstance(made, VerificationRequest):
                item.status_before = item.identity.status.value
                chosen.append((item, made))
            else:
                _settle(item, Outcome.NOT_APPLICABLE, reason=made)
        batch.items.bulk_update(items, ["status_before", "outcome", "reason", "settled_at"])
    return chosen


def _request(
    item: VerificationItem, environment: Environment
) -> VerificationRequest | VerificationItem.Reason:
    identity = item.identity
    ins = identity.ins
    if ins is None or identity.status not in _WITH_INS:
        return Reason.BLOCKED if identity.state.blocked else Reason.NO_INS
    try:
        return verification_request(str(item.pk), ins, identity.traits, identity.state, environment)
    except CallForbidden:
        return Reason.BLOCKED
    except VerificationForbidden:
        return Reason.NO_INS
    except OidNotAccepted:
        return Reason.OTHER_OID
    except TraitsRefused:
        return Reason.BAD_TRAITS


def freeze(requests: Sequence[VerificationRequest]) -> bytes:
    """Return a lot as the bytes kept with its exchange."""
    return json.dumps(
        [
            {
                "reference": request.reference,
                "ins": ins_to_json(request.ins),
                "traits": traits_to_json(request.traits),
            }
            for request in requests
        ]
    ).encode()


def thaw(data: bytes) -> list[VerificationRequest]:
    """Return the lot kept by `freeze`."""
    return [
        VerificationRequest(line["reference"], ins_from_json(line["ins"]), traits_from_json(line["traits"]))
        for line in json.loads(data)
    ]


def record_results(exchange: Exchange, results: Mapping[str, VerificationResult]) -> None:
    """Write what a lot said of each identity, apply the RNIV table to those not confirmed, queue the next.

    An identity changed since the lot was frozen is not judged by an answer about what it was.
    """
    actor = system_actor("worker", essms_id=exchange.essms_id)
    with system_scope("worker: the lot it holds"):
        lot = VerificationLot.objects.select_for_update(of=("self",)).get(exchange=exchange)
        batch = VerificationBatch.objects.select_for_update(of=("self",)).get(pk=lot.batch_id)
        sent = {line["reference"]: line for line in json.loads(bytes(exchange.parts.get(name=PART).data))}
        items = list(lot.items.filter(outcome="").select_related("dossier").order_by("pk"))
        ids = [item.identity_id for item in items]
        identities = Identity.objects.select_for_update(of=("self",)).in_bulk(ids)
        for item in items:
            item.identity = identities[item.identity_id]
            _record(item, sent[str(item.pk)], results[str(item.pk)], actor)
        at = now()
        confirmed = [item.identity_id for item in items if item.outcome == Outcome.CONFIRMED]
        Identity.objects.filter(pk__in=confirmed).update(ins_verified_at=at)
        batch.items.bulk_update(items, ["outcome", "reason", "remote_code", "status_after", "settled_at"])
        lot.answered_at = at
        lot.save()
        _trace(actor, lot, items)
        if batch.state == VerificationBatch.State.RUNNING:
            queue_next_lot(batch, actor)


def _record(item: VerificationItem, sent: dict[str, Any], result: VerificationResult, actor: Actor) -> None:
    """Decide what one result means for its identity, and apply it."""
    identity = item.identity
    ins = identity.ins
    same = ins is not None and (ins_to_json(ins), traits_to_json(identity.traits)) == (
        sent["ins"],
        sent["traits"],
    )
    if not same or identity.status not in _WITH_INS:
        _settle(item, Outcome.NOT_APPLICABLE, reason=Reason.CHANGED)
        return
    outcome = _OUTCOMES[result.outcome]
    if outcome is Outcome.REFUTED:
        apply_identity_event(
            identity, Event.VERIFICATION_KO, actor=actor, reason="vérification INSi : INS non confirmée"
        )
        open_for_verification(dossier=item.dossier, identity=identity, actor=actor)
    _settle(item, outcome, code=result.code)


def _settle(
    item: VerificationItem,
    outcome: VerificationItem.Outcome,
    *,
    reason: VerificationItem.Reason = Reason.NONE,
    code: str = "",
) -> None:
    item.outcome, item.reason, item.remote_code = outcome, reason, code[:40]
    item.status_after = item.identity.status.value
    item.settled_at = now()


def _trace(actor: Actor, lot: VerificationLot, items: list[VerificationItem]) -> None:
    details = {"lot": lot.number, "results": len(items)}
    record(actor, "verification.lot_answered", subject=lot, details=details)
    judged = [item for item in items if item.outcome != Outcome.NOT_APPLICABLE]
    for outcome in sorted({item.outcome for item in judged}):
        record_many(
            actor,
            "insi.verified",
            [
                {
                    "subject": item,
                    "dossier_id": item.dossier_id,
                    "usager_id": item.identity_id,
                    "details": {"outcome": outcome},
                }
                for item in judged
                if item.outcome == outcome
            ],
        )


def end_batch(batch: VerificationBatch, state: VerificationBatch.State) -> None:
    """Close a batch."""
    batch.state = state
    batch.finished_at = now()
    batch.save()
