"""What waits for a person: each application registers its counters in ``AppConfig.ready()``.

The home page lists those the rights allow, when they are not zero. Every number opens its list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from amarre.dui.web.chips import Tone
from amarre.dui.web.guard import allowed


@dataclass(frozen=True, slots=True)
class ToDo:
    """One kind of thing that waits.

    ``label`` is plural (« Réponses d'INSi à décider »), ``sentence`` says what to do with them.
    ``count`` makes one query of its own; ``url`` opens exactly what was counted. ``permission`` is checked by
    `amarre.dui.web.guard` before anything is counted (empty: everybody). What holds others up comes first.
    """

    key: str
    label: str
    sentence: str
    count: Callable[[HttpRequest], int]
    url: Callable[[], str]
    permission: str = ""
    order: int = 100
    tone: Tone = Tone.WATCH
    icon: str = "afaire"


@dataclass(frozen=True, slots=True)
class ToDoLine:
    """One line of the home page: what waits, how many, where."""

    key: str
    label: str
    sentence: str
    count: int
    url: str
    tone: Tone
    icon: str


_to_do: dict[str, ToDo] = {}


def register(item: ToDo) -> None:
    """Add `item` to the home page; raises ImproperlyConfigured when its key is taken by another one."""
    known = _to_do.setdefault(item.key, item)
    if known != item:
        raise ImproperlyConfigured(f"to-do registered twice: {item.key}")


def unregister(key: str) -> None:
    """Remove the to-do `key` (tests)."""
    _to_do.pop(key, None)


def lines(request: HttpRequest) -> list[ToDoLine]:
    """Return what waits for the person behind `request`, in order; nothing that counts zero."""
    shown: list[ToDoLine] = []
    for item in sorted(_to_do.values(), key=lambda i: (i.order, i.key)):
        if item.permission and not allowed(request, item.permission):
            continue
        count = item.count(request)
        if count:
            shown.append(
                ToDoLine(item.key, item.label, item.sentence, count, item.url(), item.tone, item.icon)
            )
    return shown
