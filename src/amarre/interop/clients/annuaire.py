"""Client of the Annuaire Santé API (FHIR R4, key in a header)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from amarre.interop.annuaire.codes import API_KEY_HEADER, PAGE_SIZE
from amarre.interop.annuaire.decode import (
    Page,
    Resource,
    parse_page,
    place_ids,
    places,
    practitioner_ids,
    professionals,
)
from amarre.interop.annuaire.model import Place, PlaceQuery, Professional, ProfessionalQuery
from amarre.interop.annuaire.query import (
    check_page,
    mailbox_urls,
    people_by_id_url,
    places_by_id_url,
    places_url,
    professionals_url,
    staff_of_commune_url,
)
from amarre.interop.transport.http import DEFAULT_DEADLINES, Deadlines, HttpRequest, HttpTransport

SERVICE = "L'Annuaire Santé"
MAX_PAGES = 10
T = TypeVar("T")
Resources = tuple[Resource, ...]
Places = dict[str, Place]


@dataclass(frozen=True, slots=True)
class AnnuaireProfile:
    """Where the directory is: `base_url` ends with /fhir/v2; the key is a secret."""

    base_url: str
    api_key: str
    deadlines: Deadlines = DEFAULT_DEADLINES


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Results. `more` tells that others exist; `skipped` counts unreadable entries."""

    items: tuple[T, ...]
    more: bool
    skipped: int


class AnnuaireClient:
    """Searches. Every method may raise AnnuaireError and TransportError subclasses."""

    def __init__(self, transport: HttpTransport, profile: AnnuaireProfile) -> None:
        self._transport = transport
        self._profile = profile

    def search_professionals(self, query: ProfessionalQuery, limit: int = PAGE_SIZE) -> Found[Professional]:
        """Return at most `limit` professionals with their structures.

        People are read with their situations, then the structures. Without a name, a search by commune goes
        the other way: the structures, then the people. « Has a mailbox » is checked here, because the server
        looks at the person's own mailboxes only.
        """
        by_place = bool(query.commune.strip()) and not (query.name.strip() or query.rpps.strip())
        resources, known, more, skipped = (
            self._by_commune(query, limit) if by_place else self._by_person(query, limit)
        )
        people = [item for item in professionals(resources, known) if item.active]
        if query.commune.strip():
            people = [item for item in people if _works_in(item, query.commune)]
        if query.with_mailbox:
            people = [item for item in people if item.all_mailboxes]
        return Found(tuple(people[:limit]), more or len(people) > limit, skipped)

    def _by_person(self, query: ProfessionalQuery, limit: int) -> tuple[Resources, Places, bool, int]:
        base = self._profile.base_url
        resources, more, skipped = self._read(professionals_url(base, query), limit)
        known: Places = {}
        for ids in _chunks(place_ids(resources)):
            found, _, _ = self._read(places_by_id_url(base, ids), PAGE_SIZE)
            known |= {item.source_id: item for item in places(found)}
        return resources, known, more, skipped

    def _by_commune(self, query: ProfessionalQuery, limit: int) -> tuple[Resources, Places, bool, int]:
        base = self._profile.base_url
        resources, more, skipped = self._read(staff_of_commune_url(base, query.commune), limit)
        known = {item.source_id: item for item in places(resources)}
        for ids in _chunks(practitioner_ids(resources)):
            found, _, _ = self._read(people_by_id_url(base, ids, query.profession), PAGE_SIZE)
            resources += found
        return resources, known, more, skipped

    def search_places(self, query: PlaceQuery, limit: int = PAGE_SIZE) -> Found[Place]:
        """Return at most `limit` structures with their mailboxes."""
        resources, more, skipped = self._read(places_url(self._profile.base_url, query), limit)
        found = [item for item in places(resources) if item.active]
        return Found(tuple(found[:limit]), more or len(found) > limit, skipped)

    def mailbox_exists(self, address: str) -> bool:
        """Tell whether a mailbox is still published by somebody."""
        return any(self._get(url).resources for url in mailbox_urls(self._profile.base_url, address))

    def _read(self, url: str, limit: int) -> tuple[tuple[Resource, ...], bool, int]:
        """Return the resources of the first pages, whether others exist, how many entries were unreadable."""
        resources: list[Resource] = []
        skipped = 0
        more = False
        for page in self._pages(url):
            resources += page.resources
            skipped += page.skipped
            main = sum(1 for item in resources if item.get("resourceType") != "PractitionerRole")
            if main >= limit:
                return tuple(resources), bool(page.next_url), skipped
            more = bool(page.next_url)
        return tuple(resources), more, skipped

    def _pages(self, url: str) -> Iterator[Page]:
        for _ in range(MAX_PAGES):
            page = self._get(url)
            yield page
            if not page.next_url:
                return
            url = check_page(self._profile.base_url, page.next_url)

    def _get(self, url: str) -> Page:
        headers = {API_KEY_HEADER: self._profile.api_key, "accept": "application/fhir+json"}
        request = HttpRequest("GET", url, headers, service=SERVICE, label="annuaire")
        response = self._transport.send(request, self._profile.deadlines)
        return parse_page(response.status, response.body)


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), PAGE_SIZE):
        yield ids[start : start + PAGE_SIZE]


def _works_in(person: Professional, commune: str) -> bool:
    wanted = _plain(commune)
    communes = [_plain(item.place.commune) for item in person.situations if item.place is not None]
    return any(item.startswith(wanted) for item in communes)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    letters = "".join(
        char if char.isalnum() else " " for char in decomposed if not unicodedata.combining(char)
    )
    return " ".join(letters.split())
