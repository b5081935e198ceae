"""The outbox's handler of messages: submit, keep a copy among the sent ones; look for it when in doubt."""

from __future__ import annotations

import datetime
import logging

from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now
from amarre.dui.documents.identity import open_gate
from amarre.dui.documents.models import MssanteMessage
from amarre.dui.documents.mssante_connector import mssante_client
from amarre.dui.documents.mssante_errors import CitizenOpposed, IdentityChangedSince, MessageUnconfirmed
from amarre.dui.documents.mssante_receipts import explain_rejection
from amarre.dui.documents.mssante_recipients import Audience
from amarre.dui.documents.services.send_by_mssante import KIND, PART_INS, PART_MESSAGE, PART_RECIPIENT
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.handlers import Description, Job, Outcome
from amarre.dui.exchanges.models import Exchange, ExchangeAttempt
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.models import DmpInformation
from amarre.dui.usagers.services.record_dmp_information import current_information
from amarre.interop.clients.mssante import MssanteClient
from amarre.interop.common.errors import AmarreError
from amarre.interop.terminology import document_type

logger = logging.getLogger("amarre.documents")

# A first send and one more: beyond, the operator holds one of them or a person decides.
SENDS_IN_DOUBT = 2


class MssanteSendHandler:
    """Plays one message. Its bytes and its Message-ID never change."""

    kind = KIND
    service = "mssante"
    service_label = "La messagerie MSSanté"
    has_receipts = True
    recognises_resends = False
    is_quiet = False

    def send(self, job: Job) -> Outcome:
        """Hand the message to the operator, then keep a copy. Raises what holds it back, or transport errors.

        Once the operator took the message, a copy that cannot be kept is no failure of the send.
        """
        client = _client_of(job)
        _require_still_allowed(job)
        message, message_id = job.parts[PART_MESSAGE], job.payload["message_id"]
        recipient = job.parts[PART_RECIPIENT].decode("ascii")
        receipt = client.submit(message, client.envelope((recipient,), message_id))
        kept = _keep_copy(client, job)
        result = {
            "queue_id": receipt.queue_id,
            "copy_kept": kept,
            "delivery_notice_asked": receipt.notifications_requested,
        }
        return Outcome("Pris en charge par l’opérateur MSSanté", result, carried=receipt.accepted_at)

    def find(self, job: Job) -> Outcome | None:
        """Look for the message among the sent ones, then for a notice about it.

        None means that it may be sent (again). Raises MessageUnconfirmed after a second send without a trace:
        only a person may then ask for another one.
        """
        client = _client_of(job)
        message_id = job.payload["message_id"]
        if client.find_sent(message_id):
            return Outcome("Retrouvé dans la boîte d’envoi", {"found": "sent"})
        if client.receipts_of(message_id, since=_asked_on(job)):
            kept = _keep_copy(client, job)
            return Outcome("Retrouvé par son avis de remise", {"found": "notice", "copy_kept": kept})
        if sends_in_doubt(job.exchange_id) >= SENDS_IN_DOUBT:
            raise MessageUnconfirmed
        return None

    def apply(self, exchange: Exchange, outcome: Outcome) -> None:
        """Note when the operator took it; a rejection read meanwhile keeps its explanation."""
        with system_scope("worker: the message it holds"):
            message = MssanteMessage.objects.select_related("dossier").get(exchange=exchange)
        message.accepted_at = outcome.carried if isinstance(outcome.carried, datetime.datetime) else now()
        message.save()
        explain_rejection(exchange, message)
        record(
            system_actor("worker", essms_id=exchange.essms_id),
            "mssante.accepted",
            subject=message,
            dossier_id=exchange.dossier_id,
            usager_id=message.dossier.identity_id,
            exchange_id=exchange.reference,
            details={"audience": message.audience},
        )

    def failed(self, exchange: Exchange) -> None:
        """Nothing more to write: the message's state is its exchange's."""

    def describe(self, exchange: Exchange) -> Description:
        """Return how the message is shown, without a query."""
        kind = document_type(str(exchange.payload.get("type", "")))
        name = kind.code.display if kind else "Document"
        url = reverse("documents:list_messages", kwargs={"dossier_id": exchange.dossier_id})
        return Description(f"Message : {name}", str(exchange.payload.get("recipient", "")), url)


def sends_in_doubt(exchange_id: int) -> int:
    """Return how many sends, since a person last decided, ended without the operator's answer.

    A question that failed sent nothing. A worker that died may have sent from its departure on, which is
    written before the bytes leave.
    """
    count = 0
    ended = ExchangeAttempt.objects.filter(exchange=exchange_id, ended_at__isnull=False)
    for attempt in ended.order_by("id"):
        if attempt.outcome == State.A_REFAIRE:
            count = 0
        elif attempt.outcome == State.INCONNU and attempt.departed_at is not None:
            count += 1
    return count


def _client_of(job: Job) -> MssanteClient:
    with system_scope("worker: the message it holds"):
        profile = ConnectorProfile.objects.select_related("essms").get(essms_id=job.essms_id)
        return mssante_client(profile)


def _keep_copy(client: MssanteClient, job: Job) -> bool:
    try:
        client.append_sent(job.parts[PART_MESSAGE], job.payload["message_id"])
    except AmarreError as error:
        logger.warning("exchange %s: no copy among the sent messages: %s", job.reference, error)
        return False
    return True


def _asked_on(job: Job) -> datetime.date:
    with system_scope("worker: the message it holds"):
        requested = Exchange.objects.values_list("created_at", flat=True).get(pk=job.exchange_id)
    # SINCE compares days in the server's own time zone (RFC 3501 §6.4.4).
    return (requested - datetime.timedelta(days=1)).date()


def _require_still_allowed(job: Job) -> None:
    """Look at the person's situation now. Raises CitizenOpposed, IdentityChangedSince, the gate's errors."""
    with system_scope("worker: the message it holds"):
        message = MssanteMessage.objects.select_related("dossier__identity").get(exchange_id=job.exchange_id)
        profile = ConnectorProfile.objects.get(essms_id=job.essms_id)
        information = current_information(message.dossier)
    to_citizen = message.audience == Audience.USAGER
    if to_citizen and information and information.decision == DmpInformation.Decision.OPPOSITION:
        raise CitizenOpposed
    if PART_INS not in job.parts and not to_citizen:
        return
    identity = open_gate(message.dossier.identity, profile)
    carried = job.parts.get(PART_INS, identity.hl7_cx.encode()).decode("ascii")
    mailbox = job.parts[PART_RECIPIENT].decode("ascii")
    if identity.hl7_cx != carried or (to_citizen and identity.citizen_mailbox.lower() != mailbox.lower()):
        raise IdentityChangedSince
