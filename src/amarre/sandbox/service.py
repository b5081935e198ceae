"""The contract between the sandbox's server and each simulated HTTPS service.

A service receives a request with the verified client certificate and returns a response plus a verdict.
It never imports the kit's encoders or decoders of the same message: it judges by its own rule tables.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from cryptography import x509


@dataclass(frozen=True, slots=True)
class SandboxRequest:
    """One HTTP request. Header names are lower case; `query` is raw, without the question mark."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    client_certificate: x509.Certificate | None
    received_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class SandboxResponse:
    """One HTTP response. `cut` closes the connection instead of answering (answer lost).

    `declared_length` announces another length than the body's; the connection closes after the body.
    `truncate_at` sends the headers of the whole body, then only that many bytes, then closes. `send_rate`
    writes the body at that many bytes per second (0: at once).
    """

    status: int
    headers: dict[str, str]
    body: bytes
    cut: bool = False
    delay_seconds: float = 0.0
    truncate_at: int | None = None
    send_rate: float = 0.0
    declared_length: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """One check made on what was received: the rule, where it comes from, and the result in French.

    When not `blocking`, a failed check is a warning: the real service is not known to refuse for it.
    `expected`, `received` and `mend` (how to put it right) are given when the service knows them.
    """

    rule: str
    source: str
    passed: bool
    sentence: str
    blocking: bool = True
    expected: str = ""
    received: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sandbox thinks of one exchange, shown on the control page. `summary` is a French sentence."""

    accepted: bool
    operation: str
    summary: str
    remarks: tuple[Remark, ...] = ()
    # Decoded content worth showing, label → value, both in French.
    decoded: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GuideTable:
    """One table of what to know before calling a service, in French; every row has a cell per head."""

    title: str
    intro: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Store(Protocol):
    """Durable state of the sandbox: bytes under (service, key). Written atomically."""

    def get(self, service: str, key: str) -> bytes | None: ...
    def put(self, service: str, key: str, value: bytes) -> None: ...
    def delete(self, service: str, key: str) -> None: ...
    def keys(self, service: str, prefix: str = "") -> list[str]: ...

    def put_new(self, service: str, key: str, value: bytes) -> bool:
        """Write only when the key does not exist; return False otherwise (decides races between requests)."""
        ...

    def put_many(self, service: str, values: dict[str, bytes]) -> None:
        """Write several keys: all of them or none."""
        ...


@runtime_checkable
class Service(Protocol):
    """One simulated HTTPS service."""

    name: str
    # Path prefixes it answers, on the mutual-TLS port.
    prefixes: tuple[str, ...]
    # Situations it knows: name → French description.
    scenarios: dict[str, str]

    def handle(self, request: SandboxRequest) -> tuple[SandboxResponse, Verdict]: ...


@runtime_checkable
class AssertionService(Service, Protocol):
    """A service that also answers on the simple TLS port, where a signed assertion says who calls."""

    # Path prefixes it answers on the simple TLS port; `client_certificate` is None there.
    simple_prefixes: tuple[str, ...]


@runtime_checkable
class PlainPages(Protocol):
    """A service that also shows pages over plain HTTP on loopback (the browser has no client certificate)."""

    name: str
    # Path prefixes it answers on the plain port. `/bac-a-sable` belongs to the control page.
    plain_prefixes: tuple[str, ...]

    def handle_plain(self, request: SandboxRequest) -> tuple[SandboxResponse, Verdict | None]:
        """Answer a browser; `client_certificate` is None. A None verdict is not written in the journal."""
        ...


@runtime_checkable
class BackgroundService(Protocol):
    """A service with servers of its own (SMTP, IMAP), started and stopped with the sandbox."""

    name: str
    # Situations it knows: name → French description.
    scenarios: dict[str, str]

    def start(self) -> None:
        """Listen on the ports of the settings (0: any free port). Raises OSError when a port is taken."""
        ...

    def stop(self) -> None:
        """Stop listening and join every thread. Calling it twice is harmless."""
        ...

    def addresses(self) -> dict[str, tuple[str, int]]:
        """Return where it listens once started: name ("smtp", "imap") → host, port."""
        ...


@runtime_checkable
class Resettable(Protocol):
    """A service that holds state outside the store. Its keys in the store are erased by the sandbox."""

    def reset(self) -> None:
        """Forget everything received and go back to the initial cast."""
        ...


@runtime_checkable
class Observable(Protocol):
    """A service that tells what it holds: the oracle by which tests count effects."""

    def state(self) -> dict[str, object]:
        """Return JSON-ready effects, keyed by the identifier that must be unique (uniqueId, Message-ID)."""
        ...


@runtime_checkable
class Guided(Protocol):
    """A service that says how to meet each of its situations."""

    def guide(self) -> tuple[GuideTable, ...]:
        """Return the tables shown under its exchanges, and given by the API."""
        ...
