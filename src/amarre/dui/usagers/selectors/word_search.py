"""Questions to the index of the search: exact words first, then the nearest names.

Every question is a range of one index (`dossier_word_search`): its cost follows what it returns, not the size
of the base. Near names are ranked in Python on candidates that share something indexed: the birth date, the
birth year, one exact word, or the first letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from amarre.dui.usagers.models import DossierWord
from amarre.dui.usagers.search_words import WordKind, prefix_range

# A word of a candidate counts as the one typed from this likeness (0 to 1).
NEAR_WORD = 0.8
# A birth year in a very large base; beyond, the candidates are cut and the search says « précisez ».
MAX_CANDIDATES = 20_000
FIRST_LETTERS = 3
# Per place in « NAME FIRST OTHERS USED »: far less than one mistake.
LATER_NAME = 0.0001
# A word this short bears one mistake, a longer one two.
SHORT_WORD = 4

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True, order=True)
class Ranked:
    """One dossier and how near it is: 0 for the same words, then the distance (lower is nearer)."""

    distance: float
    names: str
    dossier_id: int


def born(rows: Rows, prefixes: Iterable[str]) -> Rows:
    """Keep the birth dates that begin with one of `prefixes` (AAAA, AAAAMM or AAAAMMJJ)."""
    wanted = Q()
    for prefix in prefixes:
        first, last = prefix_range(prefix)
        wanted |= Q(word=prefix) if len(prefix) == 8 else Q(word__gte=first, word__lte=last)
    return rows.filter(wanted, kind=WordKind.BIRTH.value)


def named(rows: Rows, words: Sequence[str], *, whole: bool = False) -> Rows:
    """Keep the dossiers that have every word; the longest one leads the search, the others are checked.

    Words are prefixes, unless `whole`.
    """
    if not words:
        return rows.none()
    lead, *others = sorted(words, key=len, reverse=True)
    found = _word(rows.filter(kind=WordKind.NAME.value), lead, whole)
    for other in others:
        same = DossierWord.objects.all().filter(dossier=OuterRef("dossier"), kind=WordKind.NAME.value)
        found = found.filter(Exists(_word(same, other, whole)))
    return found.order_by("word", "names", "dossier")


def _word(rows: Rows, word: str, whole: bool) -> Rows:
    if whole:
        return rows.filter(word=word)
    first, last = prefix_range(word)
    return rows.filter(word__gte=first, word__lte=last)


def exact(rows: Rows, words: Sequence[str], limit: int) -> list[Ranked]:
    """Return at most `limit` dossiers that have every word, in the order of the index."""
    found = named(rows, words).values_list("dossier_id", "names")
    page = list(found[:limit])
    once = dict(page)
    if len(page) == limit > len(once):
        # Several words of one dossier begin alike: each dossier is shown once.
        once = dict(found[: limit * 3])
    return [Ranked(0.0, names, pk) for pk, names in once.items()][:limit]


def born_and_named(rows: Rows, prefixes: Sequence[str], words: Sequence[str], limit: int) -> list[Ranked]:
    """Return the dossiers born then, nearest names first; by name when no word is given."""
    found = born(rows, prefixes).values_list("dossier_id", "names")
    if not words:
        ordered = found.order_by("word", "names", "dossier")[:limit]
        return [Ranked(0.0, names, pk) for pk, names in ordered]
    return nearest(words, found[:MAX_CANDIDATES], limit)


def near(rows: Rows, words: Sequence[str], limit: int) -> list[Ranked]:
    """Return the dossiers whose names are near, without any date: one word exact, or the same first letters.

    A best effort: a mistake in the first letters of a name typed alone is not found.
    """
    letters = [word for word in words if len(word) >= FIRST_LETTERS]
    found: dict[int, str] = {}
    for word in letters:
        others = [other for other in words if other != word]
        first = [word[:FIRST_LETTERS], *others]
        found |= dict(named(rows, first).values_list("dossier_id", "names")[: MAX_CANDIDATES // 4])
        if others:
            found |= dict(named(rows, others).values_list("dossier_id", "names")[: MAX_CANDIDATES // 2])
    return nearest(words, found.items(), limit)


def nearest(words: Sequence[str], candidates: Iterable[tuple[int, str]], limit: int) -> list[Ranked]:
    """Rank candidates by their names; those where one typed word is like none are left out."""
    rows = {pk: (names, names.split()) for pk, names in candidates}
    tokens = {token for _, parts in rows.values() for token in parts}
    likeness = [_likeness(word, tokens) for word in words]
    ranked = []
    for pk, (names, parts) in rows.items():
        best = [
            max(((known.get(part, 0.0), -place) for place, part in enumerate(parts)), default=(0.0, 0))
            for known in likeness
        ]
        if min(score for score, _ in best) >= NEAR_WORD:
            # Among equals, birth name and first given name come before the other ones.
            far = sum(1 - score - LATER_NAME * place for score, place in best)
            ranked.append(Ranked(round(far, 5), names, pk))
    return sorted(ranked)[:limit]


def _likeness(word: str, tokens: set[str]) -> dict[str, float]:
    """Return how near each token is to a typed word, from `NEAR_WORD` to 1.

    The same word, a word that begins with it, one mistake (a letter more, less, other, or two exchanged), two
    mistakes, then names that merely look alike: a class is never passed by a lower one.
    """
    choices = list(tokens)
    alike = process.extract(word, choices, scorer=JaroWinkler.similarity, score_cutoff=0.88, limit=None)
    found = {token: NEAR_WORD + 0.05 * score for token, score, _ in alike}
    allowed = 1 if len(word) <= SHORT_WORD else 2
    for token, mistakes, _ in process.extract(
        word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=None
    ):
        found[token] = max(found.get(token, 0.0), 1.0 - 0.05 * mistakes)
    for token in choices:
        if token == word:
            found[token] = 1.0
        elif token.startswith(word):
            found[token] = 0.999
    return found
