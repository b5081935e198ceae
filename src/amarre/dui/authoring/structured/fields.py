"""The fields of a line, as data: what is asked, in which words, from which list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from amarre.dui.authoring.structured.values import day_of, text_of
from amarre.interop.terminology import ValueSetId, value_set

LONGEST = 500
Choices = tuple[tuple[str, str], ...]


class FieldType(StrEnum):
    """How a field is typed and kept."""

    TEXT = "text"
    # A day, a month or a year: what people remember.
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineField:
    """One field. `choices` are (code, words) of a CHOICE. `width` is out of 6, the width of a row."""

    name: str
    label: str
    type: FieldType = FieldType.TEXT
    choices: Choices = ()
    required: bool = False
    width: int = 2
    placeholder: str = ""

    def missing(self, line: Mapping[str, Any]) -> bool:
        """Tell whether a line lacks what the field asks for."""
        return self.required and not text_of(line, self.name)

    def unreadable(self, line: Mapping[str, Any]) -> bool:
        """Tell whether what a line keeps cannot be what the field asks for."""
        written = text_of(line, self.name)
        if not written:
            return False
        match self.type:
            case FieldType.DAY:
                return day_of(line, self.name) is None
            case FieldType.CHOICE:
                return written not in dict(self.choices)
            case FieldType.TEXT:
                return len(written) > LONGEST


def choices_of(
    which: ValueSetId, *, only: Iterable[str] = (), words: Mapping[str, str] | None = None
) -> Choices:
    """Return the (code, words) of a value set, in its order; `only` some of its codes, in that order.

    `words` replaces the label of some codes by plainer ones, on the screen only. Raises KeyError for a code
    that is not in the set.
    """
    values = value_set(which)
    codes = [values.get(code) for code in only] or list(values.codes.values())
    plain = words or {}
    return tuple((code.code, plain.get(code.code) or capital(code.display)) for code in codes)


def capital(words: str) -> str:
    """Return the words with a capital."""
    return words[:1].upper() + words[1:]
