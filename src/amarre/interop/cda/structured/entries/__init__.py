"""The entries of a structured body: one module per template, each with its words and its coded form."""

from __future__ import annotations

from amarre.interop.cda.structured.entries.absence import Absence
from amarre.interop.cda.structured.entries.allergy import Allergy
from amarre.interop.cda.structured.entries.attachment import Attachment
from amarre.interop.cda.structured.entries.base import Entry
from amarre.interop.cda.structured.entries.device import Device
from amarre.interop.cda.structured.entries.directive import Directive
from amarre.interop.cda.structured.entries.establishment import PreferredEstablishment
from amarre.interop.cda.structured.entries.medication import Medication
from amarre.interop.cda.structured.entries.observation import Observation
from amarre.interop.cda.structured.entries.problem import Problem
from amarre.interop.cda.structured.entries.procedure import Procedure

__all__ = [
    "Absence",
    "Allergy",
    "Attachment",
    "Device",
    "Directive",
    "Entry",
    "Medication",
    "Observation",
    "PreferredEstablishment",
    "Problem",
    "Procedure",
]
