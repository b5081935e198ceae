"""The people of an establishment: list, filters with their counts, search."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from amarre.dui.access.scope import ScopedQuerySet
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import today
from amarre.dui.usagers.models import Dossier, InsHistory, InsiSearch
from amarre.dui.usagers.search_terms import SearchTerms

PAGE_SIZE = 25
SEARCH_LIMIT = 50

_TRUSTED = Q(identity__traits_from_insi=True)
_CHECKED = Q(identity__coherence_checked=True)
_MARKED = Q(identity__is_douteuse=True) | Q(identity__is_fictive=True)

# Key in the address, words of the filter, condition on the dossier.
FILTERS: dict[str, tuple[str, Q]] = {
    "": ("Toutes", Q()),
    "provisoire": ("Provisoires", ~_TRUSTED & ~_CHECKED & ~_MARKED),
    "recuperee": ("Récupérées", _TRUSTED & ~_CHECKED),
    "validee": ("Validées", ~_TRUSTED & _CHECKED),
    "qualifiee": ("Qualifiées", _TRUSTED & _CHECKED),
    "douteuse": ("Douteuses ou fictives", _MARKED),
}
TO_DECIDE = "a-decider"


@dataclass(frozen=True, slots=True)
class FilterLink:
    """One filter above the list: words, number of people, whether it is the current one."""

    key: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of dossiers; `next_after` is the id of the last one shown, None on the last page."""

    dossiers: list[Dossier]
    next_after: int | None


def present_dossiers(actor: Actor) -> ScopedQuerySet[Dossier]:
    """Return the dossiers of the actor's establishment whose person has not left, once each person."""
    on = today()
    return Dossier.objects.visible_to(actor).filter(Q(left_on=None) | Q(left_on__gte=on), joined_to=None)


def to_decide(actor: Actor) -> ScopedQuerySet[Dossier]:
    """Return the dossiers with an answer of INSi that nobody decided yet."""
    waiting = InsiSearch.objects.visible_to(actor).filter(
        dossier=OuterRef("pk"), outcome=InsiSearch.Outcome.FOUND, decision=""
    )
    return present_dossiers(actor).filter(Exists(waiting))


def filtered(actor: Actor, key: str) -> ScopedQuerySet[Dossier]:
    """Return the dossiers of one filter; an unknown key gives them all."""
    if key == TO_DECIDE:
        return to_decide(actor)
    _, condition = FILTERS.get(key, FILTERS[""])
    return present_dossiers(actor).filter(condition)


def filter_links(actor: Actor, current: str) -> list[FilterLink]:
    """Return the filters and how many people each holds, in one query."""
    totals = present_dossiers(actor).aggregate(
        **{key or "all": Count("pk", filter=condition) for key, (_, condition) in FILTERS.items()}
    )
    return [
        FilterLink(key, label, totals[key or "all"], key == current)
        for key, (label, _) in FILTERS.items()
        if totals[key or "all"] or not key or key == current
    ]


def people_page(rows: ScopedQuerySet[Dossier], *, after: int | None, size: int = PAGE_SIZE) -> PeoplePage:
    """Return one page of `rows` by birth name, in two queries at most, at constant cost whatever the depth.

    The next page starts after the last row shown. Its place is found from the id of that dossier, so that no
    name travels in an address; an id out of scope gives the first page.
    """
    page = rows.select_related("identity").order_by("identity__search_key", "pk")
    place = rows.filter(pk=after).values_list("identity__search_key", "pk").first() if after else None
    if place is not None:
        key, pk = place
        page = page.filter(Q(identity__search_key__gt=key) | Q(identity__search_key=key, pk__gt=pk))
    items = list(page[: size + 1])
    more = len(items) > size
    return PeoplePage(items[:size], items[size - 1].pk if more else None)


def search_people(actor: Actor, terms: SearchTerms) -> list[Dossier]:
    """Return the dossiers of the establishment that match every term, at most SEARCH_LIMIT + 1.

    People who left are found too. A matricule is looked for among the former ones as well.
    """
    if terms.is_empty or terms.problem:
        return []
    rows = Dossier.objects.visible_to(actor).select_related("identity")
    if terms.matricule:
        former = InsHistory.objects.visible_to(actor).filter(
            identity=OuterRef("identity"), matricule=terms.matricule
        )
        rows = rows.filter(Q(identity__matricule=terms.matricule) | Exists(former))
    if terms.dates:
        rows = rows.filter(identity__date_naissance__in=terms.dates)
    if terms.number:
        rows = rows.filter(
            Q(number__iendswith=terms.number) | Q(identity__local_number__iendswith=terms.number)
        )
    for name in terms.names:
        rows = rows.filter(identity__search_key__contains=name)
    return list(rows.order_by("identity__search_key", "pk")[: SEARCH_LIMIT + 1])
