"""Questions to the index of the search: exact words first, then the nearest names.

Every question is a range of one index (`dossier_word_search`): its cost follows what it returns, not the size
of the base. Near names are ranked in Python on candidates that share something indexed: the birth date, or
words one mistake away from those typed (`NameSpelling`); only then the first letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from amarre.dui.usagers.models import DossierWord
from amarre.dui.usagers.models.spelling import far_neighbours, neighbours
from amarre.dui.usagers.search_words import WordKind, prefix_range
from amarre.interop.ins.matching_keys import ABBREVIATIONS

# A word of a candidate counts as the one typed from this likeness (0 to 1).
NEAR_WORD = 0.8
# Beyond, the candidates are cut and the search says « précisez ».
MAX_CANDIDATES = 5_000
# A word borne by more people than this is not counted further.
COMMON = 2_000
# Per place in « NAME FIRST OTHERS USED »: far less than one mistake.
LATER_NAME = 0.0001
# A word this short bears one mistake, a longer one two.
SHORT_WORD = 4

Rows = QuerySet[Any]
# For each word typed, the words that exist and that it may be a mistake for.
Meant = Mapping[str, Sequence[str]]


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


def named(rows: Rows, words: Sequence[str], meant: Meant | None = None, year: str = "") -> Rows:
    """Keep the dossiers that have every word, as a prefix or as one of the words it is `meant` for.

    The longest word leads the search (the rarest one among near words), the others are checked, and the
    birth year (AAAA) when there is one.
    """
    if not words:
        return rows.none()
    meant = meant or {}
    names = rows.filter(kind=WordKind.NAME.value)
    lead = _rarest(names, words, meant) if meant else max(words, key=len)
    found = names.filter(_word(lead, meant))
    for other in words:
        if other != lead:
            found = found.filter(Exists(_same(WordKind.NAME).filter(_word(other, meant))))
    if year:
        found = found.filter(Exists(_same(WordKind.BIRTH).filter(_word(year, {}))))
    return found.order_by("word", "names", "dossier")


def _rarest(names: Rows, words: Sequence[str], meant: Meant) -> str:
    """Return the word that the fewest dossiers have, counted up to `COMMON`; the longest of common ones."""
    best, least = words[0], COMMON + 1
    if len(words) == 1:
        return best
    for word in sorted(set(words), key=lambda one: (-len(one), one)):
        count = names.filter(_word(word, meant))[:least].count()
        if count < least:
            best, least = word, count
    return best


def _same(kind: WordKind) -> Rows:
    """Return the words of one kind of the dossier of the outer question."""
    return DossierWord.objects.all().filter(dossier=OuterRef("dossier"), kind=kind.value)


def _word(word: str, meant: Meant) -> Q:
    first, last = prefix_range(word)
    return Q(word__gte=first, word__lte=last) | Q(word__in=meant.get(word, ()))


def exact(rows: Rows, words: Sequence[str], limit: int, year: str = "") -> list[Ranked]:
    """Return at most `limit` dossiers that have every word, in the order of the index."""
    found = named(rows, words, year=year).values_list("dossier_id", "names")
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
    # Few people are born on one day: a particle, or the other half of a double name, may be missing.
    missing = len(words) // 2 if all(len(prefix) == 8 for prefix in prefixes) else 0
    return nearest(words, found[:MAX_CANDIDATES], limit, missing)


def near(rows: Rows, words: Sequence[str], limit: int, year: str = "") -> list[Ranked]:
    """Return the dossiers whose names are one mistake away, in each word at most; `year` (AAAA) is exact.

    The words meant are found among those that exist (`NameSpelling`), then looked for as they are.
    """
    return _meant(rows, words, neighbours(words), limit, year)


def far(rows: Rows, words: Sequence[str], limit: int, year: str = "") -> list[Ranked]:
    """Return the dossiers whose names are two mistakes away: a best effort, on words that begin alike."""
    return _meant(rows, words, far_neighbours(words), limit, year)


def _meant(rows: Rows, words: Sequence[str], meant: Meant, limit: int, year: str) -> list[Ranked]:
    if not any(meant.values()):
        return []
    found = named(rows, words, meant, year).values_list("dossier_id", "names")
    return nearest(words, dict(found[:MAX_CANDIDATES]).items(), limit)


def nearest(
    words: Sequence[str], candidates: Iterable[tuple[int, str]], limit: int, missing: int = 0
) -> list[Ranked]:
    """Rank candidates by their names; those where more than `missing` typed words are like none are left out.

    One typed word at least is always near.
    """
    rows = {pk: (names, names.split()) for pk, names in candidates}
    tokens = {token for _, parts in rows.values() for token in parts}
    likeness = [_likeness(word, tokens) for word in words]
    ranked = []
    for pk, (names, parts) in rows.items():
        best = [
            max(((known.get(part, 0.0), -place) for place, part in enumerate(parts)), default=(0.0, 0))
            for known in likeness
        ]
        absent = sum(score < NEAR_WORD for score, _ in best)
        if absent <= missing and absent < len(best):
            # Among equals, birth name and first given name come before the other ones.
            far_away = sum(1 - score - LATER_NAME * place for score, place in best)
            ranked.append(Ranked(round(far_away, 5), names, pk))
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
        elif ABBREVIATIONS.get(word, word) == ABBREVIATIONS.get(token, token):
            found[token] = 0.99
    return found
