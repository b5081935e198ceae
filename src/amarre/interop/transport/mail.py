"""Mail over STARTTLS with a client certificate: submission (RFC 6409) with delivery notifications (RFC 3461).

Reading is in imap.py. Nothing is retried here, and nothing is said before TLS (MSSanté ECO.1.0.1, ECO.1.2.1).
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from amarre.interop.common.errors import AmarreError
from amarre.interop.transport.errors import (
    ClientCertificateRefused,
    ServerNotTrusted,
    ServiceUnreachable,
    TransportError,
)
from amarre.interop.transport.mail_errors import (
    EncryptionUnavailable,
    LoginRefused,
    MailboxFull,
    MailboxUnknown,
    MailConnectionCut,
    MailOutcomeUnknown,
    MailProtocolError,
    MailServerSlow,
    MailTooLarge,
    MessageRefused,
    RecipientRefused,
    SenderRefused,
    TemporaryRefusal,
)
from amarre.interop.transport.recorder import NullRecorder, Recorder

# Words by which servers say that the client certificate is missing or refused, once TLS is up: Dovecot
# answers « Client didn't present valid SSL certificate », Postfix « must present client certificate ».
_CERTIFICATE_WORDS = re.compile(
    r"valid ssl certificate|client certificate|certificate required|certificat client", re.IGNORECASE
)
_QUEUED = re.compile(r"(?:queued as|queued-id|id=)\s*<?([A-Za-z0-9._-]+)", re.IGNORECASE)
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class MailDeadlines:
    """Seconds: to connect, for one command, for the answer to the content, for the whole exchange."""

    connect: float = 3.0
    command: float = 10.0
    content: float = 30.0
    whole: float = 60.0


DEFAULT_MAIL_DEADLINES = MailDeadlines()


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where one server of the operator is. `service` is its French name, for explanations."""

    host: str
    port: int
    context: ssl.SSLContext
    service: str = "L'opérateur MSSanté"
    ehlo_name: str = "localhost"


@dataclass(frozen=True, slots=True)
class Login:
    """How to open the mailbox: SASL mechanism, and a function that answers a challenge.

    EXTERNAL is used when the server offers it; a server that maps the certificate by itself offers nothing.
    """

    mailbox: str
    mechanism: str = "EXTERNAL"
    respond: Callable[[bytes], bytes] = lambda challenge: b""


@dataclass(frozen=True, slots=True)
class MailEnvelope:
    """SMTP envelope. `envelope_id` and recipients are given in plain text; they are written in xtext."""

    sender: str
    recipients: tuple[str, ...]
    envelope_id: str
    notify: tuple[str, ...] = ("SUCCESS", "FAILURE", "DELAY")


@dataclass(frozen=True, slots=True)
class Submission:
    """The operator's acceptance. `queue_id` is "" when the answer gives none."""

    reply_code: int
    reply_text: str
    queue_id: str
    notifications_requested: bool


def submit(
    server: MailServer,
    login: Login,
    envelope: MailEnvelope,
    message: bytes,
    *,
    deadlines: MailDeadlines = DEFAULT_MAIL_DEADLINES,
    recorder: Recorder | None = None,
) -> Submission:
    """Hand one message to the operator: every recipient is accepted, or nothing is sent.

    `message` has CRLF line ends. Raises the errors of mail_errors.py and errors.py; MailOutcomeUnknown is the
    only one after which the message may have been accepted.
    """
    record = (recorder or NullRecorder()).record
    with _session(server, deadlines) as smtp:
        _open(smtp, server, login)
        limit = smtp.esmtp_features.get("size", "")
        if limit.isascii() and limit.isdigit() and len(limit) < 19 and 0 < int(limit) < len(message):
            raise MailTooLarge(service=server.service)
        _envelope(smtp, server, envelope, len(message))
        record("mss-message.eml", message)
        code, text = _content(smtp, server, message, deadlines)
        record("mss-reponse-smtp.txt", f"{code} {text}".encode())
        queued = _QUEUED.search(text)
        return Submission(code, text, queued[1] if queued else "", smtp.has_extn("dsn"))


@contextlib.contextmanager
def _session(server: MailServer, deadlines: MailDeadlines) -> Iterator[smtplib.SMTP]:
    with translate(server.service, deadlines.command):
        smtp = _connect(server, deadlines)
        try:
            _socket(smtp).settimeout(deadlines.command)
            with cut_after(lambda: smtp.sock, deadlines.whole):
                yield smtp
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    smtp.quit()
        finally:
            smtp.close()


def _connect(server: MailServer, deadlines: MailDeadlines) -> smtplib.SMTP:
    try:
        return smtplib.SMTP(server.host, server.port, server.ehlo_name, timeout=deadlines.connect)
    except smtplib.SMTPConnectError as error:
        if error.smtp_code == -1:
            raise MailProtocolError(service=server.service) from error
        raise TemporaryRefusal(
            service=server.service, status=str(error.smtp_code), remote_text=_decode(error.smtp_error)
        ) from error
    except TimeoutError as error:
        raise ServiceUnreachable(service=server.service) from error


def _open(smtp: smtplib.SMTP, server: MailServer, login: Login) -> None:
    code, text = smtp.ehlo()
    if code >= 400:
        raise TemporaryRefusal(service=server.service, status=str(code), remote_text=_decode(text))
    if code != 250:
        raise MailProtocolError(service=server.service)
    if not smtp.has_extn("starttls"):
        raise EncryptionUnavailable(service=server.service)
    smtp.starttls(context=server.context)
    # In TLS 1.3 the refusal of our certificate appears here, at the first answer.
    try:
        code, text = smtp.ehlo()
    except smtplib.SMTPServerDisconnected as error:
        if isinstance(error.__context__, TimeoutError):
            raise
        raise ClientCertificateRefused(service=server.service) from error
    if code >= 400:
        raise login_error(server.service, _decode(text), str(code))
    if login.mechanism.lower() not in smtp.esmtp_features.get("auth", "").lower().split():
        return
    try:
        smtp.auth(
            login.mechanism,
            lambda challenge=None: login.respond(challenge or b"").decode("ascii"),
            # smtplib writes an empty initial response as nothing at all, where RFC 4954 §4 wants "=".
            initial_response_ok=login.mechanism != "EXTERNAL",
        )
    except smtplib.SMTPAuthenticationError as error:
        raise login_error(server.service, _decode(error.smtp_error), str(error.smtp_code)) from error


def login_error(service: str, text: str, status: str = "") -> AmarreError:
    """Return the error that a refused login means: our certificate, or the right on the mailbox."""
    if _CERTIFICATE_WORDS.search(text):
        return ClientCertificateRefused(service=service, remote_text=text, remote_code=status)
    if status.startswith("4"):
        return TemporaryRefusal(service=service, status=status, remote_text=text, remote_code=status)
    return LoginRefused(service=service, remote_text=text, remote_code=status)


def _envelope(smtp: smtplib.SMTP, server: MailServer, envelope: MailEnvelope, size: int) -> None:
    dsn = smtp.has_extn("dsn")
    options = [f"SIZE={size}"] if smtp.has_extn("size") else []
    if dsn:
        options += ["RET=HDRS", f"ENVID={_xtext(envelope.envelope_id)}"]
    code, text = smtp.mail(envelope.sender, options)
    if code != 250:
        raise _sender_error(server.service, code, _decode(text))
    for recipient in envelope.recipients:
        parameters: list[str] = []
        if dsn:
            parameters = [f"NOTIFY={','.join(envelope.notify)}", f"ORCPT=rfc822;{_xtext(recipient)}"]
        code, text = smtp.rcpt(recipient, parameters)
        if code not in (250, 251):
            raise _recipient_error(server.service, code, _decode(text))


def _content(
    smtp: smtplib.SMTP, server: MailServer, message: bytes, deadlines: MailDeadlines
) -> tuple[int, str]:
    code, reply = smtp.docmd("DATA")
    if code != 354:
        raise _content_error(server.service, code, _decode(reply))
    _socket(smtp).settimeout(deadlines.content)
    # One write: when it fails, the final dot did not leave whole, so the server cannot have accepted.
    smtp.send(_dotted(message))
    try:
        code, reply = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise MailOutcomeUnknown(service=server.service) from error
    if code != 250:
        raise _content_error(server.service, code, _decode(reply))
    return code, _decode(reply)


def _dotted(message: bytes) -> bytes:
    """Return the content with its lines ended by CRLF only, dots doubled (RFC 5321 §4.5.2), and the end.

    A lone CR or LF is what SMTP smuggling relies on: both become CRLF.
    """
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines) + b".\r\n"


def _sender_error(service: str, code: int, text: str) -> AmarreError:
    if _CERTIFICATE_WORDS.search(text):
        return ClientCertificateRefused(service=service, remote_text=text, remote_code=str(code))
    if code == 552 or ".3.4" in text:
        return MailTooLarge(service=service, remote_text=text, remote_code=str(code))
    if 400 <= code < 500:
        return TemporaryRefusal(service=service, status=_status(code, text), remote_text=text)
    return SenderRefused(service=service, remote_text=text, remote_code=_status(code, text))


def _recipient_error(service: str, code: int, text: str) -> AmarreError:
    status = _status(code, text)
    if status.endswith(".2.2"):
        return MailboxFull(remote_text=text, remote_code=status)
    if 400 <= code < 500:
        return TemporaryRefusal(service=service, status=status, remote_text=text, remote_code=status)
    if status.startswith("5.1.") or (status == "550" and code == 550):
        return MailboxUnknown(remote_text=text, remote_code=status)
    return RecipientRefused(service=service, status=status, remote_text=text, remote_code=status)


def _content_error(service: str, code: int, text: str) -> AmarreError:
    status = _status(code, text)
    if status.endswith((".3.4", ".2.3")) or status == "552":
        return MailTooLarge(service=service, remote_text=text, remote_code=status)
    if status.endswith(".2.2"):
        return MailboxFull(remote_text=text, remote_code=status)
    if 400 <= code < 500:
        return TemporaryRefusal(service=service, status=status, remote_text=text, remote_code=status)
    return MessageRefused(service=service, status=status, remote_text=text, remote_code=status)


def _status(code: int, text: str) -> str:
    match = _ENHANCED.search(text)
    return match[1] if match else str(code)


@contextlib.contextmanager
def translate(service: str, seconds: float) -> Iterator[None]:
    """Turn what the mail libraries and sockets raise into typed errors; typed errors pass."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise ServerNotTrusted(service=service) from error
    except ssl.SSLError as error:
        if "ALERT" in str(error).upper() or isinstance(error, ssl.SSLZeroReturnError | ssl.SSLEOFError):
            raise ClientCertificateRefused(service=service) from error
        raise MailProtocolError(service=service) from error
    except TimeoutError as error:
        raise MailServerSlow(service=service, seconds=int(seconds)) from error
    except (ConnectionRefusedError, socket.gaierror) as error:
        raise ServiceUnreachable(service=service) from error
    except smtplib.SMTPServerDisconnected as error:
        # smtplib hides the time-out of a read behind this class.
        if isinstance(error.__context__, TimeoutError):
            raise MailServerSlow(service=service, seconds=int(seconds)) from error
        raise MailConnectionCut(service=service) from error
    except smtplib.SMTPException as error:
        raise MailProtocolError(service=service) from error
    except OSError as error:
        raise MailConnectionCut(service=service) from error


@contextlib.contextmanager
def cut_after(connection: Callable[[], socket.socket | None], seconds: float) -> Iterator[None]:
    """Shut the connection down after `seconds` and raise TimeoutError.

    A server that sends one byte at a time never meets the time-out of a read.

    `connection` gives the socket of the moment: STARTTLS replaces it.
    """

    fired = threading.Event()

    def cut() -> None:
        fired.set()
        current = connection()
        if current is not None:
            with contextlib.suppress(OSError):
                # The plain socket's method: SSLSocket.shutdown would also drop its TLS object under a reader.
                socket.socket.shutdown(current, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except MailOutcomeUnknown:
        raise
    except (OSError, imaplib.IMAP4.error, TransportError) as error:
        if fired.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()


def _socket(smtp: smtplib.SMTP) -> socket.socket:
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected("not connected")
    return smtp.sock


def _xtext(text: str) -> str:
    return "".join(
        chr(byte) if 33 <= byte <= 126 and byte not in (0x2B, 0x3D) else f"+{byte:02X}"
        for byte in text.encode("ascii")
    )


def _decode(text: bytes | str) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "replace")
