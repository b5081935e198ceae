"""How a document enters a dossier: each context that makes or brings documents adds its button to the list.

# upper context, in ``apps.ready()``
ways_in.register(ways_in.WayIn("ecrire", "Écrire un document", "ecrit", 10, url))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from amarre.dui.documents.actions import Offer
from amarre.dui.usagers.models import Dossier


@dataclass(frozen=True, slots=True)
class WayIn:
    """One button. `url` answers its address for a dossier in scope, or "" when it is not offered."""

    key: str
    label: str
    icon: str
    order: int
    url: Callable[[HttpRequest, Dossier], str]


_ways: dict[str, WayIn] = {}


def register(way: WayIn) -> None:
    """Add a button; called from the `ready` of its application."""
    _ways[way.key] = way


def offers(request: HttpRequest, dossier: Dossier) -> list[Offer]:
    """Return the buttons offered for `dossier`, main one first."""
    ordered = sorted(_ways.values(), key=lambda way: way.order)
    found = [Offer(way.label, way.icon, way.url(request, dossier)) for way in ordered]
    return [offer for offer in found if offer.url]
