"""Figures that upper applications add to the page of identitovigilance, each with the list it counts.

# in AppConfig.ready() of an upper app
vigilance_figures.register(Figure("documents", "Documents avec l'INS", "…", count, url))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `count` makes one query of its own, `url` opens exactly what was counted."""

    key: str
    label: str
    sentence: str
    count: Callable[[HttpRequest], int]
    url: Callable[[], str]


_figures: dict[str, Figure] = {}


def register(figure: Figure) -> None:
    """Add a figure; raises ImproperlyConfigured when its key is taken by another one."""
    known = _figures.setdefault(figure.key, figure)
    if known != figure:
        raise ImproperlyConfigured(f"figure registered twice: {figure.key}")


def registered() -> list[Figure]:
    """Return the figures, by key."""
    return [_figures[key] for key in sorted(_figures)]
