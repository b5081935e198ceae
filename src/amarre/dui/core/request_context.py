"""What is known of the request in progress, for the trace and the logs."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Identifier of the request (shown to the person, copied when asking for help) and its origin."""

    request_id: str
    origin: str = ""


_current: ContextVar[RequestContext | None] = ContextVar("amarre_request_context", default=None)


def current() -> RequestContext:
    """Return the context of the request in progress, or an empty one outside a request."""
    return _current.get() or RequestContext("")


def new_request_id() -> str:
    """Return a fresh identifier: 32 hexadecimal digits, nothing of the person in it."""
    return secrets.token_hex(16)


@contextmanager
def request_context(context: RequestContext) -> Iterator[None]:
    """Make `context` the current one for the time of the block (a request, one job of the worker)."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
