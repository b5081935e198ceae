"""FR-Signes-vitaux: measures, each in the unit its template imposes.

Source: CI-SIS, Modèles de contenus CDA, entrées 1.2.250.1.213.1.1.3.49 (group) and .50 (measure); IHE PCC,
Vital Signs Observation (units). `measures.tsv` is the table of the units.
"""

from __future__ import annotations

import csv
import decimal
import importlib.resources
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from lxml import etree

from amarre.interop.cda.structured.entries.base import Panel
from amarre.interop.cda.structured.writing import (
    NOT_APPLICABLE,
    UNKNOWN,
    Cell,
    Day,
    EntryIds,
    Quantity,
    Row,
    add_coded,
    add_comment,
    add_day,
    add_entry_id,
    add_reference,
    add_templates,
    add_value,
    french_day,
)
from amarre.interop.cda.writing import add
from amarre.interop.terminology import Code, ValueSetId, value_set

GROUP = (
    "2.16.840.1.113883.10.20.1.32",
    "2.16.840.1.113883.10.20.1.35",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.1",
    "1.2.250.1.213.1.1.3.49",
)
MEASURE = (
    "2.16.840.1.113883.10.20.1.31",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.2",
    "1.2.250.1.213.1.1.3.50",
)
SIGNS = Code("85353-1", "Signes vitaux", "2.16.840.1.113883.6.1")


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """One row of the table: the sign, its unit (UCUM), how people write the unit, what is plausible.

    `least` and `most` are ours: outside, a keystroke is more likely than a person.
    """

    code: Code
    unit: str
    symbol: str
    least: decimal.Decimal
    most: decimal.Decimal


def _read() -> dict[str, MeasureKind]:
    table = importlib.resources.files("amarre.interop.cda.structured") / "measures.tsv"
    lines = [line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    signs = value_set(ValueSetId.VITAL_SIGN)
    return {
        row["code"]: MeasureKind(
            signs.get(row["code"]),
            row["unit"],
            row["symbol"],
            decimal.Decimal(row["least"]),
            decimal.Decimal(row["most"]),
        )
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    }


MEASURES: Final = _read()


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSign:
    """One measure, in the unit of its kind."""

    kind: MeasureKind
    value: decimal.Decimal
    day: Day | None = None
    comment: str = ""

    @property
    def text(self) -> str:
        """The measure as a reader expects it: ``37,2 °C``."""
        return f"{Quantity(self.value).text} {self.kind.symbol}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSigns(Panel):
    """Measures of one person. Raises ValueError without a measure."""

    signs: tuple[VitalSign, ...]

    columns: ClassVar[tuple[str, ...]] = ("Date", "Mesure", "Valeur", "Commentaire")

    def __post_init__(self) -> None:
        if not self.signs:
            raise ValueError("a group of measures holds at least one")

    @property
    def caption(self) -> str:
        """Nothing: the title of the section says it."""
        return ""

    def lines(self, ids: EntryIds) -> tuple[tuple[Cell, ...], ...]:
        """Return day, measure, value and comment."""
        return tuple(
            (
                Cell(french_day(sign.day)),
                Cell(sign.kind.code.display),
                Cell(sign.text),
                Cell(sign.comment),
            )
            for sign in self.signs
        )

    def write_all(self, section: etree._Element, rows: Sequence[Row], ids: EntryIds) -> None:
        """Append the group and its measures."""
        group = add(add(section, "entry"), "organizer", classCode="CLUSTER", moodCode="EVN")
        add_templates(group, GROUP)
        add_entry_id(group, ids)
        add_coded(group, "code", SIGNS)
        add(group, "statusCode", code="completed")
        add(group, "effectiveTime", nullFlavor=NOT_APPLICABLE)
        for sign, row in zip(self.signs, rows, strict=True):
            component = add(group, "component", typeCode="COMP")
            node = add(component, "observation", classCode="OBS", moodCode="EVN")
            add_templates(node, MEASURE)
            add_entry_id(node, ids)
            add_coded(node, "code", sign.kind.code)
            add_reference(node, row.reference(2))
            add(node, "statusCode", code="completed")
            add_day(node, "effectiveTime", sign.day, ids, absent=UNKNOWN)
            add_value(node, Quantity(sign.value, sign.kind.unit))
            if sign.comment:
                add_comment(node, row.reference(3))
