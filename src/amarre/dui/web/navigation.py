"""The menu by role: each application registers its entries in ``AppConfig.ready()``.

An entry the actor has no right to is absent, never greyed. The order is the order of a working day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from amarre.dui.web.guard import allowed


class Group(StrEnum):
    """Where an entry stands in the rail: the daily work, then what accompanies it."""

    WORK = "work"
    MORE = "more"


class Phone(StrEnum):
    """Place of an entry in the bottom bar of a telephone (five places, the last one is « Plus »)."""

    FIRST = "1"
    SECOND = "2"
    WRITE = "3"
    FOURTH = "4"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu.

    ``permission`` is checked by `amarre.dui.web.guard` (empty: everybody who is logged in).
    ``counter`` gives the number of things to treat; 0 shows nothing. ``prefix`` is the beginning of the view
    names (``"usagers:"``) for which the entry is the current one; by default the namespace of `url_name`.
    ``argument`` names an argument of addresses: every page that has it belongs to the entry first.
    """

    key: str
    label: str
    icon: str
    url_name: str
    permission: str = ""
    order: int = 100
    group: Group = Group.WORK
    counter: Callable[[HttpRequest], int] | None = None
    phone: Phone = Phone.NONE
    phone_label: str = ""
    prefix: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry ready to be shown to one person."""

    label: str
    icon: str
    url: str
    current: bool
    count: int
    group: Group
    phone: Phone
    phone_label: str


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add `entry` to the menu; raises ImproperlyConfigured when its key is already taken by another one."""
    known = _entries.setdefault(entry.key, entry)
    if known != entry:
        raise ImproperlyConfigured(f"navigation entry registered twice: {entry.key}")


def unregister(key: str) -> None:
    """Remove the entry `key` (tests)."""
    _entries.pop(key, None)


def registered() -> list[Entry]:
    """Return every entry in the order of the menu."""
    return sorted(_entries.values(), key=lambda e: (e.group is Group.MORE, e.order, e.key))


def is_current(entry: Entry, view_name: str) -> bool:
    """Say whether the page of `view_name` belongs to `entry`."""
    if entry.prefix:
        return view_name.startswith(entry.prefix)
    namespace, _, _ = entry.url_name.rpartition(":")
    return view_name.startswith(f"{namespace}:") if namespace else view_name == entry.url_name


def _current(view_name: str, arguments: Mapping[str, object]) -> Entry | None:
    for entry in registered():
        if entry.argument in arguments:
            return entry
    # The longest match wins: « usagers:import » does not light « usagers: » too.
    return max(
        (e for e in registered() if is_current(e, view_name)),
        key=lambda e: (e.url_name == view_name, len(e.prefix)),
        default=None,
    )


def links(request: HttpRequest) -> list[Link]:
    """Return the menu of the person behind `request`: what the rights allow, what the site serves."""
    match = request.resolver_match
    view_name = match.view_name if match is not None else ""
    current = _current(view_name, match.kwargs if match is not None else {})
    shown: list[Link] = []
    for entry in registered():
        if entry.permission and not allowed(request, entry.permission):
            continue
        shown.append(
            Link(
                label=entry.label,
                icon=entry.icon,
                url=_address(entry.url_name, settings.ROOT_URLCONF),
                current=entry is current,
                count=entry.counter(request) if entry.counter else 0,
                group=entry.group,
                phone=entry.phone,
                phone_label=entry.phone_label or entry.label,
            )
        )
    return shown


@cache
def _address(url_name: str, urlconf: str) -> str:
    """Return the address of an entry, the same on every page of a site."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch as error:
        raise ImproperlyConfigured(f"navigation entry without URL: {url_name}") from error
