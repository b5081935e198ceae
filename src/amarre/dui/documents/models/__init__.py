"""Aggregates: the document and its versions; what left with them."""

from amarre.dui.documents.models.document import Document, DocumentVersion
from amarre.dui.documents.models.mailbox import MailboxCursor
from amarre.dui.documents.models.outgoing import DmpDeposit, MailedDocument, MailReceipt, MssanteMessage

__all__ = [
    "DmpDeposit",
    "Document",
    "DocumentVersion",
    "MailReceipt",
    "MailboxCursor",
    "MailedDocument",
    "MssanteMessage",
]
