"""What a notice read in the mailbox means for the message it is about."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

from amarre.dui.documents.models import MailReceipt, MssanteMessage
from amarre.dui.documents.mssante_errors import DocumentNotFiled, MessageReturned
from amarre.dui.documents.mssante_recipients import to_whom
from amarre.dui.exchanges.enums import Receipt as Axis
from amarre.dui.exchanges.models import Exchange
from amarre.interop.common.errors import Explanation
from amarre.interop.mssante import Receipt, ReceiptKind

# What each notice says on the axis of receipts; the others are kept without moving it.
AXIS: dict[ReceiptKind, Axis] = {
    ReceiptKind.REMIS: Axis.REMIS,
    ReceiptKind.INTEGRE: Axis.REMIS,
    ReceiptKind.LU: Axis.LU,
    ReceiptKind.REJETE: Axis.REJETE,
    ReceiptKind.NON_INTEGRE: Axis.REJETE,
}
# A later, weaker notice never hides a stronger one: who read the message did receive it.
RANK = {Axis.AUCUN: 0, Axis.REMIS: 1, Axis.REJETE: 2, Axis.LU: 3}


def notification_key(receipt: Receipt) -> str:
    """Return what makes a notice read once: its Message-ID, or a digest of what it says when it has none."""
    own = receipt.report_message_id
    if own and len(own) <= 200:
        return own
    digest = hashlib.sha256("|".join((own, *receipt.key)).encode()).hexdigest()
    return f"sha256:{digest}"


def moved_axis(current: str, kind: ReceiptKind) -> Axis | None:
    """Return the new value of the axis after a notice, None when it does not move."""
    wanted = AXIS.get(kind)
    if wanted is None or RANK[wanted] <= RANK[Axis(current)]:
        return None
    return wanted


def rejection(message: MssanteMessage, receipt: MailReceipt, reference: str) -> Explanation:
    """Return the French explanation of a message that came back."""
    cls = DocumentNotFiled if receipt.kind == ReceiptKind.NON_INTEGRE else MessageReturned
    reason = receipt.sentence.strip().rstrip(".")
    error = cls(
        to=to_whom(message.recipient_name),
        reason=reason[:1].lower() + reason[1:] or "le serveur ne dit pas pourquoi",
        advice=receipt.advice or "Cherchez une autre adresse dans l’annuaire, puis renvoyez.",
    )
    return error.explanation(reference)


def explain_rejection(exchange: Exchange, message: MssanteMessage) -> None:
    """Write in the exchange why its message came back, when it did. Called in a transaction."""
    if exchange.receipt != Axis.REJETE:
        return
    wanted = [ReceiptKind.REJETE.value, ReceiptKind.NON_INTEGRE.value]
    receipt = message.receipts.filter(kind__in=wanted).order_by("id").last()
    if receipt is not None:
        exchange.explanation = asdict(rejection(message, receipt, exchange.reference))
        exchange.save(update_fields=["explanation"])
