"""Where the whole answer of a person about their DMP is noted: the context that has that page says so."""

from __future__ import annotations

from collections.abc import Callable

from amarre.dui.usagers.models import Dossier

_pages: list[Callable[[Dossier], str]] = []


def provide(address: Callable[[Dossier], str]) -> None:
    """Give the page; called from the `ready` of its application."""
    _pages[:] = [address]


def address_of(dossier: Dossier) -> str:
    """Return the address of the page, "" when no application has one."""
    return _pages[0](dossier) if _pages else ""
