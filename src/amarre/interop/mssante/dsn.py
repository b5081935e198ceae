"""Read what foreign servers answer: delivery status notifications, reading receipts, plain notices.

Sources: RFC 3461 to 3464 (DSN), RFC 8098 (MDN), RFC 6522 (multipart/report); IG « Transmission au LPS d'un
document CDA provenant d'un courriel MSSanté » (ANS, 04/2025) for integration errors; Mon espace santé v1.3.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

from amarre.interop.mssante.errors import ReportTooLarge
from amarre.interop.mssante.model import Receipt, ReceiptKind
from amarre.interop.mssante.status import INTEGRATION_ERRORS, NOTICE_CAUSES, StatusRow, explain, most_precise

# A report may quote the whole original (25 MB) once more.
MAX_REPORT_BYTES = 40 * 1024 * 1024
# What it says stands before the original it quotes (RFC 6522 §3): the rest is not read.
READ_BYTES = 1024 * 1024
_MAX_PARTS = 200
# In those bytes. Each delimiter and each blank line may cost the parser an object a hundred times its size.
_MAX_DELIMITERS = 1_000
_MAX_BLANK_LINES = 20_000
# A delimiter has 70 characters at most (RFC 2046 §5.1.1): nothing in its header goes on for a thousand.
_LONG_BOUNDARY = re.compile(rb"boundary(?:\*\d*\*?)?\s*=(?:[^\r\n]|\r?\n[ \t]){1000}", re.IGNORECASE)
# A header decoded: the standard decoder takes minutes for some megabytes of encoded words.
_MAX_TEXT = 2_000

_ACTIONS = {
    "delivered": ReceiptKind.REMIS,
    "expanded": ReceiptKind.REMIS,
    "relayed": ReceiptKind.RELAYE,
    "delayed": ReceiptKind.RETARDE,
    "failed": ReceiptKind.REJETE,
}
_ID = re.compile(r"<[^<>\s]{1,250}@[^<>\s]{1,250}>")
_ENVELOPE_ID = re.compile(r"[^<>\s@]{1,250}@[^<>\s@]{1,250}")
_KO = re.compile(r"\[(?:KO Intégration système !|Erreur d'intégration !)\]\s*\[(\d{3})\]")
_NOTICE_SUBJECTS = (
    "message non distribu", "non remis", "undelivered mail", "undeliverable", "delivery status",
    "mail delivery failed", "returned mail", "delivery failure",
)  # fmt: skip

_READ = StatusRow("Le destinataire a ouvert le message.", "Rien à faire.")
_INTEGRATED = StatusRow("Le logiciel du destinataire a rangé le document.", "Rien à faire.")
_DELETED = StatusRow("Le destinataire a supprimé le message sans l'ouvrir.", "Appelez le destinataire.")
_DISPATCHED = StatusRow("Le message a été transmis à une autre boîte par le destinataire.", "Rien à faire.")
_RELAYED = StatusRow(
    "Le message est passé à un serveur qui ne confirme pas les remises.",
    "Sans nouvelle du destinataire, appelez-le.",
)


def parse_receipts(data: bytes) -> tuple[Receipt, ...]:
    """Return the receipts of one received message, one per recipient; () when it is no receipt at all.

    Never raises on a malformed report: what can be read is returned. Raises ReportTooLarge only.
    """
    if len(data) > MAX_REPORT_BYTES:
        raise ReportTooLarge(size=len(data))
    data = data[:READ_BYTES]
    if not _is_of_a_mail_server(data):
        return ()
    # compat32 reads any header without failing; the modern policy raises on some malformed ones.
    try:
        mail: Message[str, str] = BytesParser(policy=compat32).parsebytes(data)
    except RecursionError:
        # Parts nested a thousand times: no mail server writes that.
        return ()
    parts = {part.get_content_type(): part for part in reversed(list(_report_parts(mail)))}
    if "message/delivery-status" in parts:
        return tuple(_delivery_receipts(mail, parts["message/delivery-status"]))
    if "message/disposition-notification" in parts:
        return (_disposition_receipt(mail, parts["message/disposition-notification"]),)
    return _notice_receipts(mail)


def _is_of_a_mail_server(data: bytes) -> bool:
    """Say whether the bytes have a shape that a mail server may write, before they cost anything."""
    blank_lines = data.count(b"\n\n") + data.count(b"\n\r\n")
    if data.count(b"\n--") > _MAX_DELIMITERS or blank_lines > _MAX_BLANK_LINES:
        return False
    return _LONG_BOUNDARY.search(data) is None


def _report_parts(mail: Message[str, str]) -> Iterator[Message[str, str]]:
    """Walk the parts without entering the quoted original, which may itself be a report."""
    stack: list[Message[str, str]] = [mail]
    for _ in range(_MAX_PARTS):
        if not stack:
            return
        part = stack.pop()
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            stack.extend(reversed([item for item in part.get_payload() if isinstance(item, Message)]))


def _delivery_receipts(mail: Message[str, str], report: Message[str, str]) -> Iterator[Receipt]:
    groups = _groups(report)
    per_message = groups[0] if groups else {}
    original = _original_id(mail, per_message)
    for group in groups:
        if "action" not in group and "final-recipient" not in group:
            # The fields of the message; Dovecot writes no blank line before those of the recipient.
            continue
        action = group.get("action", "").split("(")[0].strip().lower()
        diagnostic = group.get("diagnostic-code", "")
        status = most_precise(group.get("status", ""), diagnostic)
        kind = _ACTIONS.get(action) or _kind_by_class(status)
        if kind is None:
            continue
        row = _RELAYED if kind is ReceiptKind.RELAYE else explain(status)
        recipient = _recipient(group)
        yield _receipt(
            mail, kind, recipient, original, status, row, diagnostic,
            _address(per_message.get("reporting-mta", "")),
        )  # fmt: skip


def _disposition_receipt(mail: Message[str, str], report: Message[str, str]) -> Receipt:
    groups = _groups(report)
    fields = {name: value for group in groups for name, value in group.items()}
    kind, status, row = _disposition(fields.get("disposition", ""), _text(_header(mail, "Subject")))
    recipient = _recipient(fields)
    return _receipt(
        mail, kind, recipient, _original_id(mail, fields), status, row,
        fields.get("error", "") or fields.get("failure", ""), fields.get("reporting-ua", ""),
    )  # fmt: skip


def _disposition(value: str, subject: str) -> tuple[ReceiptKind, str, StatusRow]:
    """Return what a Disposition field means: `mode/mode; type[/modifier: code^label]`."""
    _, _, outcome = value.partition(";")
    outcome = outcome.strip()
    name = re.split(r"[/\s]", outcome, maxsplit=1)[0].lower()
    error = re.search(r"/\s*(?:error|failure)\s*:?\s*(\d{3})?", outcome, re.IGNORECASE)
    quoted = _KO.search(subject)
    if error or quoted:
        code = (error[1] if error else "") or (quoted[1] if quoted else "") or "906"
        sentence = INTEGRATION_ERRORS.get(code, INTEGRATION_ERRORS["906"])
        return (
            ReceiptKind.NON_INTEGRE,
            code,
            StatusRow(
                f"Le logiciel du destinataire n'a pas pu ranger le document. {sentence}",
                "Appelez le destinataire, puis vérifiez l'identité avec le référent.",
            ),
        )
    if name == "processed":
        return ReceiptKind.INTEGRE, "", _INTEGRATED
    if name == "deleted":
        return ReceiptKind.REJETE, "", _DELETED
    if name == "dispatched":
        return ReceiptKind.REMIS, "", _DISPATCHED
    return ReceiptKind.LU, "", _READ


def _notice_receipts(mail: Message[str, str]) -> tuple[Receipt, ...]:
    """Read a plain notice: known subject, or an integration error sent as an ordinary message."""
    subject = _text(_header(mail, "Subject"))
    quoted = _KO.search(subject)
    if not quoted and not any(word in subject.lower() for word in _NOTICE_SUBJECTS):
        return ()
    text = _body(mail)
    recipient = _address(_header(mail, "X-Failed-Recipients"))
    if quoted:
        kind, status, row = _disposition("", subject)
        recipient = _address(_header(mail, "From"))
        return (_receipt(mail, kind, recipient, _original_id(mail, {}), status, row, text[:500], ""),)
    cause = next((code for words, code in NOTICE_CAUSES if words in text.lower()), "")
    status = f"5.{cause}" if cause else most_precise("", text)
    kind = _kind_by_class(status) or ReceiptKind.REJETE
    row = explain(status)
    return (_receipt(mail, kind, recipient, _original_id(mail, {}), status, row, text[:500], ""),)


def _receipt(
    mail: Message[str, str], kind: ReceiptKind, recipient: str, original: str, status: str, row: StatusRow,
    diagnostic: str, reporter: str,
) -> Receipt:  # fmt: skip
    return Receipt(
        kind=kind,
        recipient=recipient,
        original_message_id=original,
        status=status,
        sentence=row.sentence,
        advice=row.advice,
        diagnostic=" ".join(diagnostic.split())[:500],
        reporter=reporter,
        report_message_id=" ".join(_header(mail, "Message-ID").split()),
        arrived_at=_date(_header(mail, "Date")),
    )


def _kind_by_class(status: str) -> ReceiptKind | None:
    kinds = {"2": ReceiptKind.REMIS, "4": ReceiptKind.RETARDE, "5": ReceiptKind.REJETE}
    return kinds.get(status[:1])


def _groups(report: Message[str, str]) -> list[dict[str, str]]:
    """Return the groups of fields of a report, names in lower case.

    The standard parser gives one sub-message per group of message/delivery-status; the fields of a
    message/disposition-notification, or of a report in base64, are plain text parsed here.
    """
    payload = report.get_payload()
    if isinstance(payload, list) and report.get_content_type() == "message/delivery-status":
        if _header(report, "Content-Transfer-Encoding").strip().lower() not in ("base64", "quoted-printable"):
            groups = [_fields(item) for item in payload if isinstance(item, Message)]
            return [group for group in groups if group]
        payload = "".join(item.as_string() for item in payload if isinstance(item, Message))
    text = _decoded(report) if isinstance(payload, str) else ""
    if isinstance(payload, list):
        # A sub-message parsed as message/*: its headers are the fields.
        return [_fields(item) for item in payload if isinstance(item, Message)]
    blocks = re.split(r"\r?\n\s*\r?\n", text.strip())
    return [_fields(_parse_headers(block)) for block in blocks if block.strip()]


def _header(mail: Message[str, str], name: str) -> str:
    """Return a raw header: the parser gives another type than text for one that holds foreign bytes."""
    return str(mail.get(name, ""))


def _parse_headers(text: str) -> Message[str, str]:
    return BytesParser(policy=compat32).parsebytes(text.lstrip().encode(errors="replace"), headersonly=True)


def _recipient(fields: dict[str, str]) -> str:
    return _address(fields.get("original-recipient", "")) or _address(fields.get("final-recipient", ""))


def _decoded(part: Message[str, str]) -> str:
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _fields(message: Message[str, str]) -> dict[str, str]:
    return {name.lower(): " ".join(str(value).split()) for name, value in message.items()}


def _original_id(mail: Message[str, str], fields: dict[str, str]) -> str:
    """Return the Message-ID of the message reported on, looked for in the order of reliability."""
    for text in (fields.get("original-message-id", ""), fields.get("x-original-message-id", "")):
        if match := _ID.search(text):
            return match[0]
    if quoted := _quoted_id(mail):
        return quoted
    for text in (_header(mail, "In-Reply-To"), _header(mail, "References")):
        if matches := _ID.findall(text):
            return str(matches[-1])
    # We put the Message-ID, without its brackets, in the envelope identifier of each submission.
    envelope = decode_xtext(fields.get("original-envelope-id", ""))
    return f"<{envelope}>" if _ENVELOPE_ID.fullmatch(envelope) else ""


def _quoted_id(mail: Message[str, str]) -> str:
    for part in _report_parts(mail):
        kind = part.get_content_type()
        if kind == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            text = _header(inner, "Message-ID") if isinstance(inner, Message) else ""
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            text = _header(_parse_headers(_decoded(part) or str(part.get_payload())), "Message-ID")
        else:
            continue
        if match := _ID.search(text):
            return match[0]
    return ""


def _body(mail: Message[str, str]) -> str:
    for part in _report_parts(mail):
        if part.get_content_type() == "text/plain":
            raw = part.get_payload(decode=True)
            return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return ""


def _address(value: str) -> str:
    """Return the address of `rfc822;someone@example.fr`, or of a plain header."""
    text = value.rpartition(";")[2].strip()
    match = re.search(r"<([^<>\s]+)>", text)
    return decode_xtext((match[1] if match else text).strip("<> "))


def _text(value: str) -> str:
    try:
        return str(make_header(decode_header(value[:_MAX_TEXT])))
    except (MessageError, LookupError, ValueError):
        return value[:_MAX_TEXT]


def _date(value: str) -> datetime.datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=datetime.UTC)
    return aware.astimezone(datetime.UTC)


def decode_xtext(text: str) -> str:
    """Return the text of an xtext value (RFC 3461 §4)."""
    return re.sub(r"\+([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), text)
