"""The words that exist in names, found by what a typing mistake leaves of them.

One letter more, less, other, or two exchanged: the word typed and the word meant have a piece in common, one
of the two words itself or either without one letter. A word is written once, whoever bears it: some tens of
thousands of rows for hundreds of thousands of people.
Source of the method: symmetric deletion (W. Garbe, SymSpell).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import models
from rapidfuzz.distance import OSA

from amarre.dui.usagers.search_words import WORD_LENGTH

# Of two letters, everything is one mistake away from too much.
SHORTEST = 3
# In a shorter one, two mistakes make any other word.
LONG = 5
_LETTERS = re.compile(rf"[A-Z]{{{SHORTEST},{WORD_LENGTH}}}")
# Words looked at for one typed word; a real name has some dozens of neighbours at most.
MAX_NEIGHBOURS = 2_000
BATCH = 400


class NameSpelling(models.Model):
    """One piece of one word of a name. Says nothing about anybody: no dossier, no establishment."""

    piece = models.CharField(max_length=WORD_LENGTH)
    word = models.CharField(max_length=WORD_LENGTH)

    class Meta:
        verbose_name = "écriture d'un nom"
        constraints = [models.UniqueConstraint(fields=["piece", "word"], name="name_spelling_once")]
        indexes = [models.Index(fields=["word"], name="name_spelling_word")]

    def __str__(self) -> str:
        return self.piece


def pieces_of(word: str) -> frozenset[str]:
    """Return the word and what is left of it without one letter."""
    return frozenset({word, *(word[:at] + word[at + 1 :] for at in range(len(word)))})


def learn_words(words: Iterable[str]) -> None:
    """Write the words that were never met; one question when there are none."""
    wanted = sorted({word for word in words if _LETTERS.fullmatch(word)})
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        known = set(
            NameSpelling.objects.filter(word__in=part, piece=models.F("word")).values_list("word", flat=True)
        )
        # Two transactions may meet the same new word at once: it is written once.
        NameSpelling.objects.bulk_create(
            [
                NameSpelling(piece=piece, word=word)
                for word in part
                if word not in known
                for piece in sorted(pieces_of(word))
            ],
            ignore_conflicts=True,
            batch_size=2_000,
        )


def neighbours(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return, for each word typed, the words that exist one mistake away, itself left out. One question."""
    typed = {word: pieces_of(word) for word in words if _LETTERS.fullmatch(word)}
    pieces = frozenset().union(*typed.values()) if typed else frozenset()
    if not pieces:
        return {}
    rows = NameSpelling.objects.filter(piece__in=sorted(pieces)).values_list("word", flat=True)
    met = sorted(set(rows[:MAX_NEIGHBOURS]))
    return {word: tuple(one for one in met if one != word and _one_mistake(word, one)) for word in typed}


def far_neighbours(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return, for each word typed, the words that exist two mistakes away and begin with its two letters."""
    found = {}
    for word in words:
        if not _LETTERS.fullmatch(word) or len(word) < LONG:
            continue
        start = word[:2]
        same = NameSpelling.objects.filter(piece__gte=start, piece__lte=start.ljust(WORD_LENGTH, "Z"))
        met = same.filter(piece=models.F("word")).values_list("word", flat=True)
        found[word] = tuple(one for one in met if OSA.distance(word, one, score_cutoff=2) <= 2)
    return found


def _one_mistake(word: str, other: str) -> bool:
    return OSA.distance(word, other, score_cutoff=1) <= 1
