"""Send documents of one person by MSSanté: controlled, frozen, queued, traced."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction

from amarre.dui.access.errors import OutOfScope
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.documents.control import Target, control_points, require_clear
from amarre.dui.documents.identity import open_gate
from amarre.dui.documents.models import DocumentVersion, MailedDocument, MssanteMessage
from amarre.dui.documents.mssante_errors import SeveralUsagers, TextMissing
from amarre.dui.documents.mssante_message import FrozenMessage, freeze_message
from amarre.dui.documents.mssante_recipients import (
    Recipient,
    recipient_from_entry,
    recipient_usager,
)
from amarre.dui.exchanges.services.enqueue import enqueue
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.organisations.selectors import profile_of
from amarre.dui.usagers.models import Dossier
from amarre.interop.mssante.errors import DocumentsMissing

KIND = "mssante.send"
PART_MESSAGE, PART_RECIPIENT, PART_INS = "message", "recipient", "ins"


def send_by_mssante(
    *,
    versions: Sequence[DocumentVersion],
    entry: DirectoryEntry | None,
    address: str = "",
    text: str,
    actor: Actor,
    again: int = 0,
) -> MssanteMessage:
    """Queue one message carrying `versions` to `entry` (at `address`), or to the person when `entry` is None.

    `again` is how many times the person chose to send the same thing again: the same call twice gives the
    same message. Raises the access errors, the error behind the first blocking point of the control,
    TextMissing, SeveralUsagers, and what the kit refuses to build. Nothing leaves here: the worker sends.
    """
    if not versions:
        raise DocumentsMissing
    if len({version.document.dossier_id for version in versions}) > 1:
        raise SeveralUsagers
    dossier = versions[0].document.dossier
    require(actor, Permission.SEND_MSSANTE, dossier)
    # Writing to a mailbox would otherwise be a way to read what the role may not open.
    require(actor, Permission.READ_DOCUMENTS, dossier)
    if entry is not None and not entry.is_visible_to(actor):
        raise OutOfScope()
    if not text.strip():
        raise TextMissing
    profile = profile_of(dossier.essms)
    recipient = recipient_from_entry(entry, address) if entry else recipient_usager(dossier, profile)
    sender = User.objects.get(pk=actor.person_id)
    for version in versions:
        require_clear(control_points(version, target=Target.MSSANTE, sender=sender, recipient=recipient))
    with transaction.atomic():
        with system_scope("dossier in scope, locked: one decision to send at a time"):
            Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
        key = intention(versions, recipient, min(again, times_sent(versions, recipient)))
        known = _message_of(key)
        if known is not None:
            return known
        return _queue(key, versions, recipient, text, sender, profile, actor)


def times_sent(versions: Sequence[DocumentVersion], recipient: Recipient) -> int:
    """Return how many messages carry the first of `versions` to this mailbox."""
    with system_scope("messages of a dossier in scope"):
        return MssanteMessage.objects.filter(
            dossier=versions[0].document.dossier_id,
            audience=recipient.audience,
            recipient_address=recipient.kept_address,
            attachments__version=versions[0],
        ).count()


def intention(versions: Sequence[DocumentVersion], recipient: Recipient, again: int) -> str:
    """Return the key of the exchange: versions × mailbox × number of times.

    The mailbox is hashed: that of the person concerned holds their matricule.
    """
    others = ",".join(str(version.pk) for version in versions)
    digest = hashlib.sha256(f"{others}|{recipient.address.lower()}".encode()).hexdigest()[:32]
    return f"mss:{versions[0].pk}:{digest}:{again}"


def _queue(
    key: str,
    versions: Sequence[DocumentVersion],
    recipient: Recipient,
    text: str,
    sender: User,
    profile: ConnectorProfile,
    actor: Actor,
) -> MssanteMessage:
    first = versions[0].document
    dossier = first.dossier
    leaving = (
        open_gate(dossier.identity, profile)
        if any(version.identity_qualified for version in versions)
        else None
    )
    frozen = freeze_message(
        versions=versions, recipient=recipient, text=text, sender=sender, profile=profile, leaving=leaving
    )
    exchange = enqueue(
        kind=KIND,
        actor=actor,
        essms_id=dossier.essms_id,
        dossier_id=dossier.pk,
        key=key,
        lane=f"mssante:{dossier.identity_id}",
        payload={
            "message_id": frozen.message_id,
            "type": first.type_code,
            "documents": len(versions),
            "recipient": recipient.name[:1].upper() + recipient.name[1:],
        },
        parts=_parts(frozen),
    )
    message = MssanteMessage(
        dossier=dossier,
        exchange=exchange,
        message_id=frozen.message_id,
        recipient_address=recipient.kept_address,
        recipient_name=recipient.name,
        audience=recipient.audience,
        environment=profile.environment,
        requested_at=now(),
    )
    message.save()
    for version in versions:
        MailedDocument(message=message, version=version).save()
    record(
        actor,
        "mssante.requested",
        subject=message,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
        exchange_id=exchange.reference,
        details={
            "documents": len(versions),
            "audience": recipient.audience.value,
            "ins": leaving is not None,
        },
    )
    return message


def _parts(frozen: FrozenMessage) -> dict[str, bytes]:
    parts = {PART_MESSAGE: frozen.data, PART_RECIPIENT: frozen.recipient.encode("ascii")}
    return parts | ({PART_INS: frozen.ins.encode("ascii")} if frozen.ins else {})


def _message_of(key: str) -> MssanteMessage | None:
    with system_scope("message of an intention about a dossier in scope"):
        return MssanteMessage.objects.filter(exchange__key=key).select_related("exchange").first()
