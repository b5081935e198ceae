"""Dates as lists write them, read one way only: what may be read two ways is refused or flagged.

Understood: 03/03/1938 (also . - space), 1938-03-03 (with a time or not), 03-03-38, 3 mars 1938,
1er mars 1938, mars 1938, 1938, 00/00/1938, ??/03/1938, 03031938, 19380303, a cell of type date, the day
number of a spreadsheet. The day is always before the month: 03/25/1938 is refused, never turned round.

Two digits for the year: the latest year that is not after today (38 → 1938, 12 → 2012); always flagged.
Unknown parts: RNIV rule of the kit (day: the 1st; month: January; both: 31 December), always flagged.
Source of the rule: RNIV 1 EXI PP 19, Guide d'implémentation de l'INS EXI ID 11 and 12.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from anyascii import anyascii

from amarre.dui.usagers.importing.sheet import CellValue, cell_text
from amarre.interop.ins.errors import BirthDateRefused
from amarre.interop.ins.traits import BirthDate, birth_date_from_parts

MAX_AGE_YEARS = 125
# Day 0 of spreadsheets (their 1900 had a 29 February); numbers from 3654 are dates since 1910.
SERIAL_EPOCH = datetime.date(1899, 12, 30)
SERIAL_FIRST, SERIAL_LAST = 3654, 73050
YEAR_FIRST, YEAR_LAST = 1850, 2100

_MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
_DAYS = re.compile(r"^(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lun|mar|mer|jeu|ven|sam|dim)\.?,? ")
_PREFIX = re.compile(r"^(?:(?:ne|nee|n)(?:\(e\))?|le|du|depuis le|en) (?:le )?(?=[0-9?x])")
_TIME = re.compile(r"[t ]\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?$")
_UNKNOWN = r"\?{1,2}|x{1,2}|-{1,2}|_{1,2}"
_DMY = re.compile(rf"(\d{{1,2}}|{_UNKNOWN})\s?[/.\- ]\s?(\d{{1,2}}|{_UNKNOWN})\s?[/.\- ]\s?(\d{{4}}|\d{{2}})")
_YMD = re.compile(rf"(\d{{4}})[/.\- ](\d{{1,2}}|{_UNKNOWN})[/.\- ](\d{{1,2}}|{_UNKNOWN})")
_WORDS = re.compile(r"(?:(\d{1,2})(?:er|e)?[ .\-/]+)?([a-z]{3,9})\.?[ .\-/]+(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(rf"(\d{{1,2}}|{_UNKNOWN})[/.\-](\d{{4}})")
_YEAR_MONTH = re.compile(r"(\d{4})[/.\-](\d{1,2})")

NOT_A_DATE = "ce n'est pas une date connue."
MONTH_FIRST = "le mois vient avant le jour."


class DateRefused(ValueError):
    """The cell is no date of this kind; the argument is a French sentence that quotes nothing."""


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """Year always known; month and day None when unknown. `flags` are French remarks."""

    year: int
    month: int | None
    day: int | None
    flags: tuple[str, ...] = ()


def birth_date(value: CellValue, today: datetime.date) -> tuple[BirthDate, tuple[str, ...]]:
    """Return the birth date of a cell and what must be looked at. Raises DateRefused."""
    parsed = parse(value, today)
    flags = list(parsed.flags)
    try:
        date = birth_date_from_parts(parsed.year, parsed.month, parsed.day)
    except BirthDateRefused:
        raise DateRefused(_impossible(parsed)) from None
    day = date.calendar
    # The rule gives 31 December for a year alone, even for the current one.
    latest = datetime.date(today.year, 12, 31) if date.interpreted else today
    if day is None or day > latest:
        raise DateRefused("elle est dans le futur.")
    if parsed.year < today.year - MAX_AGE_YEARS:
        raise DateRefused(f"elle donne plus de {MAX_AGE_YEARS} ans : vérifiez l'année.")
    if date.interpreted:
        flags.append(f"date de naissance incomplète, écrite {date.french} par la règle nationale")
    return date, tuple(flags)


def plain_date(value: CellValue, today: datetime.date) -> tuple[datetime.date, tuple[str, ...]]:
    """Return a date of entry or exit: a whole day from 1900 to a year ahead. Raises DateRefused."""
    parsed = parse(value, today, ahead=1)
    if parsed.month is None or parsed.day is None:
        raise DateRefused("le jour et le mois sont attendus.")
    try:
        day = datetime.date(parsed.year, parsed.month, parsed.day)
    except ValueError:
        raise DateRefused(_impossible(parsed)) from None
    if day.year < 1900 or day > today + datetime.timedelta(days=366):
        raise DateRefused("l'année n'est pas plausible.")
    return day, parsed.flags


def parse(value: CellValue, today: datetime.date, ahead: int = 0) -> ParsedDate:
    """Read a cell, without judging the day. `ahead`: years a two-digit year may be in the future.

    Raises DateRefused.
    """
    if isinstance(value, datetime.date):
        return ParsedDate(value.year, value.month, value.day)
    text = _cleaned(cell_text(value))
    if not text:
        raise DateRefused("elle est vide.")
    if re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        return _number(text)
    return _text(text, today, ahead)


def _cleaned(text: str) -> str:
    plain = " ".join(anyascii(text).lower().split())
    plain = _PREFIX.sub("", plain)
    plain = _DAYS.sub("", plain)
    return _TIME.sub("", plain).strip(" .;,")


def _number(text: str) -> ParsedDate:
    """Read digits alone: a year, a day number, JJMMAAAA or AAAAMMJJ (never both: 18 to 21 is no month)."""
    whole = re.split("[.,]", text)[0]
    if whole != text and not SERIAL_FIRST <= int(whole) <= SERIAL_LAST:
        raise DateRefused(NOT_A_DATE)
    if len(whole) in (7, 8):
        digits = whole.zfill(8)
        for year, month, day in (
            (digits[4:], digits[2:4], digits[:2]),
            (digits[:4], digits[4:6], digits[6:]),
        ):
            if YEAR_FIRST <= int(year) <= YEAR_LAST and 1 <= int(month) <= 12:
                return ParsedDate(int(year), int(month), int(day))
        raise DateRefused(NOT_A_DATE)
    number = int(whole) if len(whole) <= 6 else 0
    if YEAR_FIRST <= number <= YEAR_LAST and len(whole) == 4:
        return ParsedDate(number, None, None)
    if SERIAL_FIRST <= number <= SERIAL_LAST:
        day_found = SERIAL_EPOCH + datetime.timedelta(days=number)
        flag = f"date lue dans un numéro de jour de tableur : {day_found:%d/%m/%Y}"
        return ParsedDate(day_found.year, day_found.month, day_found.day, (flag,))
    raise DateRefused(NOT_A_DATE)


def _text(text: str, today: datetime.date, ahead: int) -> ParsedDate:
    if match := _YMD.fullmatch(text):
        return _parts(match[1], match[2], match[3], today, ahead)
    if match := _DMY.fullmatch(text):
        return _parts(match[3], match[2], match[1], today, ahead)
    if match := _WORDS.fullmatch(text):
        month = _month(match[2])
        return _parts(match[3], str(month), match[1] or "0", today, ahead)
    if match := _MONTH_YEAR.fullmatch(text):
        return _parts(match[2], match[1], "0", today, ahead)
    if match := _YEAR_MONTH.fullmatch(text):
        return _parts(match[1], match[2], "0", today, ahead)
    raise DateRefused(NOT_A_DATE)


def _month(word: str) -> int:
    """Return the month of a French name or of an abbreviation of three letters at least that is its alone."""
    found = [i for i, name in enumerate(_MONTHS, 1) if name.startswith(word)]
    if len(found) != 1:
        raise DateRefused("le mois n'est pas reconnu.")
    return found[0]


def _parts(year: str, month: str, day: str, today: datetime.date, ahead: int) -> ParsedDate:
    flags: tuple[str, ...] = ()
    number = int(year)
    if len(year) == 2:
        number = _century(number, today.year + ahead)
        flags = (f"année sur deux chiffres, lue {number}",)
    if not YEAR_FIRST <= number <= YEAR_LAST:
        raise DateRefused("l'année n'est pas plausible.")
    return ParsedDate(number, _part(month), _part(day), flags)


def _century(two_digits: int, latest: int) -> int:
    """Return the latest year that ends so and is not after `latest`."""
    year = latest - latest % 100 + two_digits
    return year if year <= latest else year - 100


def _part(text: str) -> int | None:
    return int(text) or None if text.isdigit() else None


def _impossible(parsed: ParsedDate) -> str:
    month, day = parsed.month or 0, parsed.day or 0
    if month > 12 and 1 <= day <= 12:
        return MONTH_FIRST
    return "ce jour n'existe pas au calendrier."
