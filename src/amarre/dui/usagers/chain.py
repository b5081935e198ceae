"""The chain of a dossier: identity, information, projet, document, DMP, MSSanté. Each app adds its link.

# in AppConfig.ready() of an upper app
chain.register(ChainLink("projet", "Projet personnalisé", 30, Permission.READ_PROJET, projet_link_state))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from amarre.dui.usagers.models import Dossier
from amarre.dui.web.guard import allowed


class LinkState(StrEnum):
    """How far one link is; values are those of the chips of the family « etape »."""

    DONE = "fait"
    GOING = "en_cours"
    TO_DO = "a_faire"
    BLOCKED = "bloque"


@dataclass(frozen=True, slots=True)
class LinkProgress:
    """State of one link for one person: a sentence of fact, where to act, and the words of the act.

    A blocked link says in its sentence what opens it.
    """

    state: LinkState
    sentence: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One link. `progress` reads the state of a dossier in scope, in at most one or two queries.

    Orders in use: 10 identité, 20 information DMP, 30 projet, 40 document, 50 DMP, 60 MSSanté.
    """

    key: str
    label: str
    order: int
    permission: str
    progress: Callable[[HttpRequest, Dossier], LinkProgress]


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link ready to be shown; `is_next` marks the one thing to do now."""

    number: int
    label: str
    state: LinkState
    sentence: str
    url: str
    action: str
    is_next: bool


_links: dict[str, ChainLink] = {}


def register(link: ChainLink) -> None:
    """Add `link` to every dossier; raises ImproperlyConfigured when its key is taken by another one."""
    known = _links.setdefault(link.key, link)
    if known != link:
        raise ImproperlyConfigured(f"chain link registered twice: {link.key}")


def unregister(key: str) -> None:
    """Remove the link `key` (tests)."""
    _links.pop(key, None)


def shown_links(request: HttpRequest, dossier: Dossier) -> list[ShownLink]:
    """Return the links the actor may see, in order; the first one to act on is marked."""
    shown: list[ShownLink] = []
    found_next = False
    for link in sorted(_links.values(), key=lambda one: (one.order, one.key)):
        if not allowed(request, link.permission, dossier):
            continue
        at = link.progress(request, dossier)
        is_next = not found_next and at.state in (LinkState.TO_DO, LinkState.GOING) and bool(at.action)
        found_next = found_next or is_next
        shown.append(ShownLink(len(shown) + 1, link.label, at.state, at.sentence, at.url, at.action, is_next))
    return shown
