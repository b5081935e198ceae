"""F6: services that drip, never end, announce 10 GB or do not read: each call is freed at its deadline, and
another service answers as fast as before.

`make test` plays a few calls; `make prove` plays 200 (AMARRE_PROVE_SLOW_CALLS).
"""

from __future__ import annotations

import os
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from amarre.interop.clients import dmp as dmp_client_module
from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.transport import Deadlines, HttpRequest, TlsHttpTransport
from amarre.interop.transport.errors import AnswerLate, AnswerLost, AnswerTooLarge, TransportError
from tests.interop.dmp import material

CALLS = int(os.environ.get("AMARRE_PROVE_SLOW_CALLS", "10"))
AT_ONCE = 16
PATIENCE = Deadlines(connect=1.0, first_byte=0.6, whole=1.2)
# What threads and the machine add to a deadline.
GRACE_SECONDS = 1.0
Evil = Callable[[socket.socket], None]


def drip_headers(peer: socket.socket) -> None:
    while True:
        peer.sendall(b"H")
        time.sleep(0.1)


def drip_body(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 5000\r\n\r\n")
    while True:
        peer.sendall(b"<")
        time.sleep(0.1)


def endless(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        peer.sendall(b"40000\r\n" + b"x" * 0x40000 + b"\r\n")


def ten_gigabytes(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n<a>")
    time.sleep(30)


def intermediate(peer: socket.socket) -> None:
    while True:
        peer.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
        time.sleep(0.1)


def silent(peer: socket.socket) -> None:
    time.sleep(30)


EVILS: tuple[Evil, ...] = (drip_headers, drip_body, endless, ten_gigabytes, intermediate, silent)


@contextmanager
def evil_server(evil: Evil) -> Iterator[str]:
    """A service that accepts everybody and treats each one the same way, in a thread of their own."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)

    def treat(peer: socket.socket) -> None:
        with peer:
            try:
                peer.recv(65_536)
                evil(peer)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=treat, args=(peer,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


@contextmanager
def good_server() -> Iterator[str]:
    """A service that answers at once."""

    def answer(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    with evil_server(answer) as url:
        yield url


def percentile(values: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def times_of(url: str, count: int) -> list[float]:
    """Return how long each of `count` calls to the good service lasts."""
    transport, found = TlsHttpTransport(None), []
    for _ in range(count):
        start = time.monotonic()
        transport.send(HttpRequest("POST", url, {}, b"?"), PATIENCE)
        found.append(time.monotonic() - start)
    transport.close()
    return found


@pytest.mark.req("quality-bars F6")
def test_each_call_is_freed_at_its_deadline_and_the_other_service_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dmp_client_module, "DEPOSIT_DEADLINES", PATIENCE)
    freed: list[float] = []
    wrong: list[str] = []

    def client_of(number: int) -> DmpClient:
        profile = replace(material.profile(), base_url=urls[number % len(urls)])
        return DmpClient(TlsHttpTransport(None), profile, clock=SystemClock(), ids=SystemIds())

    def call(number: int) -> None:
        client = client_of(number)
        start = time.monotonic()
        try:
            client.submit(frozen)
        except (AnswerLate, AnswerLost, AnswerTooLarge) as error:
            if not error.explanation().what:
                wrong.append("no sentence")
        except TransportError as error:
            wrong.append(type(error).__name__)
        else:
            wrong.append("accepted")
        freed.append(time.monotonic() - start)

    with good_server() as good, _all(EVILS) as urls, ThreadPoolExecutor(AT_ONCE) as pool:
        frozen = client_of(0).prepare(material.identity(), material.document())
        alone = times_of(good, 100)
        calls = [pool.submit(call, number) for number in range(CALLS)]
        beside = times_of(good, 100)
        for one in calls:
            one.result()
    print(
        f"{len(freed)} calls, the longest freed in {max(freed):.2f} s; other service: "
        f"p95 {percentile(alone) * 1000:.1f} ms alone, {percentile(beside) * 1000:.1f} ms beside"
    )
    assert wrong == []
    assert max(freed) < PATIENCE.whole + GRACE_SECONDS


@contextmanager
def _all(evils: tuple[Evil, ...]) -> Iterator[list[str]]:
    """Every evil service at once."""
    if not evils:
        yield []
        return
    with evil_server(evils[0]) as url, _all(evils[1:]) as others:
        yield [url, *others]
