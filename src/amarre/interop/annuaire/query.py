"""Build the addresses of searches, with the parameters the server declares."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit

from amarre.interop.annuaire.codes import PAGE_SIZE, PROFESSION_SYSTEM
from amarre.interop.annuaire.errors import ForeignPage, QueryEmpty
from amarre.interop.annuaire.model import PlaceQuery, ProfessionalQuery

Parameters = list[tuple[str, str]]


def professionals_url(base: str, query: ProfessionalQuery) -> str:
    """Return the address of a search of Practitioner with their situations. Raises QueryEmpty."""
    parameters: Parameters = []
    if query.rpps.strip():
        parameters.append(("identifier", _digits(query.rpps)))
    if query.name.strip():
        parameters.append(("family", query.name.strip()))
    if query.given_name.strip():
        parameters.append(("given", query.given_name.strip()))
    if query.profession.strip():
        parameters.append(("qualification-code", f"{PROFESSION_SYSTEM}|{query.profession.strip()}"))
    if not parameters:
        raise QueryEmpty()
    parameters.append(("_revinclude", "PractitionerRole:practitioner"))
    return _url(base, "Practitioner", parameters)


def places_url(base: str, query: PlaceQuery) -> str:
    """Return the address of a search of Organization. Raises QueryEmpty."""
    parameters: Parameters = []
    if query.finess.strip():
        parameters.append(("identifier", _digits(query.finess)))
    if query.name.strip():
        parameters.append(("name:contains", query.name.strip()))
    if query.commune.strip():
        parameters.append(("address-city", query.commune.strip()))
    if not parameters:
        raise QueryEmpty()
    if query.with_mailbox:
        parameters += [("mailbox-mss:contains", "@"), ("active", "true")]
    return _url(base, "Organization", parameters)


def staff_of_commune_url(base: str, commune: str) -> str:
    """Return the address of the structures of a commune with the situations in them. Raises QueryEmpty."""
    if not commune.strip():
        raise QueryEmpty()
    parameters = [("address-city", commune.strip()), ("_revinclude", "PractitionerRole:organization")]
    return _url(base, "Organization", parameters)


def people_by_id_url(base: str, ids: list[str], profession: str) -> str:
    """Return the address that reads several people, of one profession when given. Raises QueryEmpty."""
    if not ids:
        raise QueryEmpty()
    parameters = [("_id", ",".join(ids))]
    if profession.strip():
        parameters.append(("qualification-code", f"{PROFESSION_SYSTEM}|{profession.strip()}"))
    return _url(base, "Practitioner", parameters)


def places_by_id_url(base: str, ids: list[str]) -> str:
    """Return the address that reads several organisations at once. Raises QueryEmpty."""
    if not ids:
        raise QueryEmpty()
    return _url(base, "Organization", [("_id", ",".join(ids))])


def mailbox_urls(base: str, address: str) -> list[str]:
    """Return the addresses that check whether a mailbox is still published, by kind of holder."""
    if not address.strip():
        raise QueryEmpty()
    parameters: Parameters = [("mailbox-mss:exact", address.strip())]
    return [_url(base, kind, parameters, 1) for kind in ("Practitioner", "PractitionerRole", "Organization")]


def check_page(base: str, url: str) -> str:
    """Return `url` when it is on the same machine as `base`. Raises ForeignPage.

    The address of the next page is opaque: it is followed as given, never built.
    """
    ours, theirs = urlsplit(base), urlsplit(url)
    if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
        raise ForeignPage()
    return url


def _digits(text: str) -> str:
    return re.sub(r"\s", "", text)


def _url(base: str, resource: str, parameters: Parameters, count: int = PAGE_SIZE) -> str:
    query = urlencode([*parameters, ("_count", str(count))], quote_via=quote, safe=":")
    return f"{base.rstrip('/')}/{resource}?{query}"
