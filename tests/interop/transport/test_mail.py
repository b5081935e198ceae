"""The mail transport against scripted servers that misbehave on a plain socket."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from amarre.interop.common.errors import Effect
from amarre.interop.transport.errors import TransportError
from amarre.interop.transport.imap import open_mailbox
from amarre.interop.transport.mail import Login, MailDeadlines, MailEnvelope, MailServer, _dotted, submit
from amarre.interop.transport.mail_errors import (
    EncryptionUnavailable,
    MailConnectionCut,
    MailProtocolError,
    MailServerSlow,
    TemporaryRefusal,
)

QUICK = MailDeadlines(connect=0.5, command=0.5, content=0.5, whole=1.5)
ENVELOPE = MailEnvelope("a@b.mssante.fr", ("c@d.mssante.fr",), "x@y")
Script = Callable[[socket.socket], None]


@contextlib.contextmanager
def server(script: Script) -> Iterator[MailServer]:
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                script(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        yield MailServer("127.0.0.1", listener.getsockname()[1], context)
    finally:
        listener.close()
        thread.join(5)


def say(*lines: bytes) -> Script:
    def script(connection: socket.socket) -> None:
        for line in lines:
            connection.sendall(line)
            connection.recv(1000)

    return script


def drip(connection: socket.socket) -> None:
    connection.sendall(b"220 ready\r\n")
    connection.recv(1000)
    for _ in range(100):
        connection.sendall(b"2")
        time.sleep(0.1)


def silence(connection: socket.socket) -> None:
    connection.recv(1000)


def quiet_after_greeting(connection: socket.socket) -> None:
    connection.sendall(b"220 ready\r\n")
    connection.recv(1000)
    connection.recv(1000)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (say(b"220 ready\r\n", b"250 only me\r\n", b"221 bye\r\n"), EncryptionUnavailable),
        (say(b"421 closed\r\n"), TemporaryRefusal),
        (say(b"HTTP/1.1 400 Bad Request\r\n\r\n"), MailProtocolError),
        (say(b"220 ready\r\n"), MailConnectionCut),
        (
            say(b"220 ready\r\n", b"250-me\r\n250 STARTTLS\r\n", b"220 go\r\n", b"no tls here\r\n"),
            MailProtocolError,
        ),
        (silence, MailServerSlow),
        (quiet_after_greeting, MailServerSlow),
        (drip, MailServerSlow),
    ],
)
def test_submission_to_a_server_that_misbehaves(script: Script, error: type[TransportError]) -> None:
    start = time.monotonic()
    with server(script) as target, pytest.raises(error) as raised:
        submit(target, Login("a@b.mssante.fr"), ENVELOPE, b"x\r\n", deadlines=QUICK)
    assert raised.value.effect is Effect.NONE
    assert time.monotonic() - start < 4


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (say(b"* OK ready\r\n", b"* CAPABILITY IMAP4rev1\r\n"), TransportError),
        (say(b"HTTP/1.1 400 Bad Request\r\n\r\n"), MailProtocolError),
        (say(b"* BYE later\r\n"), TransportError),
        (silence, MailServerSlow),
    ],
)
def test_reading_from_a_server_that_misbehaves(script: Script, error: type[TransportError]) -> None:
    with server(script) as target, pytest.raises(error), open_mailbox(target, Login("a@b"), deadlines=QUICK):
        pass


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"a\r\n.\r\nMAIL FROM:<x>\r\n", b"a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"),
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r.\rb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\n.\r\nb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r\n.\nb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r\r\n.\r\n", b"a\r\n\r\n..\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
    ],
)
def test_nothing_in_the_content_ends_it_early(content: bytes, sent: bytes) -> None:
    assert _dotted(content) == sent
