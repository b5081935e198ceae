"""What goes wrong between two machines has a name, and says whether bytes may have had an effect."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from amarre.interop.common.errors import Effect, Retry
from amarre.interop.transport import (
    Deadlines,
    FolderRecorder,
    HttpRequest,
    NullRecorder,
    TlsHttpTransport,
    client_context,
)
from amarre.interop.transport.errors import (
    AnswerLate,
    AnswerLost,
    AnswerTooLarge,
    CertificateUnusable,
    ClientCertificateRefused,
    ServerNotTrusted,
    ServiceUnreachable,
    TransportError,
)
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import FaultyUse, Use, certificate_paths, faulty_paths
from amarre.sandbox.pytest_plugin import running_sandbox, sandbox, sandbox_data

__all__ = ["running_sandbox", "sandbox", "sandbox_data"]

SHORT = Deadlines(connect=1, first_byte=0.5, whole=1)
STRUCTURE = "1990000002"


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A plain server that accepts one connection, reads the request, and does what it is told."""
    listening = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65_536)
            answer(connection)
            done.wait(3)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        done.set()
        thread.join()
        listening.close()


def post(url: str, *, limit: int = 1_000_000) -> bytes:
    transport = TlsHttpTransport(None, max_answer_bytes=limit)
    try:
        request = HttpRequest("POST", url, {}, b"question", "Le service d'essai")
        return transport.send(request, SHORT).body
    finally:
        transport.close()


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ServiceUnreachable) as caught:
        post(f"http://127.0.0.1:{port}/")
    assert (caught.value.effect, caught.value.retry) == (Effect.NONE, Retry.LATER)


def silent(connection: socket.socket) -> None:
    """Says nothing."""


def half(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    connection.shutdown(socket.SHUT_RDWR)


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        for _ in range(60):
            connection.sendall(b"1\r\nx\r\n")
            threading.Event().wait(0.05)
    except OSError:
        return


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n")
    try:
        for _ in range(90):
            connection.sendall(b"x" * 100_000)
    except OSError:
        return


def drip_headers(connection: socket.socket) -> None:
    """Each byte comes in time; the whole never does."""
    try:
        for byte in b"HTTP/1.1 200 OK\r\nX-Filler: " + b"x" * 100:
            connection.sendall(bytes([byte]))
            threading.Event().wait(0.05)
    except OSError:
        return


def endless_intermediate(connection: socket.socket) -> None:
    try:
        for _ in range(100):
            connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
            threading.Event().wait(0.05)
    except OSError:
        return


@pytest.mark.req("quality-bars F4, F5, F6")
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (silent, AnswerLate),
        (half, AnswerLost),
        (drip, AnswerLate),
        (drip_headers, AnswerLate),
        (endless_intermediate, AnswerLate),
        (endless, AnswerTooLarge),
    ],
)
def test_after_the_request_left_the_effect_is_unknown(
    answer: Callable[[socket.socket], None], error: type[TransportError]
) -> None:
    with server(answer) as url, pytest.raises(error) as caught:
        post(url)
    assert caught.value.effect is Effect.UNKNOWN
    assert "Le service d'essai" in caught.value.explanation().what


@pytest.mark.req("quality-bars F6")
@pytest.mark.parametrize("answer", [drip, drip_headers, endless_intermediate])
def test_a_service_that_never_stops_is_left_at_the_deadline_of_the_whole(
    answer: Callable[[socket.socket], None],
) -> None:
    start = time.monotonic()
    with server(answer) as url:
        with pytest.raises(AnswerLate) as caught:
            post(url)
        passed = time.monotonic() - start
    assert passed < SHORT.whole + 0.5
    assert "en 1 secondes" in caught.value.explanation().what.replace("\u00a0", " ")


@pytest.mark.req("quality-bars F6")
def test_a_service_that_reads_slowly_is_left_at_the_deadline_of_the_whole() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    done = threading.Event()

    def read_slowly() -> None:
        connection, _ = listening.accept()
        with connection:
            while not done.wait(0.1) and connection.recv(20_000):
                pass

    thread = threading.Thread(target=read_slowly)
    thread.start()
    transport = TlsHttpTransport(None)
    start = time.monotonic()
    try:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        request = HttpRequest("POST", url, {}, b"x" * 20_000_000, "Le service d'essai")
        with pytest.raises(AnswerLate):
            transport.send(request, SHORT)
        assert time.monotonic() - start < SHORT.whole + 0.6
    finally:
        done.set()
        transport.close()
        thread.join(5)
        listening.close()


def test_any_status_is_an_answer_and_redirections_are_not_followed() -> None:
    def moved(connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 4\r\n\r\nmove"
        )

    with server(moved) as url:
        assert post(url) == b"move"


def tls_post(sandbox: Sandbox, ca: Path, certificate: Path | None, key: Path | None) -> int:
    transport = TlsHttpTransport(client_context(ca, certificate, key))
    try:
        request = HttpRequest("POST", f"{sandbox.https_url}/lps", {"content-type": "text/xml"}, b"<a/>")
        return transport.send(request).status
    finally:
        transport.close()


@pytest.mark.req("DMP §4.2, MSSanté ECO.1.1.10")
def test_only_our_authority_and_only_with_our_certificate(sandbox: Sandbox, sandbox_data: Path) -> None:
    good = certificate_paths(sandbox_data, Use.INSI, STRUCTURE)
    assert tls_post(sandbox, good.authorities, good.certificate, good.key) >= 400
    other = faulty_paths(sandbox_data, FaultyUse.OTHER_AUTHORITY)
    with pytest.raises(ServerNotTrusted):
        tls_post(sandbox, other.certificate, good.certificate, good.key)
    for fault in (FaultyUse.EXPIRED, FaultyUse.OTHER_AUTHORITY):
        bad = faulty_paths(sandbox_data, fault)
        with pytest.raises(ClientCertificateRefused):
            tls_post(sandbox, good.authorities, bad.certificate, bad.key)
    with pytest.raises(ClientCertificateRefused):
        tls_post(sandbox, good.authorities, None, None)


def test_unusable_files_are_explained(sandbox_data: Path, running_sandbox: Sandbox, tmp_path: Path) -> None:
    good = certificate_paths(sandbox_data, Use.INSI, STRUCTURE)
    other = certificate_paths(sandbox_data, Use.MSSANTE, STRUCTURE)
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("nothing of a certificate")
    for ca, certificate, key in (
        (garbage, good.certificate, good.key),
        (tmp_path / "absent.pem", good.certificate, good.key),
        (good.authorities, tmp_path / "absent.pem", good.key),
        (good.authorities, garbage, good.key),
        (good.authorities, good.certificate, other.key),
    ):
        with pytest.raises(CertificateUnusable):
            client_context(ca, certificate, key)


def test_recorder_keeps_every_byte_in_order(tmp_path: Path) -> None:
    for recorder in (FolderRecorder(tmp_path / "kept"), FolderRecorder(tmp_path / "kept")):
        recorder.record("insi-requete", b"question")
        recorder.record("insi-reponse", b"answer")
    NullRecorder().record("nothing", b"kept")
    kept = sorted(path.name for path in (tmp_path / "kept").iterdir())
    assert kept == ["0001-insi-requete", "0002-insi-reponse", "0003-insi-requete", "0004-insi-reponse"]
    assert (tmp_path / "kept" / "0004-insi-reponse").read_bytes() == b"answer"


def test_recorded_bytes_can_be_read_by_a_foreign_tool(tmp_path: Path) -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        )

    with server(answer) as url:
        transport = TlsHttpTransport(None, FolderRecorder(tmp_path))
        headers = {"Content-Type": 'multipart/related; boundary="b"; type="application/xop+xml"'}
        transport.send(HttpRequest("POST", url, headers, b"--b--", "Le service", "dmp-td2.1"), SHORT)
        transport.close()
    kept = {path.name[5:]: path.read_bytes() for path in tmp_path.iterdir()}
    assert kept["dmp-td2.1-requete.mime"] == b"--b--"
    assert kept["dmp-td2.1-reponse.json"] == b"{}"
    assert b'boundary="b"' in kept["dmp-td2.1-requete-entetes.txt"]
    assert kept["dmp-td2.1-reponse-entetes.txt"].startswith(b"HTTP 200")
