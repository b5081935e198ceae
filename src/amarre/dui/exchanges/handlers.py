"""How upper contexts plug into the outbox: one handler per kind of exchange, registered at start-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from amarre.dui.audit.value_words import say
from amarre.dui.exchanges.errors import UnknownKind
from amarre.dui.exchanges.models import Exchange


@dataclass(frozen=True, slots=True)
class Job:
    """What a handler receives: plain values, so that it holds no transaction and no lazy query."""

    exchange_id: int
    reference: str
    essms_id: int
    dossier_id: int | None
    attempt: int
    payload: dict[str, Any]
    parts: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the service answered, as values kept in `Exchange.result` (no health data, no traits)."""

    summary: str
    result: dict[str, Any] = field(default_factory=dict)
    # Bytes or objects `apply` needs, not kept in the row.
    carried: Any = None


@dataclass(frozen=True, slots=True)
class Description:
    """How an exchange is shown: a French title, its destination, and the page of its subject."""

    title: str
    destination: str
    url: str


class Handler(Protocol):
    """One kind of exchange."""

    kind: str
    service: str
    # French name of the service, for sentences.
    service_label: str
    # True when a receipt may follow the acceptance (mail).
    has_receipts: bool
    # True when sending twice is one effect there (the service knows our identifiers, or it is a question).
    recognises_resends: bool
    # True for a question that the software asks by itself: shown by its own page, not among « Envois ».
    is_quiet: bool

    def send(self, job: Job) -> Outcome:
        """Make the effect happen. Called outside any transaction. Raises AmarreError."""
        ...

    def find(self, job: Job) -> Outcome | None:
        """Ask whether the effect already happened; None means certainly not. Raises AmarreError."""
        ...

    def apply(self, exchange: Exchange, outcome: Outcome) -> None:
        """Write the consequences of the acceptance, inside the transaction that marks it."""
        ...

    def failed(self, exchange: Exchange) -> None:
        """Write the consequences of a refusal or of giving up, inside the same transaction."""
        ...

    def describe(self, exchange: Exchange) -> Description:
        """Return how the exchange is shown."""
        ...


@runtime_checkable
class Completing(Protocol):
    """A handler whose bytes need an answer from outside before they are whole (a number to replace)."""

    def complete(self, job: Job) -> dict[str, bytes]:
        """Return the parts still missing, {} when nothing is. Called outside any transaction, before `send`.

        What it returns is written before anything leaves, once: every later attempt finds it in `job.parts`.
        It sends nothing but questions; raises AmarreError, whose effect is never doubtful.
        """
        ...


_HANDLERS: dict[str, Handler] = {}


@dataclass(frozen=True, slots=True)
class Periodic:
    """A task run every `seconds` by one of the workers."""

    name: str
    seconds: int
    run: Callable[[], object]


_PERIODIC: dict[str, Periodic] = {}


def register(handler: Handler) -> None:
    """Declare a handler; called from the `ready` of its application."""
    _HANDLERS[handler.kind] = handler
    say("", kind={handler.kind: handler.service_label})


def register_periodic(name: str, seconds: int, run: Callable[[], object]) -> None:
    """Declare a periodic task; called from the `ready` of its application."""
    _PERIODIC[name] = Periodic(name, seconds, run)


def handler_of(kind: str) -> Handler:
    """Return the handler of a kind. Raises UnknownKind."""
    try:
        return _HANDLERS[kind]
    except KeyError:
        raise UnknownKind(kind=kind) from None


def described(exchange: Exchange) -> Description:
    """Return how an exchange is shown, even of a kind that nobody handles (an update is incomplete)."""
    handler = _HANDLERS.get(exchange.kind)
    return handler.describe(exchange) if handler else Description("Envoi", exchange.service, "")


def has_receipts(kind: str) -> bool:
    """Say whether a receipt may follow the acceptance of this kind."""
    handler = _HANDLERS.get(kind)
    return handler is not None and handler.has_receipts


def quiet_kinds() -> tuple[str, ...]:
    """Return the kinds that « Envois » does not list."""
    return tuple(sorted(handler.kind for handler in _HANDLERS.values() if handler.is_quiet))


def registered_handlers() -> tuple[Handler, ...]:
    """Return every declared handler."""
    return tuple(_HANDLERS.values())


def periodic_tasks() -> tuple[Periodic, ...]:
    """Return the declared periodic tasks."""
    return tuple(_PERIODIC.values())
