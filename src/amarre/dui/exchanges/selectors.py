"""What the pages of exchanges read."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from amarre.dui.core.actor import Actor
from amarre.dui.core.paging import Page, keyset_page
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.handlers import quiet_kinds, registered_handlers
from amarre.dui.exchanges.models import Circuit, Exchange
from amarre.dui.exchanges.querysets import ExchangeQuerySet

PAGE_SIZE = 25


class Shelf(StrEnum):
    """The four lists of the page; the value travels in the address."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Shelf:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    TO_DO = "a-traiter", "À traiter"
    UNDER_WAY = "en-cours", "En cours"
    ENDED = "termines", "Terminés"
    ALL = "tous", "Tous"


@dataclass(frozen=True, slots=True)
class Resting:
    """A service that is left alone after repeated failures: until when, and how many exchanges wait."""

    service: str
    name: str
    since: datetime.datetime | None
    until: datetime.datetime
    waiting: int


def exchanges_of(actor: Actor, shelf: Shelf, service: str = "") -> ExchangeQuerySet:
    """Return the exchanges of the actor's establishment on one shelf."""
    rows = cast(ExchangeQuerySet, Exchange.objects.visible_to(actor)).exclude(kind__in=quiet_kinds())
    match shelf:
        case Shelf.TO_DO:
            rows = rows.awaiting_someone()
        case Shelf.UNDER_WAY:
            rows = rows.under_way()
        case Shelf.ENDED:
            rows = rows.ended()
    return rows.filter(service=service) if service else rows


def exchange_page(actor: Actor, shelf: Shelf, service: str = "", cursor: str = "") -> Page[Exchange]:
    """Return one page, newest first."""
    return keyset_page(exchanges_of(actor, shelf, service), order=("-pk",), cursor=cursor, size=PAGE_SIZE)


def count_to_do(actor: Actor) -> int:
    """Return how many exchanges wait for someone."""
    return exchanges_of(actor, Shelf.TO_DO).count()


def count_stopped(actor: Actor) -> int:
    """Return how many exchanges stopped and wait to be resumed, quiet ones included."""
    return cast(ExchangeQuerySet, Exchange.objects.visible_to(actor)).stopped().count()


def count_alike(actor: Actor, exchange: Exchange) -> int:
    """Return how many exchanges stopped for the same cause as this one, itself included."""
    rows = cast(ExchangeQuerySet, Exchange.objects.visible_to(actor)).stopped()
    return rows.filter(cause=exchange.cause, service=exchange.service).count()


def service_labels() -> dict[str, str]:
    """Return the services that exchanges go to: name in the database → French name."""
    return {handler.service: handler.service_label for handler in registered_handlers()}


def resting_services(actor: Actor, now: datetime.datetime) -> list[Resting]:
    """Return the services of the actor's establishment that are left alone now."""
    labels = service_labels()
    rows = Circuit.objects.filter(essms=actor.essms_id, open_until__gt=now).order_by("service")
    return [
        Resting(
            service=row.service,
            name=labels.get(row.service, row.service),
            since=row.last_success_at,
            until=row.open_until,
            waiting=exchanges_of(actor, Shelf.UNDER_WAY, row.service).exclude(state=State.ENVOYE).count(),
        )
        for row in rows
        if row.open_until is not None
    ]
