"""What may be done with a document: each way out adds its button to the page of a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from amarre.dui.documents.models import DocumentVersion


@dataclass(frozen=True, slots=True)
class Action:
    """One button. `url` answers its address for the current version, or "" when it is not offered."""

    key: str
    label: str
    icon: str
    order: int
    url: Callable[[HttpRequest, DocumentVersion], str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A button ready to be shown."""

    label: str
    icon: str
    url: str


_actions: dict[str, Action] = {}


def register(action: Action) -> None:
    """Add a button; called from the `ready` of its application."""
    _actions[action.key] = action


def offers(request: HttpRequest, version: DocumentVersion) -> list[Offer]:
    """Return the buttons offered for `version`, main one first. It is in scope, its dossier at hand."""
    ordered = sorted(_actions.values(), key=lambda one: one.order)
    found = [Offer(one.label, one.icon, one.url(request, version)) for one in ordered]
    return [offer for offer in found if offer.url]
