"""What the pages of the directory read in our own copies."""

from __future__ import annotations

from dataclasses import dataclass

from amarre.dui.access.policy import get_visible
from amarre.dui.core.actor import Actor
from amarre.dui.directory.models import DirectoryEntry
from amarre.interop.ins.traits import fold

RECENT = 8
COPIES = 30


@dataclass(frozen=True, slots=True)
class DirectoryQuery:
    """Criteria, one at least. `profession` is a code of TRE_G15; `commune` a beginning of name."""

    name: str = ""
    profession: str = ""
    commune: str = ""
    kind: str = DirectoryEntry.Kind.PROFESSIONNEL.value


def recent_entries(actor: Actor, limit: int = RECENT) -> list[DirectoryEntry]:
    """Return the correspondents chosen last by the actor's organisme, the latest first."""
    return list(DirectoryEntry.objects.visible_to(actor).order_by("-used_at", "-pk")[:limit])


def copies_matching(actor: Actor, query: DirectoryQuery) -> list[DirectoryEntry]:
    """Return our copies that match `query` (the profession is not compared), by name."""
    rows = DirectoryEntry.objects.visible_to(actor).filter(kind=query.kind)
    for word in fold(f"{query.name} {query.commune}").split():
        rows = rows.filter(search_key__contains=word)
    return list(rows.order_by("name", "pk")[:COPIES])


def entry_for(actor: Actor, entry_id: int) -> DirectoryEntry:
    """Return one entry of the actor's organisme. Raises OutOfScope."""
    return get_visible(actor, DirectoryEntry, pk=entry_id)
