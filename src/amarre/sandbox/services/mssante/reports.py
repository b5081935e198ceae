"""Delivery reports (RFC 3464, RFC 6522) and reading receipts (RFC 8098) of the simulated space."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import SMTP, compat32
from email.utils import format_datetime

REPORTING_MTA = "mta.operateur.mssante.example"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The fate of one recipient. `action` and `status` are those of RFC 3464 and RFC 3463."""

    recipient: str
    original_recipient: str
    action: str
    status: str
    diagnostic: str
    sentence: str


DELIVERED = ("delivered", "2.0.0", "250 2.0.0 Remis")
UNKNOWN = ("failed", "5.1.1", "550 5.1.1 <{recipient}>: Recipient address rejected: User unknown")
FULL = ("failed", "5.2.2", "552 5.2.2 <{recipient}>: Mailbox full")
DELAYED = ("delayed", "4.4.1", "connect to the recipient's server: Connection timed out")

SENTENCES = {
    "delivered": "Votre message a été remis au destinataire.",
    "failed": "Votre message n'a pas pu être remis.",
    "delayed": "Votre message n'a pas encore été remis. Le serveur continue d'essayer.",
}


def delivery(recipient: str, original_recipient: str, outcome: tuple[str, str, str]) -> Delivery:
    """Return the fate of `recipient` for one of the outcomes above."""
    action, status, diagnostic = outcome
    text = diagnostic.format(recipient=recipient)
    return Delivery(recipient, original_recipient, action, status, text, SENTENCES[action])


def delivery_report(
    *,
    to: str,
    original_headers: bytes,
    envelope_id: str,
    fate: Delivery,
    report_id: str,
    at: datetime.datetime,
) -> bytes:
    """Return a multipart/report; report-type=delivery-status with three parts."""
    report = _report(to, report_id, at, "delivery-status")
    report["Subject"] = f"Avis de remise : {fate.sentence}"
    text = _text_part(f"{fate.sentence}\r\n\r\n{fate.recipient} : {fate.diagnostic}\r\n")
    per_message = Message(policy=compat32)
    per_message["Reporting-MTA"] = f"dns; {REPORTING_MTA}"
    if envelope_id:
        per_message["Original-Envelope-Id"] = envelope_id
    per_message["Arrival-Date"] = format_datetime(at)
    per_recipient = Message(policy=compat32)
    if fate.original_recipient:
        per_recipient["Original-Recipient"] = fate.original_recipient
    per_recipient["Final-Recipient"] = f"rfc822; {fate.recipient}"
    per_recipient["Action"] = fate.action
    per_recipient["Status"] = fate.status
    per_recipient["Diagnostic-Code"] = f"smtp; {fate.diagnostic}"
    if fate.action == "delayed":
        per_recipient["Will-Retry-Until"] = format_datetime(at + datetime.timedelta(days=2))
    status = Message(policy=compat32)
    status["Content-Type"] = "message/delivery-status"
    status.set_payload([per_message, per_recipient])
    return _assemble(report, [text, status, _headers_part(original_headers)])


def reading_receipt(
    *, to: str, reader: str, original_headers: bytes, message_id: str, report_id: str, at: datetime.datetime
) -> bytes:
    """Return a multipart/report; report-type=disposition-notification: displayed by a person."""
    report = _report(to, report_id, at, "disposition-notification")
    report["Subject"] = "Accusé de lecture"
    report["In-Reply-To"] = message_id
    fields = Message(policy=compat32)
    fields["Original-Recipient"] = f"rfc822;{reader}"
    fields["Final-Recipient"] = f"rfc822;{reader}"
    fields["Original-Message-ID"] = message_id
    fields["Disposition"] = "manual-action/MDN-sent-manually; displayed"
    part = Message(policy=compat32)
    part["Content-Type"] = "message/disposition-notification"
    part.set_payload([fields])
    text = _text_part("Le message a été ouvert par son destinataire.\r\n")
    return _assemble(report, [text, part, _headers_part(original_headers)])


def _report(to: str, report_id: str, at: datetime.datetime, kind: str) -> EmailMessage:
    report = EmailMessage(policy=SMTP)
    report["From"] = f"Messagerie MSSante simulee <MAILER-DAEMON@{REPORTING_MTA}>"
    report["To"] = to
    report["Date"] = format_datetime(at)
    report["Message-ID"] = report_id
    report["Auto-Submitted"] = "auto-replied"
    report["MIME-Version"] = "1.0"
    report["Content-Type"] = (
        f'multipart/report; report-type={kind}; boundary="rapport-{report_id.strip("<>")[:36]}"'
    )
    return report


def _text_part(text: str) -> Message[str, str]:
    part = EmailMessage(policy=SMTP)
    part.set_content(text, charset="utf-8", cte="quoted-printable")
    return part


def _headers_part(headers: bytes) -> Message[str, str]:
    part = Message(policy=compat32)
    part["Content-Type"] = "text/rfc822-headers; charset=us-ascii"
    part.set_payload(headers.decode("ascii", "replace").replace("\r\n", "\n"))
    return part


def _assemble(report: EmailMessage, parts: list[Message[str, str]]) -> bytes:
    report.set_payload(list(parts))
    return report.as_bytes(policy=SMTP.clone(max_line_length=None))
