"""Texts ready to be laid out: French spaces, nothing that prints nothing, and every sign known to be drawn.

What a person pastes holds more than letters: marks of direction, joiners, line separators, bullets of
another font. Those that print nothing are dropped; what the font cannot draw is refused by name, since it
would vanish from a PDF/A-1 without a word. Bounded: a text of any shape is judged by its distinct signs.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Iterator
from typing import Any

import typst

from amarre.dui.documents.rendering.errors import UnprintableCharacter
from amarre.dui.documents.rendering.fonts import shipped_fonts
from amarre.dui.web.typography import french

ZERO_WIDTH_SPACE = "\u200b"
# Latin letters, their accents, digits and the punctuation of French: the shipped font draws all of them.
_UNUSUAL = re.compile("[^\n\t -~\u00a0-\u017f\u200b\u2010-\u2015\u2018-\u201e\u2022\u2026\u202f\u20ac]")
_LINES = re.compile("[\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]{20,}")
# A run of signs without a space, longer than a line of a narrow cell: it may be cut; and any run at all, the
# spaces of French typography included, far before the limit of the compiler (65,535 bytes).
_ENDLESS, _PIECE = re.compile(r"\S{31,}"), re.compile(r"\S{30}(?=\S)")
_UNBROKEN, _PART = re.compile(r"[^ \n]{201,}"), re.compile(r"[^ \n]{200}(?=[^ \n])")
# More accents on one letter than any language writes: the compiler gives up on them.
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{6,}")
# The bullet that word processors take from their own font of symbols.
_BULLETS = {"\uf0b7": "\u2022", "\uf0a7": "\u2022", "\uf02d": "-"}
# Left letter for letter.
_KEPT = ("traits", "reference", "identifier")
_NOT_TEXT = ("datamatrix_svg", "logo")

_PROOF = (
    b'#set document(title: "x", date: datetime(year: 2026, month: 1, day: 1))\n'
    b'#set text(lang: "fr", region: "FR", font: "Libertinus Serif")\n'
    b"#for sign in json(bytes(sys.inputs.d)) [#sign \\ ]"
)
_UNDRAWN = re.compile(r'the text `"(?:\\u\{([0-9a-f]+)\}|(.))', re.DOTALL)
_drawn: set[str] = set()
_proving = threading.Lock()


def laid_out(content: dict[str, Any]) -> dict[str, Any]:
    """Return `content` with its texts ready, traits and identifiers as they are.

    Raises UnprintableCharacter.
    """
    ready = _typeset(content)
    # In the order of the text: the first one refused is the first one the author meets.
    unusual: dict[str, None] = {}
    for text in _texts(ready):
        if stacked := _STACKED.search(text):
            raise _refusal(stacked[0][0])
        unusual.update(dict.fromkeys(_UNUSUAL.findall(text)))
    _require_drawn(list(unusual))
    return ready


def _typeset(content: dict[str, Any]) -> dict[str, Any]:
    def walk(item: Any) -> Any:
        if isinstance(item, dict):
            return _typeset(item)
        if isinstance(item, list | tuple):
            return [walk(inner) for inner in item]
        return _ready(item) if isinstance(item, str) else item

    return {name: inner if name in _KEPT else walk(inner) for name, inner in content.items()}


def _ready(text: str) -> str:
    if _UNUSUAL.search(text) or "\u00ad" in text or ZERO_WIDTH_SPACE in text:
        text = _LINES.sub(" ", text)
        text = "".join(_BULLETS.get(sign, sign) for sign in text if unicodedata.category(sign) != "Cf")
    text = french(_SPACES.sub(" ", text))
    text = _ENDLESS.sub(lambda run: _PIECE.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", run[0]), text)
    return _UNBROKEN.sub(lambda run: _PART.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", run[0]), text)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in _NOT_TEXT:
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _require_drawn(signs: list[str]) -> None:
    """Raise UnprintableCharacter for a sign the font does not draw; each is tried once in a process."""
    unknown = [sign for sign in signs if sign not in _drawn]
    for sign in unknown:
        # No font says what these are (Co: private use, Cc: control, Cn: not assigned).
        if unicodedata.category(sign) in ("Co", "Cc", "Cn", "Cs"):
            raise _refusal(sign)
    if not unknown:
        return
    # An accent is drawn on a letter.
    shown = [f"x{sign}" if unicodedata.combining(sign) else sign for sign in unknown]
    try:
        # PDF/A-2 refuses a sign without a glyph; PDF/A-1 leaves it out.
        typst.compile(
            _PROOF,
            sys_inputs={"d": json.dumps(shown)},
            pdf_standards=["a-2b"],
            font_paths=shipped_fonts(),
        )
    except typst.TypstError as error:
        found = _UNDRAWN.search(str(error))
        sign = unknown[0] if found is None else chr(int(found[1], 16)) if found[1] else found[2]
        raise _refusal(sign if sign in signs else unknown[0]) from None
    with _proving:
        _drawn.update(unknown)


def _refusal(sign: str) -> UnprintableCharacter:
    # Unicode names its signs in English: the code says as much, and is the same for everybody.
    code = f"U+{ord(sign):04X}"
    if sign.isprintable():
        return UnprintableCharacter(character=sign, name=f"code {code}")
    return UnprintableCharacter(character=code, name="signe invisible")
