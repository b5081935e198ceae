"""Ask a change of a document of ours at the DMP: explained, queued, traced with its reason."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.clock import now
from amarre.dui.dmp.depositors import depositor
from amarre.dui.dmp.models import DmpChange
from amarre.dui.dmp.reading.connector import professional_of
from amarre.dui.dmp.reading.control import ReadingSituation
from amarre.dui.dmp.services.queue_deposit import lane_of
from amarre.dui.dmp.visibility.changes import Door, Row
from amarre.dui.dmp.visibility.errors import ChangeReasonMissing
from amarre.dui.dmp.visibility.frozen import FrozenChange
from amarre.dui.dmp.visibility.offers import door_permission, require_offered
from amarre.dui.documents.identity import open_gate
from amarre.dui.documents.models import DmpDeposit, Document
from amarre.dui.exchanges.services.enqueue import enqueue
from amarre.interop.dmp import Actor, patient_id_of

KIND = "dmp.change"
PART = "change"
REASON_LENGTH = 200


def request_change(*, deposit: DmpDeposit, row: Row, reason: str, situation: ReadingSituation) -> DmpChange:
    """Queue one change; the worker makes it, once, and asks the DMP before trying again.

    Raises the access errors, ChangeReasonMissing, and what `require_offered` raises. Nothing is sent here.
    """
    actor, dossier = situation.actor, situation.dossier
    require(actor, door_permission(row.door), dossier)
    said = " ".join(reason.split())[:REASON_LENGTH]
    if not said:
        raise ChangeReasonMissing
    version = deposit.version
    with transaction.atomic():
        with system_scope("document in scope, locked: one change of it at a time"):
            Document.objects.select_for_update(of=("self",)).get(pk=version.document_id)
        require_offered(row, deposit, situation)
        identity = open_gate(dossier.identity, situation.profile)
        frozen = FrozenChange(row, version.unique_id, patient_id_of(identity), _who(row, situation))
        with system_scope("changes of a deposit in scope"):
            number = DmpChange.objects.filter(deposit=deposit).count() + 1
        exchange = enqueue(
            kind=KIND,
            actor=actor,
            essms_id=dossier.essms_id,
            dossier_id=dossier.pk,
            key=f"dmp-change:{deposit.pk}:{number}",
            lane=lane_of(dossier.identity_id),
            payload={"document": version.document_id, "version": version.number, "change": row.key},
            parts={PART: frozen.to_bytes()},
        )
        change = DmpChange(
            deposit=deposit,
            exchange=exchange,
            change=row.key,
            reason=said,
            requested_at=now(),
            requested_by_id=actor.person_id,
        )
        change.save()
        record(
            actor,
            "dmp.change_requested",
            subject=version.document,
            dossier_id=dossier.pk,
            usager_id=dossier.identity_id,
            exchange_id=exchange.reference,
            reason=said,
            details={"change": row.key, "version": version.number},
        )
    return change


def _who(row: Row, situation: ReadingSituation) -> Actor:
    """Return who the DMP will see: the depositor, or the professional with the strength of their login."""
    if row.door is Door.ETABLISSEMENT:
        return depositor(situation.user, situation.dossier.essms)
    return professional_of(situation.user, situation.profile, situation.actor.means)
