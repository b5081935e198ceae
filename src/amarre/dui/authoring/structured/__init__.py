"""Structured blocks: what the sections of a structured document (CDA N3) are filled with, line by line.

Importing this package declares them; it knows neither the database nor Django. Their forms are in `forms`.
"""

from __future__ import annotations

from amarre.dui.authoring import blocks
from amarre.dui.authoring.structured.care import ExamResults, FollowUp, WayOfLife
from amarre.dui.authoring.structured.kind import StructuredKind
from amarre.dui.authoring.structured.measures import Measures
from amarre.dui.authoring.structured.medical import (
    Allergies,
    Devices,
    History,
    Problems,
    Procedures,
    Treatments,
    Vaccinations,
)
from amarre.dui.authoring.structured.people import Contacts, PreferredHospital, TreatingPhysician
from amarre.dui.authoring.structured.questions import Autonomy, Directives
from amarre.dui.authoring.structured.stay import Stay

KINDS: tuple[StructuredKind, ...] = (
    Treatments(),
    Allergies(),
    Problems(),
    History(),
    Procedures(),
    Devices(),
    Vaccinations(),
    FollowUp(),
    ExamResults(),
    WayOfLife(),
    Measures(),
    Autonomy(),
    Directives(),
    Stay(),
    TreatingPhysician(),
    PreferredHospital(),
    Contacts(),
)
for _kind in KINDS:
    blocks.register(_kind)

__all__ = ["KINDS", "StructuredKind"]
