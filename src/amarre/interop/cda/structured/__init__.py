"""Structured bodies (CDA N3): sections and entries of the documents an establishment writes."""

from __future__ import annotations

from amarre.interop.cda.structured import observations
from amarre.interop.cda.structured.entries import (
    Absence,
    Allergy,
    Attachment,
    Device,
    Directive,
    Entry,
    Medication,
    Observation,
    PreferredEstablishment,
    Problem,
    Procedure,
)
from amarre.interop.cda.structured.model import Section, StructuredBody, complete, nothing_known
from amarre.interop.cda.structured.templates import (
    DLU,
    IPS_FR,
    LDL_EES,
    LDL_SES,
    MODELS,
    SECTIONS,
    VSM,
    DocumentModel,
    SectionKind,
    SectionTemplate,
    model_of,
)
from amarre.interop.cda.structured.writing import Period, Quantity

__all__ = [
    "DLU",
    "IPS_FR",
    "LDL_EES",
    "LDL_SES",
    "MODELS",
    "SECTIONS",
    "VSM",
    "Absence",
    "Allergy",
    "Attachment",
    "Device",
    "Directive",
    "DocumentModel",
    "Entry",
    "Medication",
    "Observation",
    "Period",
    "PreferredEstablishment",
    "Problem",
    "Procedure",
    "Quantity",
    "Section",
    "SectionKind",
    "SectionTemplate",
    "StructuredBody",
    "complete",
    "model_of",
    "nothing_known",
    "observations",
]
