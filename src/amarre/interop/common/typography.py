"""French typography on text that is already written: spaces that must not break, apostrophes.

Rules of the *Lexique des règles typographiques en usage à l'Imprimerie nationale*: narrow no-break space
(U+202F) before ``; ! ? %`` and inside « », no-break space (U+00A0) before ``:``. Only existing spaces are
changed, so ``http://`` and ``12:30`` stay what they are.
"""

from __future__ import annotations

import re

NBSP = "\u00a0"
NNBSP = "\u202f"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\S) (?=[;!?%€](?:\W|$))"), NNBSP),
    (re.compile(r"(?<=\S) :(?=\s|$)"), f"{NBSP}:"),
    (re.compile(r"« "), f"«{NNBSP}"),
    (re.compile(r" »"), f"{NNBSP}»"),
    (re.compile(r"\b(\d{1,2}) h\b"), rf"\1{NBSP}h"),
    (re.compile(r"(?<=\d\u00a0h) (?=\d{2}\b)"), NBSP),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), NNBSP),
    (re.compile(r"(?<=[A-Za-zÀ-ÿ])'(?=[A-Za-zÀ-ÿ])"), "’"),
)


def french(text: str) -> str:
    """Return plain `text` with French no-break spaces and apostrophes."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
