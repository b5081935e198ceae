"""Reading the generic CDA types: times and identifiers, tolerant of what the standard allows."""

from __future__ import annotations

import datetime
import functools
import re

from lxml import etree

from amarre.interop.cda.codes import CDA_NS

_NS = {"h": CDA_NS}
_OID = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*))+")
_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:\.\d+)?([+-]\d{4})?")


@functools.lru_cache(maxsize=1024)
def _compiled(path: str) -> etree.XPath:
    """Return an XPath ready to be evaluated: the same paths are looked up in every document."""
    return etree.XPath(path, namespaces=_NS)


def select(element: etree._Element, path: str) -> list[etree._Element]:
    """Return the elements at an XPath that selects elements only; the prefix ``h`` is CDA."""
    found = _compiled(path)(element)
    return (
        [item for item in found if not isinstance(item, (str, bytes, tuple))]
        if isinstance(found, list)
        else []
    )


def text_of(element: etree._Element) -> str:
    """Return the text of an element and its descendants, spaces collapsed."""
    return " ".join(str(element.xpath("string()")).split())


def is_oid(value: str) -> bool:
    """Tell whether `value` is an OID of at most 64 characters, without leading zero in a component."""
    return len(value) <= 64 and _OID.fullmatch(value) is not None


def parse_time(value: str) -> datetime.datetime | None:
    """Return the aware UTC instant of an HL7 ``ts`` that has an hour and an offset, else None."""
    match = _TIME.fullmatch(value)
    if not match or not (match[4] and match[7]):
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    sign = -1 if match[7][0] == "-" else 1
    offset = datetime.timedelta(hours=int(match[7][1:3]), minutes=int(match[7][3:5])) * sign
    try:
        local = datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.timezone(offset))
    except ValueError:
        return None
    return local.astimezone(datetime.UTC)


def parse_date(value: str) -> datetime.date | None:
    """Return the local calendar day of an HL7 ``ts`` precise to the day at least, else None."""
    match = _TIME.fullmatch(value)
    if not match or not match[3]:
        return None
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
