"""Client of one MSSanté applicative mailbox: submit, keep a copy, read the receipts.

Source: Référentiel socle MSSanté #2, v1.0.1, « API LPS » (SMTP and IMAP over STARTTLS, client certificate).
"""

from __future__ import annotations

import contextlib
import datetime
import ssl
from dataclasses import dataclass, field

from amarre.interop.common.clock import Clock, IdSource
from amarre.interop.mssante.addresses import normalise
from amarre.interop.mssante.codes import DEFAULT_DOMAINS
from amarre.interop.mssante.dsn import MAX_REPORT_BYTES, parse_receipts
from amarre.interop.mssante.message import build_message, new_message_id
from amarre.interop.mssante.model import OutgoingMessage, Receipt, Sender
from amarre.interop.transport.imap import MailboxSession, open_mailbox
from amarre.interop.transport.mail import (
    DEFAULT_MAIL_DEADLINES,
    Login,
    MailDeadlines,
    MailEnvelope,
    MailServer,
    submit,
)
from amarre.interop.transport.recorder import Recorder

INBOX = "INBOX"
SERVICE = "L'opérateur MSSanté"


@dataclass(frozen=True, slots=True)
class MssanteProfile:
    """Settings of one mailbox. `context` carries the authority trusted and the certificate presented.

    `mailbox` is the applicative mailbox, `reply_to` the organisational one, `nil` the product number.
    """

    host: str
    smtp_port: int
    imap_port: int
    context: ssl.SSLContext
    mailbox: str
    label: str
    reply_to: str
    nil: str
    accepted_domains: tuple[str, ...] = DEFAULT_DOMAINS
    imap_host: str = ""
    deadlines: MailDeadlines = field(default_factory=lambda: DEFAULT_MAIL_DEADLINES)


@dataclass(frozen=True, slots=True)
class SubmissionReceipt:
    """The operator took the message: text of its 250, queue identifier ("" when not given), instant."""

    reply_text: str
    queue_id: str
    notifications_requested: bool
    accepted_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class MailboxCursor:
    """How far a mailbox was read. A new UIDVALIDITY makes the UIDs meaningless: reading starts again."""

    uid_validity: int
    last_uid: int


@dataclass(frozen=True, slots=True)
class ReceiptBatch:
    """Receipts read, oldest first, and where to go on. `skipped` counts messages too large to be read.

    The same receipt may come back (another UIDVALIDITY): tell them apart by `Receipt.key`.
    """

    receipts: tuple[Receipt, ...]
    cursor: MailboxCursor
    skipped: int
    more: bool


class MssanteClient:
    """One mailbox at one operator. Opens a connection per call, never retries."""

    def __init__(
        self, profile: MssanteProfile, clock: Clock, ids: IdSource, recorder: Recorder | None = None
    ) -> None:
        self.profile = profile
        self._clock = clock
        self._ids = ids
        self._recorder = recorder
        self._login = Login(normalise(profile.mailbox))

    @property
    def sender(self) -> Sender:
        """The sender of the messages of this mailbox."""
        profile = self.profile
        return Sender(normalise(profile.mailbox), profile.label, profile.reply_to, profile.nil)

    def new_message_id(self) -> str:
        """Return a Message-ID never given before: draw it once, keep it before submitting."""
        return new_message_id(self.profile.mailbox, self._ids)

    def build(self, message: OutgoingMessage) -> bytes:
        """Return the bytes of the message. Raises MssanteError subclasses (see `build_message`)."""
        return build_message(message, domains=self.profile.accepted_domains)

    def envelope(self, recipients: tuple[str, ...], message_id: str) -> MailEnvelope:
        """Return the envelope: the Message-ID is the envelope identifier, so any report leads back to it."""
        clean = tuple(normalise(item) for item in recipients)
        return MailEnvelope(normalise(self.profile.mailbox), clean, message_id.strip("<>"))

    def submit(self, message: bytes, envelope: MailEnvelope) -> SubmissionReceipt:
        """Hand the message to the operator.

        Raises TransportError subclasses; only MailOutcomeUnknown (Effect.UNKNOWN) may hide an acceptance:
        then `find_sent` and `receipts_of` before sending the same bytes again.
        """
        server = self._server(self.profile.host, self.profile.smtp_port)
        done = submit(
            server, self._login, envelope, message, deadlines=self.profile.deadlines, recorder=self._recorder
        )
        text = f"{done.reply_code} {done.reply_text}"
        return SubmissionReceipt(text, done.queue_id, done.notifications_requested, self._clock.now())

    def append_sent(self, message: bytes, message_id: str) -> bool:
        """Keep a copy in the folder of sent messages, once; return False when it was already there."""
        with self._mailbox() as mailbox:
            folder = mailbox.sent_folder()
            mailbox.open(folder)
            if mailbox.uids_with_message_id(message_id):
                return False
            mailbox.append(folder, message, self._clock.now())
            return True

    def find_sent(self, message_id: str) -> int:
        """Return how many copies of that message the folder of sent messages holds."""
        with self._mailbox() as mailbox:
            mailbox.open(mailbox.sent_folder())
            return len(mailbox.uids_with_message_id(message_id))

    def receipts(
        self, cursor: MailboxCursor | None = None, since: datetime.date | None = None, limit: int = 200
    ) -> ReceiptBatch:
        """Read the receipts that arrived after `cursor`, at most `limit` messages; nothing is marked read.

        `since` bounds the first reading of a mailbox by date of arrival. Raises TransportError subclasses.
        """
        with self._mailbox() as mailbox:
            validity = mailbox.open(INBOX)
            known = cursor is not None and cursor.uid_validity == validity
            last = cursor.last_uid if cursor is not None and known else 0
            uids = mailbox.uids_after(last, None if known else since)
            receipts: list[Receipt] = []
            skipped = 0
            for uid in uids[:limit]:
                stored = mailbox.fetch(uid, MAX_REPORT_BYTES)
                if stored is not None and stored.data is None:
                    skipped += 1
                elif stored is not None and stored.data is not None:
                    receipts.extend(parse_receipts(stored.data))
                last = uid
            return ReceiptBatch(
                tuple(receipts), MailboxCursor(validity, last), skipped, more=len(uids) > limit
            )

    def receipts_of(self, message_id: str, since: datetime.date | None = None) -> tuple[Receipt, ...]:
        """Return the receipts of one message among everything that arrived `since`."""
        found: list[Receipt] = []
        cursor: MailboxCursor | None = None
        while True:
            batch = self.receipts(cursor, since)
            found += [item for item in batch.receipts if item.original_message_id == message_id]
            if not batch.more:
                return tuple(found)
            cursor = batch.cursor

    def _mailbox(self) -> contextlib.AbstractContextManager[MailboxSession]:
        server = self._server(self.profile.imap_host or self.profile.host, self.profile.imap_port)
        return open_mailbox(server, self._login, deadlines=self.profile.deadlines, recorder=self._recorder)

    def _server(self, host: str, port: int) -> MailServer:
        return MailServer(host, port, self.profile.context, SERVICE)
