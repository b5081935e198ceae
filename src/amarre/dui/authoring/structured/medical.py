"""The lines of a medical summary: treatments, allergies, problems, history, acts, devices, vaccinations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amarre.dui.authoring.structured.fields import FieldType, LineField, choices_of
from amarre.dui.authoring.structured.lines import REMARK, OneByOne, day_field, text_field
from amarre.dui.authoring.structured.values import code_of, day_of, text_of
from amarre.interop.cda.structured import (
    Allergy,
    Device,
    Medication,
    Period,
    Problem,
    Procedure,
    SectionKind,
    Vaccination,
)
from amarre.interop.terminology import ValueSetId, value_set

# Routes met in an establishment, the most usual first (JDV_RouteofAdministration, EDQM).
_ROUTES = (
    "20053000", "20066000", "20070000", "20003000", "20045000", "20035000", "20020000", "20067000",
    "20061000", "20051000", "20001000", "20049000", "20072000", "20013500", "20062000",
)  # fmt: skip
_ALLERGY = "609328004"
_ALLERGIES = (
    _ALLERGY, "416098002", "414285001", "419199007", "609396006", "59037007", "235719002", "782197009",
)  # fmt: skip
_VACCINATIONS = ("BOOSTER", "INITIMMUNIZ", "IMMUNIZ")


def _period(line: Mapping[str, Any]) -> Period:
    return Period(day_of(line, "start"), day_of(line, "end"))


class Treatments(OneByOne):
    """Medicines: name, dose, rhythm, route, dates, in the prescriber's words."""

    name = "traitements"
    section_kind = SectionKind.TRAITEMENTS
    line_name = "Traitement"
    note_label = "À savoir sur l'ensemble du traitement"
    none_words = "Aucun traitement connu"
    unknown_words = "Information non connue"
    period = ("start", "end")
    fields = (
        text_field("name", "Médicament", required=True, placeholder="Paracétamol 500 mg"),
        text_field("dose", "Dose", placeholder="20 mg", width=1),
        text_field("rhythm", "Rythme", placeholder="Matin, midi et soir"),
        LineField(
            name="route",
            label="Voie",
            type=FieldType.CHOICE,
            choices=choices_of(ValueSetId.ROUTE, only=_ROUTES),
            width=1,
        ),
        day_field("start", "Depuis"),
        day_field("end", "Jusqu'à"),
        text_field("remark", "Remarque", width=4),
    )

    def entry(self, line: Mapping[str, Any]) -> Medication:
        """Return the treatment."""
        dosage = ", ".join(filter(None, (text_of(line, "dose"), text_of(line, "rhythm"))))
        return Medication(
            name=text_of(line, "name"),
            dosage=dosage,
            route=code_of(line, "route", ValueSetId.ROUTE),
            period=_period(line),
            comment=text_of(line, "remark"),
        )


class Allergies(OneByOne):
    """Allergies and intolerances: to what, what happens."""

    name = "allergies"
    section_kind = SectionKind.ALLERGIES
    line_name = "Allergie"
    none_words = "Aucune allergie connue"
    unknown_words = "Information non connue"
    fields = (
        text_field("agent", "À quoi", required=True, placeholder="Arachide, pénicilline…"),
        LineField(
            name="kind",
            label="Type",
            type=FieldType.CHOICE,
            choices=choices_of(ValueSetId.ALLERGY_KIND, only=_ALLERGIES),
        ),
        text_field("reaction", "Réaction", placeholder="Urticaire, gêne pour respirer…"),
        day_field("start", "Depuis"),
        text_field("remark", "Remarque", width=5),
    )

    def entry(self, line: Mapping[str, Any]) -> Allergy:
        """Return the allergy."""
        kind = code_of(line, "kind", ValueSetId.ALLERGY_KIND)
        return Allergy(
            agent=text_of(line, "agent"),
            kind=kind or value_set(ValueSetId.ALLERGY_KIND).get(_ALLERGY),
            reaction=text_of(line, "reaction"),
            period=Period(day_of(line, "start")),
            comment=text_of(line, "remark"),
        )


class Problems(OneByOne):
    """Health problems of today."""

    name = "problemes"
    section_kind = SectionKind.PROBLEMES
    line_name = "Problème"
    none_words = "Aucun problème de santé connu"
    unknown_words = "Information non connue"
    fields = (
        text_field("label", "Problème", required=True, width=3, placeholder="Insuffisance cardiaque"),
        day_field("start", "Depuis"),
        REMARK,
    )

    def entry(self, line: Mapping[str, Any]) -> Problem:
        """Return the problem, still there."""
        return Problem(
            label=text_of(line, "label"),
            period=Period(day_of(line, "start")),
            comment=text_of(line, "remark"),
        )


class History(OneByOne):
    """Health problems of the past."""

    name = "antecedents"
    section_kind = SectionKind.ANTECEDENTS
    line_name = "Antécédent"
    none_words = "Aucun antécédent connu"
    unknown_words = "Information non connue"
    period = ("start", "end")
    fields = (
        text_field("label", "Antécédent", required=True, placeholder="Infarctus"),
        day_field("start", "Début"),
        day_field("end", "Fin"),
        REMARK,
    )

    def entry(self, line: Mapping[str, Any]) -> Problem:
        """Return the problem, over."""
        return Problem(
            label=text_of(line, "label"), period=_period(line), active=False, comment=text_of(line, "remark")
        )


class Procedures(OneByOne):
    """Operations and acts."""

    name = "actes"
    section_kind = SectionKind.ACTES
    line_name = "Intervention"
    none_words = "Aucune intervention connue"
    unknown_words = "Information non connue"
    fields = (
        text_field("label", "Intervention ou acte", required=True, width=3, placeholder="Prothèse de hanche"),
        day_field("day", "Date"),
        REMARK,
    )

    def entry(self, line: Mapping[str, Any]) -> Procedure:
        """Return the act."""
        return Procedure(
            label=text_of(line, "label"), day=day_of(line, "day"), comment=text_of(line, "remark")
        )


class Devices(OneByOne):
    """Medical devices, worn or used."""

    name = "dispositifs"
    section_kind = SectionKind.DISPOSITIFS
    line_name = "Dispositif"
    none_words = "Aucun dispositif médical connu"
    unknown_words = "Information non connue"
    fields = (
        text_field("label", "Dispositif", required=True, width=3, placeholder="Stimulateur cardiaque"),
        day_field("start", "Depuis"),
        REMARK,
    )

    def entry(self, line: Mapping[str, Any]) -> Device:
        """Return the device."""
        return Device(
            label=text_of(line, "label"),
            period=Period(day_of(line, "start")),
            comment=text_of(line, "remark"),
        )


class Vaccinations(OneByOne):
    """Vaccinations that were given."""

    name = "vaccinations"
    section_kind = SectionKind.VACCINATIONS
    line_name = "Vaccination"
    none_words = "Aucune vaccination connue"
    unknown_words = "Information non connue"
    fields = (
        text_field("name", "Vaccin", required=True, placeholder="Grippe, tétanos…"),
        day_field("day", "Date"),
        LineField(
            name="kind",
            label="Type",
            type=FieldType.CHOICE,
            choices=choices_of(ValueSetId.IMMUNIZATION_KIND, only=_VACCINATIONS),
        ),
        text_field("lot", "Lot", width=1),
        text_field("remark", "Remarque", width=6),
    )

    def entry(self, line: Mapping[str, Any]) -> Vaccination:
        """Return the vaccination."""
        kinds = value_set(ValueSetId.IMMUNIZATION_KIND)
        return Vaccination(
            name=text_of(line, "name"),
            day=day_of(line, "day"),
            kind=code_of(line, "kind", ValueSetId.IMMUNIZATION_KIND) or kinds.get("IMMUNIZ"),
            lot=text_of(line, "lot"),
            comment=text_of(line, "remark"),
        )
