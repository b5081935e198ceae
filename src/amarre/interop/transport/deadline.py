"""A bound on the whole of an exchange, from the connection to the last byte, whatever the far side does.

The time-outs of a client are counted from one read to the next: a service that gives one byte a second, in
its headers or in endless intermediate answers, never meets them. Here every read and every write of a
connection also ends at the deadline of the exchange that its thread is playing.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore2

# Small enough that a far side which reads slowly is seen between two pieces.
PIECE = 16 * 1024

_end: ContextVar[float] = ContextVar("amarre_exchange_end", default=float("inf"))


@contextmanager
def ending_in(seconds: float) -> Iterator[None]:
    """Give the exchanges of the block, in this thread, `seconds` in all."""
    token = _end.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(token)


def remaining(timeout: float | None, failure: type[Exception]) -> float | None:
    """Return the time a step may take: its own time-out, or what is left. Raises `failure` when none is."""
    left = _end.get() - time.monotonic()
    if left <= 0:
        raise failure("the deadline of the whole exchange has passed")
    return left if timeout is None else min(timeout, left)


class DeadlineBackend(httpcore2.NetworkBackend):
    """Opens connections whose steps all end at the deadline of the exchange."""

    def __init__(self) -> None:
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect; raises what the inner backend raises."""
        limit = remaining(timeout, httpcore2.ConnectTimeout)
        return DeadlineStream(self._inner.connect_tcp(host, port, limit, local_address, socket_options))


class DeadlineStream(httpcore2.NetworkStream):
    """One connection. It may serve several exchanges, one after the other, each with its own deadline."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come; raises httpcore2.ReadTimeout at the deadline."""
        return self._inner.read(max_bytes, remaining(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write everything; raises httpcore2.WriteTimeout at the deadline."""
        for start in range(0, len(buffer), PIECE):
            piece = buffer[start : start + PIECE]
            self._inner.write(piece, remaining(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Do the TLS handshake; raises httpcore2.ConnectTimeout at the deadline."""
        limit = remaining(timeout, httpcore2.ConnectTimeout)
        return DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> Any:
        """Return what the inner connection knows (socket, addresses, certificate)."""
        return self._inner.get_extra_info(info)
