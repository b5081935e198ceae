"""What a person typed, or a scanner typed for them, in the one search field.

One field understands: an INS Datamatrix (keyboard scanner), a matricule, a birth date in its usual writings,
a local number, names. What is read is never kept nor logged.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from amarre.dui.usagers.search_words import plain_words
from amarre.dui.web.dates import MONTHS
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins import ScannedIdentity, decode, fold, matricule_typed

_SCANNED = re.compile(r"^(?:\][dCQ][0-9])?IS[0-9]{2}")
_MATRICULE = re.compile(r"^[1-478][0-9 .\-]{4,6}[0-9AB .\-]*$", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_COMPACT_DATE = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)")
_WORD_DATE = re.compile(r"(?<!\d)(\d{1,2})(?:ER)? ([A-Z]{3,9}) (\d{4})(?!\d)")
_MONTH_DATE = re.compile(r"(?<![\d/.\-])(\d{1,2})[/.\-](\d{4})(?!\d)")
_YEAR = re.compile(r"[0-9]{4}")
_MONTH_NUMBERS = {fold(name): number for number, name in enumerate(MONTHS, 1)}
MAX_LENGTH = 400
MAX_WORDS = 6
OLDEST = 1890


@dataclass(frozen=True, slots=True, repr=False)
class SearchTerms:
    """What to look for; every part given must match. With a `problem` (French), nothing else is set.

    `dates` are AAAAMMJJ, or AAAAMM when the day is not given, and any of them may match (a two-digit year has
    two readings). `words` are folded words of names and numbers; `year` is the one that may be a birth year.
    `warnings` are about what was scanned.
    """

    matricule: str = ""
    dates: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    year: str = ""
    problem: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to look for."""
        return not (self.matricule or self.dates or self.words)


def read_terms(text: str, today: datetime.date) -> SearchTerms:
    """Read the search field. Never raises: what cannot be read is explained in `problem`."""
    text = text.strip()[:MAX_LENGTH]
    try:
        if _SCANNED.match(text):
            return scanned_terms(decode(text))
        compact = re.sub(r"[ .\-]", "", text)
        if len(compact) == 15 and _MATRICULE.match(text):
            return SearchTerms(matricule=matricule_typed(text).base)
    except AmarreError as error:
        explained = error.explanation()
        return SearchTerms(problem=f"{explained.what} {explained.advice}")
    return _people_terms(text, today)


def scanned_terms(scanned: ScannedIdentity) -> SearchTerms:
    """Return what to look for when a Datamatrix was read. A wrong key is a warning: it was not typed."""
    warnings = tuple(warning.sentence for warning in scanned.warnings)
    return SearchTerms(matricule=scanned.ins.matricule.base, warnings=warnings)


def _people_terms(text: str, today: datetime.date) -> SearchTerms:
    dates, rest = _dates(text, today)
    words = tuple(dict.fromkeys(plain_words(rest)))[:MAX_WORDS]
    years = [word for word in words if _YEAR.fullmatch(word) and OLDEST <= int(word) <= today.year]
    return SearchTerms(dates=dates, words=words, year=years[0] if years and not dates else "")


def _dates(text: str, today: datetime.date) -> tuple[tuple[str, ...], str]:
    """Return the readings of the first date of `text`, and the text without it."""
    if match := _ISO_DATE.search(text):
        found = _readings(match[3], match[2], match[1], today)
    elif match := (_NUMERIC_DATE.search(text) or _COMPACT_DATE.search(text)):
        found = _readings(match[1], match[2], match[3], today)
    elif match := _MONTH_DATE.search(text):
        found = (f"{match[2]}{int(match[1]):02d}",) if 1 <= int(match[1]) <= 12 else ()
    else:
        text = fold(text)
        match = _WORD_DATE.search(text)
        month = _MONTH_NUMBERS.get(match[2], 0) if match else 0
        found = _readings(match[1], str(month), match[3], today) if match and month else ()
    if not found or match is None:
        return (), text
    return found, f"{text[: match.start()]} {text[match.end() :]}"


def _readings(day: str, month: str, year: str, today: datetime.date) -> tuple[str, ...]:
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    found: list[str] = []
    for candidate in years:
        try:
            date = datetime.date(candidate, int(month), int(day))
        except ValueError:
            continue
        if date <= today:
            found.append(f"{date:%Y%m%d}")
    return tuple(found)
