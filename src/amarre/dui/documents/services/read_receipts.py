"""Read the notices of the applicative mailboxes: delivered, read, come back. A worker runs it."""

from __future__ import annotations

import datetime
import logging

from django.db import transaction

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now
from amarre.dui.documents.models import MailboxCursor, MailReceipt, MssanteMessage
from amarre.dui.documents.mssante_connector import KitCursor, mssante_client
from amarre.dui.documents.mssante_receipts import explain_rejection, moved_axis, notification_key
from amarre.dui.exchanges import milestones
from amarre.dui.exchanges.models import Exchange
from amarre.dui.organisations.models import ConnectorProfile
from amarre.interop.common.errors import AmarreError
from amarre.interop.mssante import Receipt

logger = logging.getLogger("amarre.documents")

# A notice may come days later; beyond, a mailbox read for the first time is not searched.
OLDEST_DAYS = 90
BATCHES_PER_RUN = 5


def read_receipts() -> int:
    """Read every configured mailbox that sent something lately; return how many notices were new.

    One mailbox that cannot be read is logged and left for the next run: the others are read.
    """
    with system_scope("worker: mailboxes of every establishment"):
        profiles = list(
            ConnectorProfile.objects.exclude(mss_mailbox="")
            .exclude(mss_imap_host="")
            .select_related("essms")
            .order_by("pk")
        )
    found = 0
    for profile in profiles:
        try:
            found += read_mailbox(profile)
        except AmarreError as error:
            logger.warning("mailbox of establishment %s: %s", profile.essms_id, error)
        except Exception:
            # The edge of the process: what strangers wrote to one mailbox must not close the others.
            logger.exception("mailbox of establishment %s: unexpected failure", profile.essms_id)
    return found


def read_mailbox(profile: ConnectorProfile) -> int:
    """Read one mailbox from where it was left; return how many notices were new.

    Raises MssanteNotConfigured, CertificateUnusable and the transport errors. What was read before a failure
    is kept.
    """
    since = _first_day(profile.essms_id)
    if since is None:
        return 0
    with system_scope("worker: mailboxes of every establishment"):
        client = mssante_client(profile)
        kept = MailboxCursor.objects.filter(essms=profile.essms_id, mailbox=profile.mss_mailbox).first()
    cursor = KitCursor(kept.uid_validity, kept.last_uid) if kept else None
    found = 0
    for _ in range(BATCHES_PER_RUN):
        batch = client.receipts(cursor, since)
        milestones.reach("before-receipt")
        with transaction.atomic():
            found += sum(_apply(profile.essms_id, receipt) for receipt in batch.receipts)
            _advance(profile, batch.cursor)
        milestones.reach("after-receipt")
        cursor = batch.cursor
        if not batch.more:
            break
    return found


def _first_day(essms_id: int) -> datetime.date | None:
    """Return the day to read from: that of the oldest message that may get a notice, None without any."""
    oldest = now() - datetime.timedelta(days=OLDEST_DAYS)
    with system_scope("worker: mailboxes of every establishment"):
        first = (
            MssanteMessage.objects.filter(dossier__essms=essms_id, requested_at__gte=oldest)
            .order_by("requested_at")
            .values_list("requested_at", flat=True)
            .first()
        )
    # SINCE compares days in the server's own time zone.
    return (first - datetime.timedelta(days=1)).date() if first else None


def _apply(essms_id: int, receipt: Receipt) -> bool:
    """Keep one notice about a message of this establishment; anything else is left alone."""
    if not receipt.original_message_id:
        return False
    key = notification_key(receipt)
    with system_scope("worker: message of a notice"):
        message = (
            MssanteMessage.objects.filter(message_id=receipt.original_message_id, dossier__essms=essms_id)
            .select_related("dossier")
            .first()
        )
        if message is None or MailReceipt.objects.filter(notification_id=key).exists():
            return False
        exchange = Exchange.objects.select_for_update(of=("self",)).get(pk=message.exchange_id)
    at = now()
    MailReceipt(
        message=message,
        kind=receipt.kind.value,
        status_code=receipt.status[:20],
        sentence=receipt.sentence[:300],
        advice=receipt.advice[:300],
        received_at=min(receipt.arrived_at or at, at),
        notification_id=key,
    ).save()
    axis = moved_axis(exchange.receipt, receipt.kind)
    if axis is not None:
        exchange.receipt = axis
        exchange.receipt_at = at
        exchange.save(update_fields=["receipt", "receipt_at"])
        explain_rejection(exchange, message)
    record(
        system_actor("worker", essms_id=essms_id),
        "mssante.receipt",
        subject=message,
        dossier_id=message.dossier_id,
        usager_id=message.dossier.identity_id,
        exchange_id=exchange.reference,
        details={"kind": receipt.kind.value, "status": receipt.status[:20]},
    )
    return True


def _advance(profile: ConnectorProfile, cursor: KitCursor) -> None:
    with system_scope("worker: mailboxes of every establishment"):
        kept = MailboxCursor.objects.filter(essms=profile.essms_id).first()
        kept = kept or MailboxCursor(essms_id=profile.essms_id)
        kept.mailbox = profile.mss_mailbox
        kept.uid_validity, kept.last_uid = cursor.uid_validity, cursor.last_uid
        kept.read_at = now()
        kept.save()
