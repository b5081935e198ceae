"""The codes that details carry, in the words of those who read the journal.

The trace keeps codes, which never change; each context says its own, once, when it is ready:

    say("insi.answered", outcome={"found": "identité trouvée"})
    say("", device={"CN": "carte nationale d'identité"})        # whatever the verb
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_words: dict[tuple[str, str], dict[str, str]] = {}


def say(verb: str, /, **by_detail: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
    """Add the words of the codes of details of `verb`, "" for every verb."""
    for detail, words in by_detail.items():
        _words.setdefault((verb, detail), {}).update((str(code), word) for code, word in dict(words).items())


def word_of(verb: str, detail: str, code: str) -> str:
    """Return the word of a code, the code itself when nobody said it."""
    for known in ((verb, detail), ("", detail)):
        if code in _words.get(known, {}):
            return _words[known][code]
    return code


def is_said(verb: str, detail: str, code: str) -> bool:
    """Say whether a code has a word."""
    return any(code in _words.get(known, {}) for known in ((verb, detail), ("", detail)))
