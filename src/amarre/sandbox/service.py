"""The contract between the sandbox's server and each simulated HTTPS service.

A service receives a request with the verified client certificate and returns a response plus a verdict.
It never imports the kit's encoders or decoders of the same message: it judges by its own rule tables.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Protocol

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
    """One HTTP response. `cut` closes the connection instead of answering (answer lost)."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: bool = False
    delay_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Remark:
    """One check made on what was received: the rule, where it comes from, and the result in French."""

    rule: str
    source: str
    passed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sandbox thinks of one exchange, shown on the control page. `summary` is a French sentence."""

    accepted: bool
    operation: str
    summary: str
    remarks: tuple[Remark, ...] = ()
    # Decoded content worth showing, label → value, both in French.
    decoded: dict[str, str] = field(default_factory=dict)


class Store(Protocol):
    """Durable state of the sandbox: bytes under (service, key). Written atomically."""

    def get(self, service: str, key: str) -> bytes | None: ...
    def put(self, service: str, key: str, value: bytes) -> None: ...
    def delete(self, service: str, key: str) -> None: ...
    def keys(self, service: str, prefix: str = "") -> list[str]: ...


class Scenarios(Protocol):
    """The situations chosen on the control page."""

    def active(self, service: str) -> str:
        """Return the name of the situation active for `service`, "" when it behaves normally."""
        ...

    def consume(self, service: str) -> str:
        """Like `active`, and counts one use: a situation set for N exchanges stops after the N-th."""
        ...


class Service(Protocol):
    """One simulated HTTPS service."""

    name: str
    # Path prefixes it answers, on the mutual-TLS port.
    prefixes: tuple[str, ...]
    # Situations it knows: name → French description.
    scenarios: dict[str, str]

    def handle(self, request: SandboxRequest) -> tuple[SandboxResponse, Verdict]: ...
