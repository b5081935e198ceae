"""The entries of a structured body: one module per template, each with its words and its coded form."""

from __future__ import annotations

from amarre.interop.cda.structured.entries.absence import Absence
from amarre.interop.cda.structured.entries.allergy import Allergy
from amarre.interop.cda.structured.entries.attachment import COPY, Attachment
from amarre.interop.cda.structured.entries.base import Entry, Panel
from amarre.interop.cda.structured.entries.device import Device
from amarre.interop.cda.structured.entries.directive import Directive
from amarre.interop.cda.structured.entries.establishment import PreferredEstablishment
from amarre.interop.cda.structured.entries.life_style import LifeStyle
from amarre.interop.cda.structured.entries.medication import Medication
from amarre.interop.cda.structured.entries.observation import Observation
from amarre.interop.cda.structured.entries.planned import Appointment, PlannedAct, Request
from amarre.interop.cda.structured.entries.problem import Problem
from amarre.interop.cda.structured.entries.procedure import Procedure
from amarre.interop.cda.structured.entries.result import Examination, Result, Results
from amarre.interop.cda.structured.entries.survey import Survey, SurveyAnswer
from amarre.interop.cda.structured.entries.vaccination import Vaccination
from amarre.interop.cda.structured.entries.vital_signs import MEASURES, MeasureKind, VitalSign, VitalSigns

__all__ = [
    "COPY",
    "MEASURES",
    "Absence",
    "Allergy",
    "Appointment",
    "Attachment",
    "Device",
    "Directive",
    "Entry",
    "Examination",
    "LifeStyle",
    "MeasureKind",
    "Medication",
    "Observation",
    "Panel",
    "PlannedAct",
    "PreferredEstablishment",
    "Problem",
    "Procedure",
    "Request",
    "Result",
    "Results",
    "Survey",
    "SurveyAnswer",
    "Vaccination",
    "VitalSign",
    "VitalSigns",
]
