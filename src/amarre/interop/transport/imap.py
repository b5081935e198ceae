"""Reading a mailbox by IMAP (RFC 3501) over STARTTLS with a client certificate."""

from __future__ import annotations

import contextlib
import datetime
import imaplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError
from imapclient.imapclient import SEEN, SENT

from amarre.interop.transport.errors import ClientCertificateRefused, ServiceUnreachable
from amarre.interop.transport.mail import (
    DEFAULT_MAIL_DEADLINES,
    Login,
    MailDeadlines,
    MailServer,
    cut_after,
    login_error,
    translate,
)
from amarre.interop.transport.mail_errors import (
    EncryptionUnavailable,
    FolderUnavailable,
    MailConnectionCut,
    MailProtocolError,
    MailServerSlow,
)
from amarre.interop.transport.recorder import NullRecorder, Recorder


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One message of a folder. `data` is None when it is larger than what was asked for."""

    uid: int
    size: int
    data: bytes | None


class MailboxSession:
    """An open mailbox. Flags are never changed by reading."""

    def __init__(self, client: IMAPClient, service: str, recorder: Recorder) -> None:
        self._client = client
        self._service = service
        self._recorder = recorder

    def sent_folder(self) -> str:
        """Return the folder of sent messages: the one marked \\Sent (RFC 6154), else « Sent », created."""
        with self._folder("Sent"):
            found = self._client.find_special_folder(SENT)
            name = str(found) if found else "Sent"
            if not self._client.folder_exists(name):
                self._client.create_folder(name)
            return name

    def open(self, folder: str) -> int:
        """Select `folder` read-only and return its UIDVALIDITY. Raises FolderUnavailable."""
        with self._folder(folder):
            answer = self._client.select_folder(folder, readonly=True)
            return int(answer.get(b"UIDVALIDITY", 0))

    def uids_with_message_id(self, message_id: str) -> list[int]:
        """Return the UIDs, in the open folder, of the messages bearing exactly that Message-ID."""
        with self._folder("recherche"):
            found = self._client.search(["HEADER", "Message-ID", message_id])
            exact: list[int] = []
            for uid, answer in self._fetch(found, "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]").items():
                # SEARCH HEADER matches substrings (RFC 3501 §6.4.4).
                value = b"".join(item for item in answer.values() if isinstance(item, bytes))
                if value.partition(b":")[2].strip() == message_id.encode("ascii"):
                    exact.append(uid)
            return sorted(exact)

    def uids_after(self, uid: int, since: datetime.date | None = None) -> list[int]:
        """Return the UIDs greater than `uid` in the open folder, oldest first."""
        criteria: list[object] = ["UID", f"{uid + 1}:*"]
        if since is not None:
            criteria += ["SINCE", since]
        with self._folder("recherche"):
            # « n:* » always returns the last message, even when its UID is below n (RFC 3501 §6.4.8).
            return sorted(found for found in self._client.search(criteria) if found > uid)

    def fetch(self, uid: int, max_bytes: int) -> StoredMail | None:
        """Return one message without marking it read; None when it is gone."""
        with self._folder("lecture"):
            size = self._fetch([uid], "RFC822.SIZE").get(uid, {}).get(b"RFC822.SIZE")
            if not isinstance(size, int):
                return None
            if size > max_bytes:
                return StoredMail(uid, size, None)
            data = self._fetch([uid], "BODY.PEEK[]").get(uid, {}).get(b"BODY[]")
            if not isinstance(data, bytes):
                return None
            self._recorder.record("mss-recu.eml", data)
            return StoredMail(uid, size, data)

    def append(self, folder: str, message: bytes, at: datetime.datetime) -> None:
        """Write a read copy of `message` in `folder`. Raises FolderUnavailable."""
        with self._folder(folder):
            self._client.append(folder, message, flags=[SEEN], msg_time=at)

    def _fetch(self, uids: list[int], item: str) -> dict[int, dict[bytes, object]]:
        return dict(self._client.fetch(uids, [item])) if uids else {}

    @contextlib.contextmanager
    def _folder(self, folder: str) -> Iterator[None]:
        try:
            yield
        except IMAPClientAbortError as error:
            raise MailConnectionCut(service=self._service) from error
        except IMAPClientError as error:
            raise FolderUnavailable(folder=folder, remote_text=str(error)) from error


@contextlib.contextmanager
def open_mailbox(
    server: MailServer,
    login: Login,
    *,
    deadlines: MailDeadlines = DEFAULT_MAIL_DEADLINES,
    recorder: Recorder | None = None,
) -> Iterator[MailboxSession]:
    """Open the mailbox, and close it whatever happens. Raises the errors of mail_errors.py and errors.py."""
    with translate(server.service, deadlines.command):
        client = _connect(server, deadlines)
        try:
            with cut_after(client.socket, deadlines.whole):
                _login(client, server, login)
                yield MailboxSession(client, server.service, recorder or NullRecorder())
        except IMAPClientAbortError as error:
            raise MailConnectionCut(service=server.service) from error
        finally:
            with contextlib.suppress(IMAPClientError, OSError):
                client.logout()
            with contextlib.suppress(IMAPClientError, OSError):
                client.shutdown()


def _connect(server: MailServer, deadlines: MailDeadlines) -> IMAPClient:
    timeout = SocketTimeout(connect=deadlines.connect, read=deadlines.command)
    try:
        return IMAPClient(server.host, server.port, use_uid=True, ssl=False, timeout=timeout)
    except TimeoutError as error:
        raise MailServerSlow(service=server.service, seconds=int(deadlines.command)) from error
    except OSError as error:
        raise ServiceUnreachable(service=server.service) from error
    except imaplib.IMAP4.abort as error:
        if "unexpected response" in str(error):
            raise MailProtocolError(service=server.service) from error
        raise MailConnectionCut(service=server.service) from error
    except imaplib.IMAP4.error as error:
        raise MailProtocolError(service=server.service) from error


def _login(client: IMAPClient, server: MailServer, login: Login) -> None:
    if not client.has_capability("STARTTLS"):
        raise EncryptionUnavailable(service=server.service)
    try:
        client.starttls(server.context)
        client.sasl_login(login.mechanism, login.respond)
    except (IMAPClientAbortError, ssl.SSLEOFError, ConnectionError) as error:
        # In TLS 1.3 the refusal of our certificate appears here, as a connection closed once encrypted.
        if isinstance(client.socket(), ssl.SSLSocket):
            raise ClientCertificateRefused(service=server.service) from error
        raise MailConnectionCut(service=server.service) from error
    except (LoginError, CapabilityError) as error:
        raise login_error(server.service, str(error)) from error
