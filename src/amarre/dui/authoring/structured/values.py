"""Reading what a draft keeps of a structured block: JSON that may come from anywhere, read without trust."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from amarre.interop.cda.structured import Day, PartialDay
from amarre.interop.terminology import Code, ValueSetId, value_set

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?")


def text_of(values: Mapping[str, Any], name: str) -> str:
    """Return a text, trimmed; "" when there is none."""
    found = values.get(name, "")
    return found.strip() if isinstance(found, str) else ""


def day_of(values: Mapping[str, Any], name: str) -> Day | None:
    """Return a day kept as AAAA-MM-JJ, AAAA-MM or AAAA; None when there is none."""
    written = text_of(values, name)
    try:
        if partial := _PARTIAL.fullmatch(written):
            return PartialDay(int(partial[1]), int(partial[2]) if partial[2] else None)
        return datetime.date.fromisoformat(written) if written else None
    except ValueError:
        return None


def kept_day(day: Day | None) -> str:
    """Return a day as a draft keeps it: the reverse of `day_of`."""
    if isinstance(day, PartialDay):
        return f"{day.year}-{day.month:02}" if day.month else str(day.year)
    return day.isoformat() if day else ""


def earliest(day: Day) -> datetime.date:
    """Return the first day a day may be."""
    return datetime.date(day.year, day.month or 1, 1) if isinstance(day, PartialDay) else day


def latest(day: Day) -> datetime.date:
    """Return the last day a day may be."""
    if not isinstance(day, PartialDay):
        return day
    year, month = (day.year, day.month) if day.month else (day.year, 12)
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def code_of(values: Mapping[str, Any], name: str, which: ValueSetId) -> Code | None:
    """Return the concept of a value set whose code is kept; None when there is none."""
    return value_set(which).find(text_of(values, name)) if text_of(values, name) else None


def lines_of(content: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Return the lines that say something."""
    lines = content.get("lines", [])
    if not isinstance(lines, list):
        return ()
    return tuple(line for line in lines if isinstance(line, dict) and any(map(bool, line.values())))


def paragraphs_of(content: Mapping[str, Any], name: str = "note") -> tuple[str, ...]:
    """Return the lines of a free text that hold something, trimmed."""
    return tuple(line.strip() for line in text_of(content, name).splitlines() if line.strip())


def object_of(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object kept in a content, {} when there is none."""
    found = content.get(name, {})
    return found if isinstance(found, dict) else {}
