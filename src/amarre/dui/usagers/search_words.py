"""The words a dossier is found by: every name, the numbers, the birth date. One row each, written at save.

Prefixes are looked for as ranges of upper-case ASCII words, which both engines answer from the same index,
whatever their collation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from amarre.interop.ins.traits import fold

WORD_LENGTH = 40
NAMES_LENGTH = 120
_NOT_A_WORD = re.compile(r"[^A-Z0-9]+")


class WordKind(StrEnum):
    """What a word is: of a name or of a number, or a birth date written AAAAMMJJ."""

    NAME = "N"
    BIRTH = "B"


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """One word of one dossier."""

    kind: WordKind
    text: str


def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: upper case, no accent, letters and digits."""
    return tuple(word[:WORD_LENGTH] for word in _NOT_A_WORD.sub(" ", fold(text)).split())


def words_of(*, names: Iterable[str], numbers: Iterable[str], birth: str) -> frozenset[Word]:
    """Return every word of a dossier.

    `names` are whole names (a compound one is found joined as well: LEBIHAN), `birth` is AAAA-MM-JJ.
    """
    found: set[str] = set()
    for text in (*names, *numbers):
        parts = plain_words(text)
        found.update(parts)
        if 1 < len(parts) <= 3:
            found.add("".join(parts)[:WORD_LENGTH])
    for text in numbers:
        # « 12 » finds the dossier 000012.
        found.update(part.lstrip("0") for part in plain_words(text))
    words = {Word(WordKind.NAME, text) for text in found if text}
    compact = birth.replace("-", "")
    return frozenset(words | ({Word(WordKind.BIRTH, compact)} if compact else set()))


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return the first and the last word that begin with `prefix`, for `word >= first and word <= last`."""
    return prefix, prefix.ljust(WORD_LENGTH, "Z")
