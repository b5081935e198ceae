"""The lines of what goes on: what is to come, results, way of life."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from amarre.dui.authoring.structured.fields import FieldType, LineField, choices_of
from amarre.dui.authoring.structured.lines import LinesKind, OneByOne, day_field, text_field
from amarre.dui.authoring.structured.values import code_of, day_of, text_of
from amarre.interop.cda.structured import (
    Appointment,
    Entry,
    Examination,
    LifeStyle,
    Panel,
    PlannedAct,
    Request,
    Result,
    Results,
    SectionKind,
)
from amarre.interop.terminology import ValueSetId, value_set

APPOINTMENT, REQUEST, ACT = "appointment", "request", "act"
# What a carer knows of somebody's life: tobacco, alcohol, exercise, diet, other (JDV_SocialHistoryCodes).
_SUBJECTS = ("72166-2", "74013-4", "73985-4", "81663-7", "11345-6")


class FollowUp(OneByOne):
    """What is to be done: appointments, examinations, acts."""

    name = "suites"
    section_kind = SectionKind.SUITES
    line_name = "Suite"
    note_label = "À savoir pour la suite"
    fields = (
        LineField(
            name="kind",
            label="Type",
            type=FieldType.CHOICE,
            required=True,
            choices=(
                (APPOINTMENT, "Rendez-vous"),
                (REQUEST, "Examen ou suivi à organiser"),
                (ACT, "Acte ou soin prévu"),
            ),
        ),
        text_field("label", "Quoi", required=True, placeholder="Cardiologue, prise de sang…"),
        day_field("day", "Date"),
        text_field("remark", "Remarque", width=1),
    )

    def entry(self, line: Mapping[str, Any]) -> Appointment | Request | PlannedAct:
        """Return what is planned."""
        label, day, comment = text_of(line, "label"), day_of(line, "day"), text_of(line, "remark")
        match text_of(line, "kind"):
            case "appointment":
                return Appointment(label=label, day=day, comment=comment)
            case "request":
                return Request(label=label, day=day, comment=comment)
            case _:
                return PlannedAct(label=label, day=day, comment=comment)

    def entries(self, lines: tuple[Mapping[str, Any], ...]) -> tuple[Entry | Panel, ...]:
        """Return what is planned, each kind together: one table each."""
        return super().entries(tuple(sorted(lines, key=_kind)))


def _kind(line: Mapping[str, Any]) -> int:
    return (APPOINTMENT, REQUEST, ACT).index(text_of(line, "kind"))


class ExamResults(LinesKind):
    """Results worth knowing, in words."""

    name = "resultats"
    section_kind = SectionKind.RESULTATS_IPS
    line_name = "Résultat"
    fields = (
        LineField(
            name="kind",
            label="Type",
            type=FieldType.CHOICE,
            required=True,
            choices=(
                (Examination.BIOLOGY.name, "Biologie"),
                (Examination.IMAGING.name, "Imagerie"),
                (Examination.CYTOLOGY.name, "Cytologie"),
                (Examination.PATHOLOGY.name, "Anatomopathologie"),
                (Examination.GENETICS.name, "Génétique"),
            ),
        ),
        text_field("label", "Examen", required=True, placeholder="Prise de sang, radiographie…"),
        text_field("value", "Résultat", required=True),
        day_field("day", "Date"),
        text_field("remark", "Remarque", width=5),
    )

    def entries(self, lines: tuple[Mapping[str, Any], ...]) -> tuple[Entry | Panel, ...]:
        """Return one group per kind of examination."""
        ordered = sorted(lines, key=lambda line: text_of(line, "kind"))
        return tuple(
            Results(kind=Examination[kind], results=tuple(map(_result, group)))
            for kind, group in groupby(ordered, key=lambda line: text_of(line, "kind"))
        )


def _result(line: Mapping[str, Any]) -> Result:
    return Result(
        label=text_of(line, "label"),
        value=text_of(line, "value"),
        day=day_of(line, "day"),
        comment=text_of(line, "remark"),
    )


class WayOfLife(OneByOne):
    """Tobacco, alcohol, exercise, diet."""

    name = "mode_de_vie"
    section_kind = SectionKind.MODE_DE_VIE
    line_name = "Habitude"
    fields = (
        LineField(
            name="subject",
            label="Sujet",
            type=FieldType.CHOICE,
            required=True,
            choices=choices_of(
                ValueSetId.SOCIAL_HISTORY,
                only=_SUBJECTS,
                words={"72166-2": "Tabac", "74013-4": "Alcool", "81663-7": "Alimentation"},
            ),
        ),
        text_field("value", "Ce que l'on sait", required=True, width=4),
        day_field("day", "Date"),
        text_field("remark", "Remarque", width=5),
    )

    def entry(self, line: Mapping[str, Any]) -> LifeStyle:
        """Return the habit."""
        subject = code_of(line, "subject", ValueSetId.SOCIAL_HISTORY)
        return LifeStyle(
            code=subject or value_set(ValueSetId.SOCIAL_HISTORY).get("11345-6"),
            value=text_of(line, "value"),
            day=day_of(line, "day"),
            comment=text_of(line, "remark"),
        )
