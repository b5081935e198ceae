"""The tabs of a dossier: each application registers its own in ``AppConfig.ready()``."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse

from amarre.dui.web.guard import allowed


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of a dossier.

    Its page is ``reverse(url_name, kwargs={url_kwarg: dossier.pk})``; `permission` is checked on the dossier.
    """

    key: str
    label: str
    url_name: str
    permission: str = ""
    order: int = 100
    url_kwarg: str = "dossier_id"


@dataclass(frozen=True, slots=True)
class TabLink:
    """A tab ready to be shown."""

    key: str
    label: str
    url: str
    current: bool


_tabs: dict[str, Tab] = {}


def register(tab: Tab) -> None:
    """Add `tab` to every dossier; raises ImproperlyConfigured when its key is taken by another one."""
    known = _tabs.setdefault(tab.key, tab)
    if known != tab:
        raise ImproperlyConfigured(f"dossier tab registered twice: {tab.key}")


def unregister(key: str) -> None:
    """Remove the tab `key` (tests)."""
    _tabs.pop(key, None)


def links(request: HttpRequest, dossier: object, current: str) -> list[TabLink]:
    """Return the tabs of `dossier` (anything with a ``pk``) that the actor may open; `current` is a key."""
    return [
        TabLink(
            key=tab.key,
            label=tab.label,
            url=reverse(tab.url_name, kwargs={tab.url_kwarg: getattr(dossier, "pk", None)}),
            current=tab.key == current,
        )
        for tab in sorted(_tabs.values(), key=lambda t: (t.order, t.key))
        if not tab.permission or allowed(request, tab.permission, dossier)
    ]
