"""What the frame of the page shows beside the menu, provided by other applications.

Each ``provide_*`` is called once, in ``AppConfig.ready()``: who is logged in and where, state of the national
services, search form, whom to call. Without provider the place stays empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from django.http import HttpRequest

from amarre.interop.common.errors import Contact


class Availability(StrEnum):
    """State of a service, as seen by our last exchanges with it."""

    AVAILABLE = "available"
    SLOW = "slow"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ServiceState:
    """State of one service: « MSSanté : réponses lentes »."""

    name: str
    availability: Availability
    text: str


@dataclass(frozen=True, slots=True)
class ActorCard:
    """Who is logged in, in which place: shown at both ends of the rail."""

    name: str
    job: str
    place: str
    place_detail: str = ""


@dataclass(frozen=True, slots=True)
class ContactCard:
    """Whom to call; `phone` as written in France (« 01 99 00 12 00 »), or empty."""

    name: str
    phone: str = ""
    hours: str = ""

    @property
    def tel(self) -> str:
        """Return the address of a telephone link: ``tel:+33199001200``."""
        digits = "".join(c for c in self.phone if c.isdigit())
        return f"tel:+33{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"


@dataclass(frozen=True, slots=True)
class SearchForm:
    """The search of the head of the page: a POST to `url_name` with field ``q``.

    A name, a birth date or a matricule never travels in an address: it would stay in the history of a shared
    post and in the logs of every server on the way.
    """

    url_name: str
    label: str
    placeholder: str
    permission: str = ""


# Words for a role when nobody told who holds it.
ROLES: dict[Contact, str] = {
    Contact.SUPPORT: "Le support d’Amarre",
    Contact.REFERENT_IDENTITE: "Votre référent identitovigilance",
    Contact.ADMINISTRATEUR: "L’administrateur de votre établissement",
    Contact.PILOTE_DUI: "Le pilote du DUI",
    Contact.DPO: "Votre délégué à la protection des données",
    Contact.DESTINATAIRE: "Le destinataire, par téléphone",
}

_providers: dict[str, Callable[..., object]] = {}
_search: dict[str, SearchForm] = {}


def provide_actor(provider: Callable[[HttpRequest], ActorCard | None]) -> None:
    """Say who is logged in."""
    _providers["actor"] = provider


def provide_services(provider: Callable[[HttpRequest], Sequence[ServiceState]]) -> None:
    """Say the state of the national services; called for each page: read it from a table, never call out."""
    _providers["services"] = provider


def provide_contacts(provider: Callable[[HttpRequest, Contact], ContactCard | None]) -> None:
    """Say who holds a role in the actor's establishment."""
    _providers["contacts"] = provider


def provide_search(form: SearchForm) -> None:
    """Put the search form in the head of every page."""
    _search["form"] = form


def actor(request: HttpRequest) -> ActorCard | None:
    """Return the card of the person behind `request`, or None when nobody is logged in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    provider = _providers.get("actor")
    card = provider(request) if provider else None
    return card if isinstance(card, ActorCard) else ActorCard(str(user), "", "")


def services(request: HttpRequest) -> list[ServiceState]:
    """Return the state of each service, worst first."""
    provider = _providers.get("services")
    states = cast(Sequence[ServiceState], provider(request) if provider else ())
    order = [Availability.DOWN, Availability.SLOW, Availability.UNKNOWN, Availability.AVAILABLE]
    return sorted(states, key=lambda s: order.index(s.availability))


def contact(request: HttpRequest, role: Contact) -> ContactCard:
    """Return whom to call for `role`: a name and a telephone when known, the words of the role otherwise."""
    provider = _providers.get("contacts")
    card = provider(request, role) if provider else None
    return card if isinstance(card, ContactCard) else ContactCard(ROLES[role])


def search() -> SearchForm | None:
    """Return the search form of the head, if an application provides one."""
    return _search.get("form")
