"""Context of the frame: ``web`` in every template. Everything is computed at first use only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from amarre.dui.web import navigation, shell
from amarre.dui.web.errors import UNREACHED
from amarre.dui.web.guard import allowed
from amarre.interop.common.errors import Contact, Explanation

THEME_COOKIE = "amarre_theme"
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Environment:
    """The banner of an installation that is not production."""

    label: str
    sentence: str
    modifier: str


ENVIRONMENTS = {
    "demo": Environment("DÉMONSTRATION", "Personnes et services fictifs.", "am-env--sable"),
    "test": Environment("ESSAIS", "Base de tests, rien ne part.", "am-env--sable"),
    "formation": Environment(
        "BASE DE FORMATION", "Personnes fictives. Rien ne part vers les services nationaux.", ""
    ),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """The state of the services in one line, for the head of the page."""

    text: str
    icon: str
    css: str


def summarise(states: list[shell.ServiceState]) -> Summary:
    """Return the line of the head for `states` (worst first): the worst state, in words."""
    worst = states[0]
    more = sum(s.availability is worst.availability for s in states) - 1
    others = f", et {more} autre{'s' if more > 1 else ''}" if more else ""
    match worst.availability:
        case shell.Availability.DOWN:
            return Summary(f"{worst.name} ne répond pas{others}", "refus", "am-dan")
        case shell.Availability.SLOW:
            return Summary(f"{worst.name} répond lentement{others}", "horloge", "am-att")
        case shell.Availability.UNKNOWN:
            return Summary(f"{worst.name} : état inconnu{others}", "info", "am-2e")
        case _:
            return Summary("Services nationaux disponibles", "ok", "am-ok")


class Frame:
    """What `base.html` reads; one per rendering."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def environment(self) -> Environment | None:
        """Return the banner, or None in production."""
        return ENVIRONMENTS.get(getattr(settings, "AMARRE_ENVIRONMENT", "production"))

    @cached_property
    def theme(self) -> str:
        """Return ``light`` or ``dark`` when the person chose, else an empty string (the system decides)."""
        chosen = self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def actor(self) -> shell.ActorCard | None:
        """Return who is logged in."""
        return shell.actor(self._request)

    @cached_property
    def links(self) -> list[navigation.Link]:
        """Return the menu."""
        return navigation.links(self._request) if self.actor else []

    @cached_property
    def phone_links(self) -> list[navigation.Link]:
        """Return the four places of the bottom bar, in order."""
        return sorted((link for link in self.links if link.phone), key=lambda link: link.phone)

    @cached_property
    def services(self) -> list[shell.ServiceState]:
        """Return the state of the services, worst first."""
        return shell.services(self._request)

    @cached_property
    def services_summary(self) -> Summary | None:
        """Return the line of the head, or None when no state is known."""
        return summarise(self.services) if self.services else None

    @cached_property
    def search(self) -> shell.SearchForm | None:
        """Return the search form, when the actor may search."""
        form = shell.search() if self.actor else None
        if form is None or (form.permission and not allowed(self._request, form.permission)):
            return None
        return form

    @cached_property
    def logout_url(self) -> str:
        """Return the address that closes the session (by POST), or an empty string."""
        try:
            return reverse(getattr(settings, "WEB_LOGOUT_URL_NAME", "accounts:logout"))
        except NoReverseMatch:
            return ""

    @cached_property
    def unreached(self) -> Explanation:
        """Return the words the page keeps ready for when the server does not answer."""
        return UNREACHED

    @cached_property
    def help(self) -> shell.ContactCard:
        """Return whom to call for help with the software."""
        return shell.contact(self._request, Contact.PILOTE_DUI)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give ``web`` (a `Frame`) to every template."""
    return {"web": Frame(request)}
