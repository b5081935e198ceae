"""MSSanté: messages, receipts, addresses. Pure: no connection is opened here."""

from amarre.interop.mssante.addresses import (
    check_recipient,
    citizen_address,
    is_accepted,
    is_citizen,
    normalise,
    professional_label,
)
from amarre.interop.mssante.codes import ARCHIVE_NAME, DEFAULT_DOMAINS, Audience, Visibility
from amarre.interop.mssante.dsn import parse_receipts
from amarre.interop.mssante.message import (
    build_message,
    message_subject,
    new_message_id,
    pdf_names,
    xdm_subject,
)
from amarre.interop.mssante.model import (
    DocumentSet,
    OutgoingMessage,
    Receipt,
    ReceiptKind,
    Sender,
    SentDocument,
    UsagerTraits,
)
from amarre.interop.mssante.rules import audience_of, check_masking

__all__ = [
    "ARCHIVE_NAME",
    "DEFAULT_DOMAINS",
    "Audience",
    "DocumentSet",
    "OutgoingMessage",
    "Receipt",
    "ReceiptKind",
    "Sender",
    "SentDocument",
    "UsagerTraits",
    "Visibility",
    "audience_of",
    "build_message",
    "check_masking",
    "check_recipient",
    "citizen_address",
    "is_accepted",
    "is_citizen",
    "message_subject",
    "new_message_id",
    "normalise",
    "parse_receipts",
    "pdf_names",
    "professional_label",
    "xdm_subject",
]
