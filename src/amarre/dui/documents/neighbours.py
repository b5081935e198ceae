"""What stands beside the documents of a dossier without being one: waiting, refused, received from elsewhere.

# upper context, in ``apps.ready()``
neighbours.register(neighbours.Neighbour("intake", "intake/_elsewhere.html", read))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from amarre.dui.usagers.models import Dossier


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A part of the page « Documents ». `read` answers what `template` shows as ``found``, if anything."""

    key: str
    template: str
    read: Callable[[HttpRequest, Dossier], object]


_neighbours: dict[str, Neighbour] = {}


def register(neighbour: Neighbour) -> None:
    """Add a part; called from the `ready` of its application."""
    _neighbours[neighbour.key] = neighbour


def parts(request: HttpRequest, dossier: Dossier) -> list[tuple[str, object]]:
    """Return (template, what it shows) for each part that has something to show, for a dossier in scope."""
    found = [(one.template, one.read(request, dossier)) for one in _neighbours.values()]
    return [(template, shown) for template, shown in found if shown]
