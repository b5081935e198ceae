"""The servers: who is let in, what the common situations do, and that one client cannot stop the others."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import CertificatePaths, FaultyUse, Use, faulty_paths

STRUCTURE = "1990000002"
Answer = tuple[int, dict[str, str], bytes]
Call = Callable[..., Answer]
PATIENTS = "/si-dmp-server/v2/services/patients"


@pytest.fixture
def certificate(sandbox: Sandbox) -> CertificatePaths:
    return sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE)


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (None, "Aucun certificat"),
        (FaultyUse.EXPIRED, "expiré"),
        (FaultyUse.OTHER_AUTHORITY, "autorité inconnue"),
        (FaultyUse.WRONG_PURPOSE, "pas un certificat d'authentification"),
    ],
)
def test_a_wrong_certificate_is_refused_by_tls_and_told_on_the_page(
    sandbox: Sandbox, call: Call, fault: FaultyUse | None, words: str
) -> None:
    certificate = faulty_paths(sandbox.settings.data_dir, fault) if fault else None
    with pytest.raises(ssl.SSLError, match="ALERT|alert"):
        call("POST", PATIENTS, b"x", certificate=certificate)
    wait_for(lambda: bool(sandbox.journal.list("inconnu")))
    assert words in sandbox.journal.list("inconnu")[0].verdict.summary


def test_a_signature_certificate_is_refused_by_tls(sandbox: Sandbox, call: Call) -> None:
    with pytest.raises(ssl.SSLError):
        call("POST", PATIENTS, b"x", certificate=sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE))


def test_tls_below_1_2_is_refused(sandbox: Sandbox, certificate: CertificatePaths) -> None:
    context = sandbox.pki.server_context()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_an_unknown_address_is_journalled(
    sandbox: Sandbox, call: Call, certificate: CertificatePaths
) -> None:
    status, _, _ = call("GET", "/nulle-part?a=1", certificate=certificate)
    exchange = sandbox.journal.list("inconnu")[0]
    assert (status, exchange.address) == (404, "GET /nulle-part?a=1")
    assert "OU=1990000002" in exchange.certificate


def test_common_situations_before_treatment(
    sandbox: Sandbox, call: Call, certificate: CertificatePaths
) -> None:
    sandbox.choose("dmp", "indisponible", 1)
    assert call("POST", PATIENTS, b"x", certificate=certificate)[0] == 503
    sandbox.choose("dmp", "page-html", 1)
    status, headers, body = call("POST", PATIENTS, b"x", certificate=certificate)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"<html>" in body
    sandbox.choose("dmp", "coupure-avant", 1)
    with pytest.raises((http.client.HTTPException, OSError)):
        call("POST", PATIENTS, b"x", certificate=certificate)
    assert call("POST", PATIENTS, b"x", certificate=certificate)[0] == 500


def test_common_situations_after_treatment(
    sandbox: Sandbox, call: Call, certificate: CertificatePaths
) -> None:
    sandbox.choose("dmp", "reponse-perdue", 1)
    with pytest.raises((http.client.HTTPException, OSError)):
        call("POST", PATIENTS, b"x", certificate=certificate)
    sandbox.choose("dmp", "reponse-tronquee", 1)
    with pytest.raises(http.client.IncompleteRead):
        call("POST", PATIENTS, b"x", certificate=certificate)
    sandbox.choose("dmp", "reponse-illisible", 1)
    assert b"Envelope" not in call("POST", PATIENTS, b"x", certificate=certificate)[2]
    sandbox.choose("dmp", "reponse-geante", 1)
    with pytest.raises(http.client.IncompleteRead):
        call("POST", PATIENTS, b"x", certificate=certificate)
    sandbox.choose("dmp", "reponse-goutte-a-goutte", 1)
    with pytest.raises(TimeoutError):
        call("POST", PATIENTS, b"x", certificate=certificate, timeout=0.3)
    sandbox.choose("dmp", "reponse-lente", 1)
    begun = time.monotonic()
    call("POST", PATIENTS, b"x", certificate=certificate)
    assert time.monotonic() - begun >= sandbox.settings.slow_answer_seconds
    assert len(sandbox.journal.list("dmp")) == 6


def test_a_slow_answer_and_stalled_clients_do_not_stop_the_others(
    sandbox: Sandbox, call: Call, certificate: CertificatePaths
) -> None:
    port = urlsplit(sandbox.https_url).port or 0
    stalled = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
    for connection in stalled:
        connection.sendall(b"\x16\x03\x01")
    sandbox.choose("dmp", "reponse-lente", 1)
    slow = threading.Thread(target=lambda: call("POST", PATIENTS, b"x", certificate=certificate))
    slow.start()
    wait_for(lambda: bool(sandbox.journal.list("dmp")))
    begun = time.monotonic()
    assert call("POST", PATIENTS, b"x", certificate=certificate)[0] == 500
    assert time.monotonic() - begun < 1.5
    slow.join()
    for connection in stalled:
        connection.close()


def test_many_requests_at_once_are_all_answered_and_journalled(
    sandbox: Sandbox, call: Call, certificate: CertificatePaths
) -> None:
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(call("POST", PATIENTS, b"x", certificate=certificate)[0])
        )
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [500] * 20
    assert len(sandbox.journal.list("dmp")) == 20


def test_a_body_over_the_limit_is_refused(sandbox: Sandbox, certificate: CertificatePaths) -> None:
    context = ssl.create_default_context(cafile=str(certificate.authorities))
    context.load_cert_chain(certificate.certificate, certificate.key)
    connection = http.client.HTTPSConnection("localhost", urlsplit(sandbox.https_url).port, context=context)
    connection.putrequest("POST", PATIENTS)
    connection.putheader("Content-Length", str(10 * 1024**3))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize(
    "header", ["Content-Length: -5\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n"]
)
def test_a_body_of_no_length_is_refused(
    sandbox: Sandbox, certificate: CertificatePaths, header: str, caplog: pytest.LogCaptureFixture
) -> None:
    context = ssl.create_default_context(cafile=str(certificate.authorities))
    context.load_cert_chain(certificate.certificate, certificate.key)
    address = ("localhost", urlsplit(sandbox.https_url).port or 0)
    with context.wrap_socket(socket.create_connection(address, 5), server_hostname="localhost") as peer:
        peer.sendall(f"POST {PATIENTS} HTTP/1.1\r\nHost: localhost\r\n{header}".encode())
        said = b"".join(iter(lambda: peer.recv(200), b""))
    assert said.startswith(b"HTTP/1.1 400")
    assert said.count(b"HTTP/1.1") == 1
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


def test_a_situation_that_does_not_exist_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(KeyError):
        sandbox.choose("dmp", "inconnue")
    with pytest.raises(KeyError):
        sandbox.choose("autre", "indisponible")
