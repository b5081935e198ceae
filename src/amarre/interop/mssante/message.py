"""Build the message of the Référentiel socle MSSanté #2, v1.0.1 (chapter 2: format of messages)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from anyascii import anyascii

from amarre.interop.common.clock import IdSource
from amarre.interop.mssante.addresses import check_recipient, domain_of, normalise
from amarre.interop.mssante.codes import (
    ARCHIVE_NAME,
    CITIZEN_MAX_BYTES,
    DEFAULT_DOMAINS,
    END_OF_EXCHANGE,
    SUBJECT_LABEL_LENGTH,
    SUBJECT_PREFIX,
    Audience,
)
from amarre.interop.mssante.errors import (
    DocumentsMissing,
    HeaderForbidden,
    MessageTooLarge,
    MixedRecipients,
    NoRecipient,
    PdfMissing,
    SenderIncomplete,
)
from amarre.interop.mssante.model import DocumentSet, OutgoingMessage, Sender, SentDocument, UsagerTraits
from amarre.interop.mssante.rules import audience_of, check_masking

PARIS = ZoneInfo("Europe/Paris")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{3,180}>")


class _OneLinePolicy(EmailPolicy):
    """Writes some ASCII headers on one line (RFC 5322 §2.1.1 allows 998 characters).

    Folding would encode a long value without blanks, and cut a long file name into RFC 2231 pieces that
    several mail clients do not put together again.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _ONE_LINE and value.isascii():
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_ONE_LINE = frozenset({"content-type", "content-disposition", "x-mss-codecda"})
_POLICY = _OneLinePolicy(linesep="\r\n", cte_type="7bit")
_MAX_CODES_LENGTH = 900
_MAX_TEXT_LENGTH = 250
# Control, surrogate, line and paragraph separators.
_NOT_IN_HEADERS = frozenset({"Cc", "Cs", "Zl", "Zp"})


def new_message_id(mailbox: str, ids: IdSource) -> str:
    """Return a Message-ID in the mailbox's domain (ECO.2.2.1). Raises AddressMalformed."""
    return f"<{ids.uuid()}@{domain_of(mailbox)}>"


def build_message(message: OutgoingMessage, *, domains: Sequence[str] = DEFAULT_DOMAINS) -> bytes:
    """Return the message, CRLF lines, 7-bit; the same model gives the same bytes.

    Raises AddressMalformed, AddressOutsideMssante, NoRecipient, MixedRecipients, SenderIncomplete,
    HeaderForbidden, DocumentsMissing, PdfMissing, MaskingForbids, MessageTooLarge (usager: 25 MB).
    """
    recipients = tuple(dict.fromkeys(check_recipient(item, domains) for item in message.recipients))
    audience = _check(message, recipients, domains)
    mail = EmailMessage(policy=_POLICY)
    _address_headers(mail, message, recipients)
    mail["Subject"] = message_subject(message)
    if message.read_receipt:
        # Equal to the Return-Path, else foreign clients may not answer automatically (RFC 8098 §2.1).
        mail["Disposition-Notification-To"] = normalise(message.sender.address)
    if message.in_reply_to:
        mail["In-Reply-To"] = message.in_reply_to
    if message.references:
        mail["References"] = " ".join(message.references)
    _mss_headers(mail, message, audience)
    body = message.body.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    mail.set_content(body, charset="utf-8", cte="quoted-printable")
    if message.documents is not None:
        _attach(mail, message.documents, message.message_id)
    data = mail.as_bytes()
    if audience is Audience.USAGER and len(data) > CITIZEN_MAX_BYTES:
        raise MessageTooLarge(size=len(data), limit=CITIZEN_MAX_BYTES)
    return data


def message_subject(message: OutgoingMessage) -> str:
    """Return the subject: the fixed form of ECO.2.1.3 with documents, the given text otherwise."""
    if message.documents is None:
        return message.subject
    return xdm_subject(message.documents.documents, message.documents.usager)


def xdm_subject(documents: Sequence[SentDocument], usager: UsagerTraits) -> str:
    """Return `XDM/1.0/DDM+<libellé> <NOM> <prenom> <JJ/MM/AAAA>`, ASCII (ECO.2.1.3)."""
    label = documents[0].label if len(documents) == 1 else f"{len(documents)} documents"
    parts = [
        _ascii(label)[:SUBJECT_LABEL_LENGTH].rstrip(),
        _ascii(usager.birth_name).upper(),
        _ascii(usager.first_name),
        usager.birth_date.strftime("%d/%m/%Y") if usager.birth_date else "",
    ]
    return SUBJECT_PREFIX + " ".join(part for part in parts if part)


def pdf_names(documents: Sequence[SentDocument], usager: UsagerTraits) -> list[str]:
    """Return one file name per document: `<AAAAMMJJ>_<type>_<NOM>_<prenom>[_<dossier>].pdf` (ECO.2.1.6).

    Two documents that would share a name are told apart by a number.
    """
    names: list[str] = []
    for document in documents:
        parts = [
            document.act_date.strftime("%Y%m%d"),
            _file_part(document.label),
            _file_part(usager.birth_name).upper(),
            _file_part(usager.first_name),
            _file_part(usager.record_number),
        ]
        stem = "_".join(part for part in parts if part)
        name, number = f"{stem}.pdf", 2
        while name in names:
            name, number = f"{stem}_{number}.pdf", number + 1
        names.append(name)
    return names


def _check(message: OutgoingMessage, recipients: tuple[str, ...], domains: Sequence[str]) -> Audience:
    if not recipients:
        raise NoRecipient()
    _check_sender(message.sender, domains)
    for field, value in (("Message-ID", message.message_id), ("In-Reply-To", message.in_reply_to)):
        if not _MESSAGE_ID.fullmatch(value) and (value or field == "Message-ID"):
            raise HeaderForbidden(field=field)
    if not all(_MESSAGE_ID.fullmatch(item) for item in message.references):
        raise HeaderForbidden(field="References")
    for text in _free_texts(message):
        _check_text("objet", text)
    if any(unicodedata.category(char) == "Cs" for char in message.body):
        raise HeaderForbidden(field="texte")
    if message.sent_at.tzinfo is None:
        raise HeaderForbidden(field="Date")
    audience = audience_of(recipients)
    if audience is Audience.BOTH:
        raise MixedRecipients()
    if message.documents is not None:
        _check_documents(message.documents, audience)
    return audience


def _check_text(field: str, text: str) -> None:
    """Refuse what would end a header line: separators, control characters, and text already encoded.

    The standard library decodes an encoded word ("=?utf-8?q?=0D=0A…?=") when a header is set, and older
    patch releases then write its line breaks as they are. No name and no label holds "=?".
    """
    forbidden = any(unicodedata.category(char) in _NOT_IN_HEADERS for char in text)
    if forbidden or "=?" in text or len(text) > _MAX_TEXT_LENGTH:
        raise HeaderForbidden(field=field)


def _free_texts(message: OutgoingMessage) -> list[str]:
    """Return every free text that ends in the subject or in a file name."""
    if message.documents is None:
        return [message.subject]
    usager = message.documents.usager
    labels = [document.label for document in message.documents.documents]
    return [usager.birth_name, usager.first_name, usager.record_number, *labels]


def _check_sender(sender: Sender, domains: Sequence[str]) -> None:
    if not sender.address:
        raise SenderIncomplete(setting="boîte applicative")
    if not sender.label.strip():
        raise SenderIncomplete(setting="nom affiché de l'expéditeur")
    if not sender.nil:
        raise SenderIncomplete(setting="numéro d'identification du logiciel (NIL)")
    _check_text("nom affiché de l'expéditeur", sender.label)
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", sender.nil):
        raise HeaderForbidden(field="X-MSS-NIL")
    check_recipient(sender.address, domains)
    if sender.reply_to:
        check_recipient(sender.reply_to, domains)


def _check_documents(documents: DocumentSet, audience: Audience) -> None:
    if not documents.documents or not documents.archive:
        raise DocumentsMissing()
    for document in documents.documents:
        if not document.pdf.startswith(b"%PDF-"):
            raise PdfMissing(label=document.label)
        if not re.fullmatch(r"[A-Za-z0-9._-]{1,40}", document.code):
            raise HeaderForbidden(field="X-MSS-CODECDA")
        check_masking(document.visibility, audience)
    if sum(len(document.code) + 1 for document in documents.documents) > _MAX_CODES_LENGTH:
        raise HeaderForbidden(field="X-MSS-CODECDA")


def _address_headers(mail: EmailMessage, message: OutgoingMessage, recipients: tuple[str, ...]) -> None:
    sender = message.sender
    mail["From"] = Address(display_name=sender.label.strip(), addr_spec=normalise(sender.address))
    if sender.reply_to:
        mail["Reply-To"] = Address(addr_spec=normalise(sender.reply_to))
    mail["To"] = tuple(Address(addr_spec=item) for item in recipients)
    mail["Date"] = format_datetime(message.sent_at.astimezone(PARIS).replace(microsecond=0))
    mail["Message-ID"] = message.message_id


def _mss_headers(mail: EmailMessage, message: OutgoingMessage, audience: Audience) -> None:
    mail["X-MSS-NIL"] = message.sender.nil
    if message.documents is not None:
        mail["X-MSS-INS"] = "O" if message.documents.identity is not None else "N"
        codes = dict.fromkeys(document.code for document in message.documents.documents)
        mail["X-MSS-CODECDA"] = ",".join(codes)
    if message.end_of_exchange and audience is Audience.USAGER:
        mail["X-MSS-MES"] = END_OF_EXCHANGE


def _attach(mail: EmailMessage, documents: DocumentSet, message_id: str) -> None:
    mail.add_attachment(documents.archive, "application", "zip", filename=ARCHIVE_NAME)
    names = pdf_names(documents.documents, documents.usager)
    for name, document in zip(names, documents.documents, strict=True):
        mail.add_attachment(document.pdf, "application", "pdf", filename=name)
    for part in mail.iter_attachments():
        # Some clients read only the name of the Content-Type.
        part.set_param("name", part.get_filename() or "")
    # "=_" occurs neither in base64 nor in quoted-printable, so the boundary cannot meet the content; it is
    # derived from the message, not drawn, so that rebuilding gives the same bytes.
    digest = hashlib.sha256(message_id.encode("ascii") + documents.archive).hexdigest()[:32]
    mail.set_boundary(f"=_{digest}")


def _ascii(text: str) -> str:
    return " ".join(anyascii(text).split())


def _file_part(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "_", anyascii(text)).strip("_")
