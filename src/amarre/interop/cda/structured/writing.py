"""What entries are written with: identifiers, references to the narrative, typed values.

Sources: HL7 CDA R2 (data types); CI-SIS, Modèles de contenus CDA (an entry points at its text).
"""

from __future__ import annotations

import datetime
import decimal
import hashlib
import uuid
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from lxml import etree

from amarre.interop.cda.writing import add, format_minute
from amarre.interop.common.xml import XSI
from amarre.interop.terminology import Code, code_system_name

# HL7 v3 vocabulary (nullFlavor): unknown, not applicable.
UNKNOWN = "UNK"
NOT_APPLICABLE = "NA"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its UCUM unit (``mg``, ``d``, ``{tbl}``…); the unit may be empty."""

    value: decimal.Decimal
    unit: str = ""

    @property
    def text(self) -> str:
        """The quantity as a reader expects it, with a French decimal comma."""
        unit = self.unit.strip("{}")
        return f"{self.value:f}".replace(".", ",") + (f" {unit}" if unit else "")


@dataclass(frozen=True, slots=True, order=True)
class PartialDay:
    """A year, or a month of a year: all that people remember of what is old. Raises ValueError."""

    year: int
    month: int | None = None

    def __post_init__(self) -> None:
        if not 1000 <= self.year <= 9999 or not 1 <= (self.month or 1) <= 12:
            raise ValueError("a year of four digits, a month from 1 to 12")


Day: TypeAlias = datetime.date | PartialDay


@dataclass(frozen=True, slots=True)
class Period:
    """When something was true: days of the calendar or less, None for what is not known."""

    start: Day | None = None
    end: Day | None = None


Value: TypeAlias = Code | str | bool | Quantity


def value_text(value: Value | None) -> str:
    """Return a value as the narrative says it."""
    match value:
        case None:
            return "non renseigné"
        case bool():
            return "oui" if value else "non"
        case Code():
            return value.display
        case Quantity():
            return value.text
        case _:
            return value


def french_day(day: Day | None) -> str:
    """Return JJ/MM/AAAA, MM/AAAA or AAAA, or an empty text."""
    if isinstance(day, PartialDay):
        return f"{day.month:02}/{day.year}" if day.month else str(day.year)
    return day.strftime("%d/%m/%Y") if day else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the narrative: text, and the identifier of the attached media it shows."""

    text: str
    media: str = ""


@dataclass(slots=True)
class EntryIds:
    """Gives each entry an identifier drawn from the document's: same document, same bytes."""

    seed: str
    zone: datetime.tzinfo = field(default_factory=lambda: zoneinfo.ZoneInfo("Europe/Paris"))
    count: int = 0

    def next(self) -> str:
        """Return the next identifier, as an upper case UUID."""
        self.count += 1
        digest = hashlib.sha256(f"{self.seed}#{self.count}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=5)).upper()


@dataclass(frozen=True, slots=True)
class Row:
    """The row of the narrative an entry stands in: an anchor per cell, empty when the cell is empty.

    `media`: identifier of the attached media the row shows, if any.
    """

    anchors: Sequence[str]
    media: str = ""

    def reference(self, column: int) -> str:
        """Return ``#anchor`` of a cell, or of the first one that has a text."""
        anchor = self.anchors[column] or next((item for item in self.anchors if item), "")
        return f"#{anchor}" if anchor else ""


def add_templates(node: etree._Element, roots: Sequence[str]) -> None:
    """Append the templateIds of an entry or a section."""
    for root in roots:
        add(node, "templateId", root=root)


def add_entry_id(node: etree._Element, ids: EntryIds) -> None:
    """Append an ``id`` of its own."""
    add(node, "id", root=ids.next())


def add_coded(node: etree._Element, tag: str, code: Code | None, *, reference: str = "") -> etree._Element:
    """Append a coded value with the name of its system; without code, nullFlavor UNK and the words used."""
    if code is None:
        coded = add(node, tag, nullFlavor=UNKNOWN)
    else:
        coded = add(node, tag, code=code.code, displayName=code.display, codeSystem=code.system)
        if name := code_system_name(code.system):
            coded.set("codeSystemName", name)
    if reference:
        add(add(coded, "originalText"), "reference", value=reference)
    return coded


def add_reference(node: etree._Element, reference: str) -> None:
    """Append ``text/reference``: where the narrative says the same thing."""
    add(add(node, "text"), "reference", value=reference)


def add_typed(node: etree._Element, tag: str, kind: str, **attributes: str) -> etree._Element:
    """Append an element whose data type is written (``xsi:type``)."""
    return add(node, tag, **{f"{{{XSI}}}type": kind, **attributes})


def add_value(node: etree._Element, value: Value | None) -> None:
    """Append ``value`` with the data type of what it holds."""
    match value:
        case None:
            add_typed(node, "value", "CD", nullFlavor=UNKNOWN)
        case bool():
            add_typed(node, "value", "BL", value="true" if value else "false")
        case Quantity():
            unit = {"unit": value.unit} if value.unit else {}
            add_typed(node, "value", "PQ", value=f"{value.value:f}", **unit)
        case Code():
            coded = add_coded(node, "value", value)
            coded.set(f"{{{XSI}}}type", "CD")
        case _:
            add_typed(node, "value", "ST").text = value


def add_coded_value(node: etree._Element, code: Code | None, reference: str) -> None:
    """Append ``value`` of type CD with the words used; uncoded when there is no code."""
    add_coded(node, "value", code, reference=reference).set(f"{{{XSI}}}type", "CD")


def add_day(node: etree._Element, tag: str, day: Day | None, ids: EntryIds, *, absent: str) -> None:
    """Append a point in time: a day or less, a minute when an hour is known, or a nullFlavor."""
    if isinstance(day, PartialDay):
        add(node, tag, value=f"{day.year}{day.month:02}" if day.month else str(day.year))
        return
    if isinstance(day, datetime.datetime):
        add(node, tag, value=format_minute(day, ids.zone))
    elif day:
        add(node, tag, value=day.strftime("%Y%m%d"))
    else:
        add(node, tag, nullFlavor=absent)


def add_period(
    node: etree._Element, period: Period, ids: EntryIds, *, typed: bool = False, closed: bool = False
) -> None:
    """Append ``effectiveTime`` as an interval: low always, high when known or when the thing is over."""
    interval = add_typed(node, "effectiveTime", "IVL_TS") if typed else add(node, "effectiveTime")
    add_day(interval, "low", period.start, ids, absent=UNKNOWN)
    if period.end or closed:
        add_day(interval, "high", period.end, ids, absent=UNKNOWN)


def add_comment(node: etree._Element, reference: str) -> None:
    """Append a comment (FR-Commentaire-ER), whose words are in the narrative."""
    relation = add(node, "entryRelationship", typeCode="SUBJ", inversionInd="true")
    act = add(relation, "act", classCode="ACT", moodCode="EVN")
    add_templates(
        act, ("2.16.840.1.113883.10.20.1.40", "1.3.6.1.4.1.19376.1.5.3.1.4.2", "1.2.250.1.213.1.1.3.32")
    )
    add_coded(act, "code", Code("48767-8", "Commentaire", "2.16.840.1.113883.6.1"))
    add_reference(act, reference)
    add(act, "statusCode", code="completed")
