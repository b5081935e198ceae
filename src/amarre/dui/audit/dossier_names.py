"""Who names the dossiers of the lines of the journal: the context that owns them, for who may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from amarre.dui.core.actor import Actor


@dataclass(frozen=True, slots=True)
class NamedDossier:
    """One dossier: its words, and the address of its page."""

    label: str
    url: str


Namer = Callable[[Actor, Iterable[str]], Mapping[str, NamedDossier]]
_namers: list[Namer] = []


def provide(namer: Namer) -> None:
    """Say who names dossiers, those in scope only, in one query; called from an `apps.ready`."""
    _namers[:] = [namer]


def names_of(actor: Actor, dossier_ids: Iterable[str]) -> Mapping[str, NamedDossier]:
    """Return the dossiers that `actor` may see among these; {} when nobody names them."""
    wanted = {one for one in dossier_ids if one}
    return _namers[0](actor, wanted) if _namers and wanted else {}
