"""Dates and durations as people say them, in the local time of France."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from amarre.dui.web.typography import NBSP

PARIS = ZoneInfo("Europe/Paris")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def local(moment: dt.datetime) -> dt.datetime:
    """Return the aware `moment` in French local time; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(PARIS)


def day(value: dt.date | dt.datetime) -> str:
    """Return ``20/11/2026``."""
    value = local(value) if isinstance(value, dt.datetime) else value
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def long_day(value: dt.date | dt.datetime) -> str:
    """Return ``vendredi 20 novembre 2026`` (``1er`` for the first of the month)."""
    value = local(value) if isinstance(value, dt.datetime) else value
    number = "1er" if value.day == 1 else str(value.day)
    return f"{DAYS[value.weekday()]} {number}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def hour(value: dt.datetime | dt.time) -> str:
    """Return ``8 h 45`` with no-break spaces."""
    moment = local(value) if isinstance(value, dt.datetime) else value
    return f"{moment.hour}{NBSP}h{NBSP}{moment.minute:02}"


def moment(value: dt.datetime, now: dt.datetime) -> str:
    """Return ``8 h 45`` today, ``hier, 8 h 45``, ``demain, 8 h 45``, else ``20/11/2026, 8 h 45``."""
    distance = (local(value).date() - local(now).date()).days
    match distance:
        case 0:
            return hour(value)
        case -1:
            return f"hier, {hour(value)}"
        case 1:
            return f"demain, {hour(value)}"
        case _:
            return f"{day(value)}, {hour(value)}"


def relative_day(value: dt.date, today: dt.date) -> str:
    """Return ``hier``, ``dans 21 jours, le 11/12/2026``, ``il y a 3 jours, le 17/11/2026``."""
    distance = (value - today).days
    words = {0: "aujourd’hui", -1: "hier", 1: "demain"}
    if distance in words:
        return words[distance]
    if distance > 0:
        return f"dans {distance}{NBSP}jours, le {day(value)}"
    return f"il y a {-distance}{NBSP}jours, le {day(value)}"


def duration(value: dt.timedelta) -> str:
    """Return the length of `value`, rounded down: ``3 s``, ``12 min``, ``2 h 05``, ``4 jours``."""
    seconds = int(abs(value.total_seconds()))
    if seconds < 60:
        return f"{seconds}{NBSP}s"
    if seconds < 3600:
        return f"{seconds // 60}{NBSP}min"
    if seconds < 86400:
        return f"{seconds // 3600}{NBSP}h{NBSP}{seconds % 3600 // 60:02}"
    days = seconds // 86400
    return f"{days}{NBSP}jour{'s' if days > 1 else ''}"


def age(birth: dt.date, today: dt.date) -> str:
    """Return the age of a person: ``90 ans``, ``1 an``, ``7 mois`` under one year; "" before birth."""
    years = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    if years < 0:
        return ""
    if years:
        return f"{years}{NBSP}an{'s' if years > 1 else ''}"
    months = (today.year - birth.year) * 12 + today.month - birth.month - (today.day < birth.day)
    return f"{months}{NBSP}mois"
