"""What other contexts show on the page of a document: each adds its block, after what left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from amarre.dui.documents.models import DocumentVersion


@dataclass(frozen=True, slots=True)
class Panel:
    """One block. `render` answers its markup for the versions of the document, newest first, or "".

    The versions are in scope, their document and its dossier at hand.
    """

    key: str
    order: int
    render: Callable[[HttpRequest, list[DocumentVersion]], SafeString]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Add a block; called from the `ready` of its application."""
    _panels[panel.key] = panel


def rendered(request: HttpRequest, versions: list[DocumentVersion]) -> list[SafeString]:
    """Return the blocks that have something to show, in order."""
    ordered = sorted(_panels.values(), key=lambda one: one.order)
    return [block for block in (one.render(request, versions) for one in ordered) if block]
