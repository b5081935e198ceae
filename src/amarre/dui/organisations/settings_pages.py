"""Other pages of settings: each context registers its own; the settings of the establishment lead to them.

# upper context, in ``apps.ready()``
settings_pages.register(settings_pages.SettingsPage("lettre", "Papier à en-tête", "authoring:letterhead", 10))
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One page, for whoever may change the settings. `words`: what one changes there."""

    key: str
    label: str
    words: str
    url_name: str
    order: int

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.url_name)


_pages: dict[str, SettingsPage] = {}


def register(page: SettingsPage) -> None:
    """Add a page; called from the `ready` of its application."""
    _pages[page.key] = page


def settings_pages() -> list[SettingsPage]:
    """Return the pages in their order."""
    return sorted(_pages.values(), key=lambda page: page.order)
