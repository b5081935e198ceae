"""Whom an exchange is about, said by an upper context: the outbox knows dossiers by number only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from amarre.dui.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Subject:
    """The person, as lists show them, and the page of their dossier."""

    name: str
    url: str


Resolver = Callable[[Actor, Collection[int]], Mapping[int, Subject]]

_resolver: list[Resolver] = []


def provide(resolver: Resolver) -> None:
    """Say who answers (one query for all the dossiers asked); called from the `ready` of the application."""
    _resolver[:] = [resolver]


def subjects_of(actor: Actor, dossier_ids: Collection[int]) -> Mapping[int, Subject]:
    """Return the subject of each dossier that `actor` may see; nothing is asked for an empty collection."""
    return _resolver[0](actor, dossier_ids) if _resolver and dossier_ids else {}
