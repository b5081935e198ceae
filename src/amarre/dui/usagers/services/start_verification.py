"""Verify the whole file active of an establishment with INSi, lot by lot; stop it.

Verification asks whether an INS and its traits still hold together, and may be run on the base (référentiel
INS). Retrieval may not: nothing here asks for an INS.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now, today
from amarre.dui.exchanges.enums import OPEN_STATES
from amarre.dui.organisations.models import ConnectorProfile, Essms
from amarre.dui.usagers.connector import verification_port
from amarre.dui.usagers.errors import NothingToVerify, VerificationAlreadyRunning, VerificationOver
from amarre.dui.usagers.models import Dossier, VerificationBatch, VerificationItem
from amarre.dui.usagers.services.verification_lots import end_batch, queue_next_lot

Outcome, Reason = VerificationItem.Outcome, VerificationItem.Reason


def start_verification(*, essms: Essms, actor: Actor) -> VerificationBatch:
    """Plan one line per identity of the file active and queue the first lot. Nothing is sent here.

    Raises the access errors, InsiNotConfigured, CertificateUnusable, VerificationNotOfficial (anything but
    the sandbox), NothingToVerify, VerificationAlreadyRunning.
    """
    require(actor, Permission.VERIFY_IDENTITES, essms)
    with system_scope("settings of an establishment already reached"):
        profile = ConnectorProfile.objects.select_related("essms").get(essms=essms)
    # Refused before anything is planned when the port cannot be had.
    verification_port(profile)
    with transaction.atomic():
        with system_scope("one verification at a time in an establishment already reached"):
            # Two presses at once are one batch: the second waits for this lock, then finds the first.
            Essms.objects.select_for_update().get(pk=essms.pk)
            if essms.verification_batches.filter(state=VerificationBatch.State.RUNNING).exists():
                raise VerificationAlreadyRunning
        batch = VerificationBatch(essms=essms, requested_by_id=actor.user_id, requested_at=now())
        batch.save()
        planned = _plan(batch, essms)
        if not planned:
            raise NothingToVerify
        record(
            actor, "verification.started", subject=batch, essms_id=essms.pk, details={"identities": planned}
        )
        queue_next_lot(batch, actor)
    return batch


def stop_verification(*, batch: VerificationBatch, actor: Actor) -> VerificationBatch:
    """Stop after the lot under way: what was not sent will not be. Raises VerificationOver, the access
    errors."""
    require(actor, Permission.VERIFY_IDENTITES, batch)
    with transaction.atomic():
        held = VerificationBatch.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=batch.pk)
        if held.state != VerificationBatch.State.RUNNING:
            raise VerificationOver
        # A lot under way keeps its results; one that was refused will have none.
        waiting = Q(lot=None) | ~Q(lot__exchange__state__in=OPEN_STATES)
        ids = list(held.items.filter(waiting, outcome="").values_list("pk", flat=True))
        VerificationItem.objects.visible_to(actor).filter(pk__in=ids).update(
            outcome=Outcome.NOT_APPLICABLE, reason=Reason.STOPPED, settled_at=now()
        )
        end_batch(held, VerificationBatch.State.STOPPED)
        record(actor, "verification.stopped", subject=held, essms_id=held.essms_id)
    return held


def _plan(batch: VerificationBatch, essms: Essms) -> int:
    """Write one item per identity; those with nothing to verify say so at once. Return how many may be."""
    day = today(essms.zone)
    with system_scope("verification: file active of an establishment already reached"):
        rows = (
            Dossier.objects.filter(Q(left_on=None) | Q(left_on__gte=day))
            .filter(essms=essms, joined_to=None, is_test=False)
            .order_by("pk")
            .values_list(
                "pk",
                "identity_id",
                "identity__traits_from_insi",
                "identity__is_douteuse",
                "identity__is_fictive",
            )
        )
        at, count = now(), 0
        items = []
        for dossier_id, identity_id, has_ins, douteuse, fictive in rows.iterator(5000):
            reason = Reason.BLOCKED if douteuse or fictive else Reason.NONE if has_ins else Reason.NO_INS
            count += not reason
            items.append(
                VerificationItem(
                    batch=batch,
                    dossier_id=dossier_id,
                    identity_id=identity_id,
                    reason=reason,
                    outcome=Outcome.NOT_APPLICABLE if reason else Outcome.PENDING,
                    settled_at=at if reason else None,
                )
            )
    batch.items.bulk_create(items, batch_size=1000)
    return count
