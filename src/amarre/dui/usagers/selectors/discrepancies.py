"""Read models of the écarts: the work-list, and one écart with its three sources side by side."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q

from amarre.dui.access.scope import ScopedQuerySet
from amarre.dui.core.actor import Actor
from amarre.dui.core.paging import Page, keyset_page
from amarre.dui.usagers.models import Discrepancy, InsiSearch
from amarre.dui.usagers.selectors.comparison import Segment, segments
from amarre.dui.usagers.selectors.identity_history import device_label
from amarre.dui.usagers.traits_json import traits_from_json
from amarre.interop.ins import (
    COG_UNKNOWN,
    TRAIT_LABELS,
    Comparison,
    Severity,
    Trait,
    Traits,
    compare,
    differing_spans,
)
from amarre.interop.ins.compare import Cause

PAGE_SIZE = 25
# Départements whose code has three characters (COG).
OVERSEAS = ("97", "98")
Kind, State = Discrepancy.Kind, Discrepancy.State

# Key in the address, words of the filter, condition.
OPEN = Q(state=State.OPEN)
FILTERS: dict[str, tuple[str, Q]] = {
    "": ("Tous les écarts", OPEN),
    "differents": ("Trait différent", OPEN & Q(kind__in=(Kind.BLOCKING, Kind.DMP_DIFFERS))),
    "a-reprendre": ("À reprendre", OPEN & Q(kind__in=(Kind.NOT_FOUND, Kind.SEVERAL))),
    "sans-ins": ("INS retirée", OPEN & Q(kind__in=(Kind.VERIFICATION_KO, Kind.TRAITS_CHANGED))),
    "toleres": ("Tolérés", OPEN & Q(kind=Kind.TOLERATED)),
    "traites": ("Traités", Q(state=State.SETTLED)),
}
SETTLED_FILTER = "traites"


@dataclass(frozen=True, slots=True)
class FilterLink:
    """One filter above the list."""

    key: str
    label: str
    count: int
    current: bool


def open_discrepancies(actor: Actor) -> ScopedQuerySet[Discrepancy]:
    """Return the écarts of the establishment that wait for somebody."""
    return Discrepancy.objects.visible_to(actor).filter(OPEN)


def filter_links(actor: Actor, current: str) -> list[FilterLink]:
    """Return the filters and their counts, in one query."""
    totals = Discrepancy.objects.visible_to(actor).aggregate(
        **{key or "tous": Count("pk", filter=condition) for key, (_, condition) in FILTERS.items()}
    )
    return [
        FilterLink(key, label, totals[key or "tous"], key == current)
        for key, (label, _) in FILTERS.items()
        if totals[key or "tous"] or not key or key == current
    ]


def discrepancy_page(actor: Actor, key: str, cursor: str) -> Page[Discrepancy]:
    """Return one page: the oldest open first, the last settled first. One query."""
    _, condition = FILTERS.get(key, FILTERS[""])
    rows = Discrepancy.objects.visible_to(actor).filter(condition)
    rows = rows.select_related("identity", "dossier", "decided_by")
    order = ("-decided_at", "-pk") if key == SETTLED_FILTER else ("opened_at", "pk")
    return keyset_page(rows, order=order, cursor=cursor, size=PAGE_SIZE)


class Choice(StrEnum):
    """What a person may decide; values are those of the form."""

    CORRECT = "corriger"
    TAKE = "reprendre"
    SET_ASIDE = "mettre-de-cote"
    DOUBTFUL = "douteuse"


@dataclass(frozen=True, slots=True)
class Row:
    """One trait in the three sources; `theirs` and `document` are None while that source says nothing."""

    label: str
    base: tuple[Segment, ...]
    document: tuple[Segment, ...] | None
    insi: tuple[Segment, ...] | None
    word: str
    reading: str
    is_blocking: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One decision: the words of its button, and what happens when it is pressed."""

    choice: Choice
    label: str
    consequence: str
    suggested: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """What the écart looks like, in words: a title, what explains it, what to do now."""

    title: str
    text: str
    action: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The traits of each source, as they are now."""

    base: Traits
    document: Traits | None
    insi: Traits | None
    device: str
    seen_on: datetime.date | None
    # The birthplace of the base in clear, "" when nobody wrote it.
    place: str = ""

    def pair(self, one: Traits | None, other: Traits | None) -> Comparison | None:
        """Compare two sources, None when one says nothing."""
        return compare(one, other) if one is not None and other is not None else None


def sources_of(held: Discrepancy) -> Sources:
    """Return what each source says; INSi's answer only while it can still be taken."""
    search = held.search
    returned = search.returned if search and search.outcome == InsiSearch.Outcome.FOUND else {}
    document = held.document
    return Sources(
        base=held.identity.traits,
        document=traits_from_json(document["traits"]) if document else None,
        insi=traits_from_json(returned["traits"]) if returned and search and not search.decision else None,
        # « Carte nationale d’identité », without what the list says of it between brackets.
        device=device_label(document["device"]).split(" (")[0] if document and document["device"] else "",
        seen_on=datetime.date.fromisoformat(document["seen_on"]) if document else None,
        place=held.identity.lieu_libelle,
    )


# Five columns stand side by side: the shortest words that cannot be mistaken.
SHORT_LABELS = {Trait.PREMIER_PRENOM: "1er prénom", Trait.PRENOMS: "Prénoms"}


def used_name_typed(held: Discrepancy, sources: Sources) -> str:
    """Return the birth name of the base when the document shows that it is the used name, else ""."""
    against = sources.pair(sources.base, sources.document)
    causes = {one.cause for one in against.discrepancies} if against else set()
    return held.identity.nom_naissance if Cause.NOM_USAGE in causes and not held.identity.nom_utilise else ""


def rows_of(sources: Sources) -> list[Row]:
    """Return the six traits side by side, the letters that change marked."""
    return [_row(trait, sources) for trait in Trait]


def _row(trait: Trait, sources: Sources) -> Row:
    # INSi gives the list of given names, never which of them comes first: that source says nothing there.
    texts = [
        _shown(trait, one, sources)
        if one is not None and (one.of(trait) or trait is not Trait.PREMIER_PRENOM)
        else None
        for one in (sources.base, sources.document, sources.insi)
    ]
    base, document, insi = texts
    base = base or ""
    whole = trait is Trait.LIEU_NAISSANCE
    against = next((text for text in (insi, document) if text is not None and text != base), None)
    marked = _marked(base, against, whole) if against is not None else _plain(base)
    word, reading, blocking = _reading(trait, sources, base, document, insi)
    return Row(
        SHORT_LABELS.get(trait, TRAIT_LABELS[trait].capitalize()),
        marked,
        None if document is None else (marked if document == base else _marked(document, base, whole)),
        None if insi is None else (marked if insi == base else _marked(insi, base, whole)),
        word,
        reading,
        blocking,
    )


def _shown(trait: Trait, traits: Traits, sources: Sources) -> str:
    if trait is Trait.DATE_NAISSANCE:
        return traits.date_naissance.french
    text = traits.of(trait)
    if trait is not Trait.LIEU_NAISSANCE:
        return text
    if text in ("", COG_UNKNOWN):
        return "inconnu"
    # The only code whose place is known in clear is the one of our base.
    return f"{sources.place} ({text})" if sources.place and text == sources.base.lieu_naissance else text


def _plain(text: str) -> tuple[Segment, ...]:
    return (Segment(text, False),) if text else ()


def _marked(text: str, other: str, whole: bool) -> tuple[Segment, ...]:
    """Mark the letters of `text` that are not in `other`; a code is marked as a whole."""
    if whole:
        return (Segment(text or "–", True),)
    spans, others = differing_spans(text, other)
    return segments(text, spans, others)


def _reading(
    trait: Trait, sources: Sources, base: str, document: str | None, insi: str | None
) -> tuple[str, str, bool]:
    """Return the word, the explanation, and whether the difference is a real one."""
    if all(text in (None, base) for text in (document, insi)):
        return "", "", False
    right = sources.insi if insi not in (None, base) else sources.document
    assert right is not None  # noqa: S101 - one of the two differs
    found = next((one for one in compare(sources.base, right).discrepancies if one.trait is trait), None)
    tolerance = found.tolerance if found else None
    blocking = tolerance is not None and tolerance.severity is Severity.BLOCKING
    sides = _sides(base, document, insi)
    word = "Différent." if blocking else "Toléré."
    explained = tolerance.explanation if tolerance else ""
    where = _department_of_both(sources.base, right) if trait is Trait.LIEU_NAISSANCE else ""
    return word, " ".join(filter(None, (explained, where, sides))), blocking


def _department_of_both(base: Traits, other: Traits) -> str:
    """Say whether two known codes are of one département (or both abroad): what tells a merged commune."""
    codes = (base.lieu_naissance, other.lieu_naissance)
    if any(code in ("", COG_UNKNOWN) for code in codes):
        return ""
    ours, theirs = (code[:3] if code[:2] in OVERSEAS else code[:2] for code in codes)
    if ours == theirs:
        return "Les deux codes sont à l’étranger." if ours == "99" else f"Même département ({ours})."
    return f"Départements différents ({ours} et {theirs})."


def _sides(base: str, document: str | None, insi: str | None) -> str:
    if document is None or insi is None:
        return ""
    if document == insi:
        return "La pièce et INSi s’accordent."
    if document == base:
        return "La pièce et notre base s’accordent."
    return "La pièce dit autre chose." if base == insi else "Les trois diffèrent."
