"""Periods: since the beginning, a month, a quarter, a year. Dates inclusive, Europe/Paris."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from amarre.dui.core.clock import PARIS
from amarre.dui.web.dates import MONTHS, day

_MONTH = re.compile(r"(2[01]\d\d)-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(2[01]\d\d)-T([1-4])")
_YEAR = re.compile(r"2[01]\d\d")
_QUARTERS = ("1er", "2e", "3e", "4e")
# Proposed in the list; any other one may be asked by its address.
_PROPOSED_MONTHS, _PROPOSED_QUARTERS, _PROPOSED_YEARS = 12, 8, 3


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; None is « no limit ». `key` is its word in addresses."""

    key: str
    label: str
    first: datetime.date | None
    last: datetime.date | None

    @property
    def start(self) -> datetime.datetime | None:
        """Return the first instant, in Paris."""
        return _midnight(self.first) if self.first else None

    @property
    def end(self) -> datetime.datetime | None:
        """Return the first instant that is not in the period any more."""
        return _midnight(self.last + datetime.timedelta(days=1)) if self.last else None

    @property
    def dates(self) -> str:
        """Return « du 01/11/2026 au 30/11/2026 », or an empty string without limits."""
        if self.first and self.last:
            return f"du {day(self.first)} au {day(self.last)}"
        return f"jusqu'au {day(self.last)}" if self.last else ""


BEGINNING = Period("", "depuis le début", None, None)


def month(year: int, number: int) -> Period:
    """Return the month `number` (1–12) of `year`."""
    first = datetime.date(year, number, 1)
    return Period(f"{year}-{number:02}", f"{MONTHS[number - 1]} {year}", first, _last_day(first, 1))


def quarter(year: int, number: int) -> Period:
    """Return the quarter `number` (1–4) of `year`."""
    first = datetime.date(year, 3 * number - 2, 1)
    label = f"{_QUARTERS[number - 1]} trimestre {year}"
    return Period(f"{year}-T{number}", label, first, _last_day(first, 3))


def year(number: int) -> Period:
    """Return the calendar year `number`."""
    label = f"année {number}"
    return Period(str(number), label, datetime.date(number, 1, 1), datetime.date(number, 12, 31))


def until(last: datetime.date) -> Period:
    """Return everything up to the day `last` included."""
    return Period("", f"jusqu'au {day(last)}", None, last)


def parse(key: str) -> Period | None:
    """Return the period of « 2026-11 », « 2026-T4 », « 2026 » or an empty key; None for anything else."""
    if not key:
        return BEGINNING
    if one := parse_month(key):
        return one
    if found := _QUARTER.fullmatch(key):
        return quarter(int(found[1]), int(found[2]))
    return year(int(key)) if _YEAR.fullmatch(key) else None


def parse_month(key: str) -> Period | None:
    """Return the month « 2026-11 », None for anything else."""
    found = _MONTH.fullmatch(key)
    return month(int(found[1]), int(found[2])) if found else None


def months_before(day_of_last: datetime.date, count: int) -> list[Period]:
    """Return `count` months, the last one being that of `day_of_last`, oldest first."""
    rank = day_of_last.year * 12 + day_of_last.month - 1
    return [month(one // 12, one % 12 + 1) for one in range(rank - count + 1, rank + 1)]


def last_closed_month(today: datetime.date) -> Period:
    """Return the month before that of `today`."""
    return months_before(today, 2)[0]


def proposals(today: datetime.date) -> list[tuple[str, list[Period]]]:
    """Return the groups of the list of periods, newest first."""
    rank = today.year * 4 + (today.month - 1) // 3
    quarters = [quarter(one // 4, one % 4 + 1) for one in range(rank, rank - _PROPOSED_QUARTERS, -1)]
    return [
        ("Mois", months_before(today, _PROPOSED_MONTHS)[::-1]),
        ("Trimestres", quarters),
        ("Années", [year(today.year - back) for back in range(_PROPOSED_YEARS)]),
    ]


def _midnight(date: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(date, datetime.time(), tzinfo=PARIS)


def _last_day(first: datetime.date, months: int) -> datetime.date:
    rank = first.year * 12 + first.month - 1 + months
    return datetime.date(rank // 12, rank % 12 + 1, 1) - datetime.timedelta(days=1)
