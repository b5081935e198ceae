"""The vital signs: one day, one measure each, in the unit of its list.

Content: {"day": day, "values": {LOINC code: number as written}, "remark": text}.
"""

from __future__ import annotations

import decimal

from amarre.dui.authoring.blocks import Block, Content
from amarre.dui.authoring.structured.kind import StructuredKind
from amarre.dui.authoring.structured.values import day_of, object_of, text_of
from amarre.interop.cda.structured import (
    MEASURES,
    MeasureKind,
    Section,
    SectionKind,
    VitalSign,
    VitalSigns,
)

# The order a carer takes them in; the circumferences are not asked for.
ASKED = ("29463-7", "8302-2", "39156-5", "8480-6", "8462-4", "8867-4", "20564-1", "8310-5", "9279-1")


def number_of(text: str) -> decimal.Decimal | None:
    """Return a number written with a comma or a point, None when it is none."""
    plain = text.replace(",", ".").replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    try:
        value = decimal.Decimal(plain)
    except decimal.InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10_000 else None


def asked() -> tuple[MeasureKind, ...]:
    """Return the measures that are asked for, in order."""
    return tuple(MEASURES[code] for code in ASKED)


class Measures(StructuredKind):
    """Weight, height, blood pressure…"""

    name = "constantes"
    section_kind = SectionKind.CONSTANTES

    def section(self, block: Block, content: Content) -> Section | None:
        """Return the measures that can be read."""
        day, values = day_of(content, "day"), object_of(content, "values")
        remark = text_of(content, "remark")
        signs = tuple(
            VitalSign(kind=kind, value=value, day=day, comment=remark)
            for kind in asked()
            if (value := number_of(text_of(values, kind.code.code))) is not None
        )
        if not signs:
            return None
        return Section(kind=self.kind_for(block), title=block.title, entries=(VitalSigns(signs=signs),))

    def problems(self, block: Block, content: Content) -> tuple[str, ...]:
        """Return the measures that are no number, or not plausible in their unit."""
        values = object_of(content, "values")
        found = []
        for kind in asked():
            written = text_of(values, kind.code.code)
            value = number_of(written) if written else None
            name = kind.code.display.lower()
            if written and value is None:
                found.append(f"{name}, « {written[:20]} » n'est pas un nombre.")
            elif value is not None and not kind.least <= value <= kind.most:
                found.append(f"{name}, {written[:20]} {kind.symbol} : vérifiez la saisie et l'unité.")
        if not values and text_of(content, "remark"):
            found.append("écrivez au moins une mesure, ou effacez la remarque.")
        if found or values:
            written = text_of(content, "day")
            if written and day_of(content, "day") is None:
                found.append("la date ne peut pas être lue.")
        return tuple(found)
