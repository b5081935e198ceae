"""Values of a message and of a receipt."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from amarre.interop.mssante.codes import Visibility

if TYPE_CHECKING:
    from amarre.interop.ins import QualifiedIdentity


@dataclass(frozen=True, slots=True)
class Sender:
    """The mailbox that sends. `label` is shown to the recipient (ECO.2.2.7); `reply_to` is the ORG mailbox
    that receives the answers (ECO.2.2.5); `nil` is the product number given to the software (ECO.2.4.3)."""

    address: str
    label: str
    reply_to: str
    nil: str


@dataclass(frozen=True, slots=True)
class UsagerTraits:
    """Traits of the one usager the message is about."""

    birth_name: str
    first_name: str
    birth_date: datetime.date | None = None
    record_number: str = ""


@dataclass(frozen=True, slots=True)
class SentDocument:
    """One CDA of the archive and its readable copy.

    `code` and `label` are the code and displayName of the CDA's `code`; `act_date` names the PDF (ECO.2.1.6).
    """

    code: str
    label: str
    act_date: datetime.date
    pdf: bytes
    visibility: Visibility = Visibility()


@dataclass(frozen=True, slots=True)
class DocumentSet:
    """The IHE_XDM.zip bytes and what they hold. `identity` is None when the CDA carry no qualified INS."""

    usager: UsagerTraits
    archive: bytes
    documents: tuple[SentDocument, ...]
    identity: QualifiedIdentity | None


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Everything needed to build the same bytes twice.

    `message_id` has its angle brackets; `sent_at` is aware. `subject` is used only without `documents`.
    """

    sender: Sender
    recipients: tuple[str, ...]
    message_id: str
    sent_at: datetime.datetime
    body: str
    documents: DocumentSet | None = None
    subject: str = ""
    read_receipt: bool = True
    end_of_exchange: bool = False
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


class ReceiptKind(StrEnum):
    """What a receipt says of one recipient."""

    REMIS = "remis"
    LU = "lu"
    REJETE = "rejete"
    RETARDE = "retarde"
    # Handed to a server that does not confirm deliveries: nothing more will come.
    RELAYE = "relaye"
    INTEGRE = "integre"
    NON_INTEGRE = "non_integre"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One delivery or reading receipt, for one recipient.

    `original_message_id` has its brackets, "" when the report does not say which message it is about.
    `status` is an enhanced status code (RFC 3463) or the code of an integration error; `sentence` explains it
    in French. `diagnostic` is the foreign text, for the page of the exchange only: it may quote an address.
    """

    kind: ReceiptKind
    recipient: str
    original_message_id: str
    status: str
    sentence: str
    advice: str
    diagnostic: str
    reporter: str
    report_message_id: str
    arrived_at: datetime.datetime | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two receipts the same: original message, recipient, kind."""
        return (self.original_message_id, self.recipient.lower(), self.kind.value)
