"""The people of an establishment: list, filters with their counts, search."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from amarre.dui.access.scope import ScopedQuerySet, system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import today
from amarre.dui.usagers.models import Dossier, DossierWord, Identity, InsHistory, InsiSearch
from amarre.dui.usagers.search_terms import SearchTerms
from amarre.dui.usagers.selectors import word_search

PAGE_SIZE = 25
SEARCH_LIMIT = 50
# With fewer people who have these very words, near ones are added after them.
FEW = 5

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
class Found:
    """What a search found, nearest first; `is_near` when nobody has these very words."""

    dossiers: list[Dossier]
    is_near: bool = False


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


def search_people(actor: Actor, terms: SearchTerms) -> Found:
    """Return the dossiers of the establishment that match, at most SEARCH_LIMIT + 1, nearest first.

    People who left are found too; a matricule is looked for among the former ones as well. Without anybody
    who has these very words, the nearest names are proposed.
    """
    if terms.is_empty or terms.problem:
        return Found([])
    if terms.matricule:
        return Found(_by_matricule(actor, terms.matricule))
    ranked = _ranked(actor, terms)
    ids = [one.dossier_id for one in ranked]
    rows = Dossier.objects.visible_to(actor).select_related("identity").in_bulk(ids)
    same = {one.dossier_id for one in ranked if one.distance < len(terms.words) * 0.002}
    return Found([rows[pk] for pk in ids if pk in rows], is_near=bool(ids) and not same)


def _ranked(actor: Actor, terms: SearchTerms) -> list[word_search.Ranked]:
    rows, limit = DossierWord.objects.visible_to(actor), SEARCH_LIMIT + 1
    with system_scope("other words of dossiers already in scope"):
        if terms.dates:
            return word_search.born_and_named(rows, terms.dates, terms.words, limit)
        found = word_search.exact(rows, terms.words, limit)
        if terms.year:
            words = [word for word in terms.words if word != terms.year]
            of_year = _of_year(rows, words, terms.year, limit)
            return _once(found, of_year)[:limit]
        if len(found) < FEW:
            found = _once(found, word_search.near(rows, terms.words, limit))
        return (found or word_search.far(rows, terms.words, limit))[:limit]


def _of_year(
    rows: ScopedQuerySet[DossierWord], words: list[str], year: str, limit: int
) -> list[word_search.Ranked]:
    """Return who was born in the year typed and has the other words, or near ones."""
    if not words:
        return word_search.born_and_named(rows, (year,), words, limit)
    found = word_search.exact(rows, words, limit, year)
    if len(found) < FEW:
        found = _once(found, word_search.near(rows, words, limit, year))
    return found or word_search.far(rows, words, limit, year)


def _once(first: list[word_search.Ranked], more: list[word_search.Ranked]) -> list[word_search.Ranked]:
    """Return both lists, each dossier once."""
    known = {one.dossier_id for one in first}
    return first + [one for one in more if one.dossier_id not in known]


def _by_matricule(actor: Actor, matricule: str) -> list[Dossier]:
    """Return the dossiers of who bears or bore this matricule: two indexed look-ups."""
    with system_scope("bearers of a matricule, before the dossiers in scope"):
        bearers = set(
            Identity.objects.filter(organisme_id=actor.organisme_id, matricule=matricule).values_list(
                "pk", flat=True
            )
        )
        bearers |= set(InsHistory.objects.filter(matricule=matricule).values_list("identity_id", flat=True))
    rows = Dossier.objects.visible_to(actor).select_related("identity").filter(identity__in=bearers)
    return sorted(rows, key=lambda dossier: (dossier.identity.search_key, dossier.pk))[: SEARCH_LIMIT + 1]
