"""The form of a projet: a few fields, and objectives one adds without script."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from amarre.dui.projet_personnalise.models import ProjetPersonnalise
from amarre.dui.projet_personnalise.services.write_projet import ObjectiveText, ProjetText
from amarre.dui.web.forms import FrenchDateField

LONG = {"rows": 4}


class ProjetForm(forms.Form):
    """Expectations, dates, agreement."""

    expectations = forms.CharField(
        label="Attentes de la personne",
        help_text="Avec ses mots : ce qu'elle veut, ce qui compte pour elle.",
        max_length=8000,
        widget=forms.Textarea(attrs=LONG),
    )
    context = forms.CharField(
        label="Situation et habitudes de vie",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs=LONG),
    )
    starts_on = FrenchDateField(label="À partir du")
    review_on = FrenchDateField(label="À revoir le", help_text="Un an plus tard au plus, en général.")
    agreement = forms.ChoiceField(
        label="Avis de la personne", choices=ProjetPersonnalise.Agreement.choices, widget=forms.RadioSelect
    )
    agreed_on = FrenchDateField(
        label="Avis recueilli le", required=False, help_text="Demandé dès que la personne a donné son avis."
    )

    def clean(self) -> dict[str, Any]:
        """Check the dates against one another."""
        values = super().clean() or {}
        start, review = values.get("starts_on"), values.get("review_on")
        if start and review and review <= start:
            self.add_error("review_on", "La révision vient après le début du projet.")
        asked = values.get("agreement") not in (None, ProjetPersonnalise.Agreement.NON_RECUEILLI)
        if asked and not values.get("agreed_on"):
            self.add_error("agreed_on", "Indiquez le jour où la personne a donné son avis.")
        return values


class ObjectiveForm(forms.Form):
    """One objective; left empty, it is forgotten."""

    title = forms.CharField(label="Objectif", max_length=200)
    actions = forms.CharField(
        label="Actions",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Qui fait quoi, quand.",
    )
    who = forms.CharField(label="Qui", required=False, max_length=200)
    due_on = FrenchDateField(label="Échéance", required=False)


ObjectiveFormSet = forms.formset_factory(ObjectiveForm, extra=1, max_num=20, validate_max=True)


def initial_of(projet: ProjetPersonnalise) -> dict[str, Any]:
    """Return the values of the form for an existing projet."""
    names = ("expectations", "context", "starts_on", "review_on", "agreement", "agreed_on")
    return {name: getattr(projet, name) for name in names}


def initial_of_new(today: datetime.date, current: ProjetPersonnalise | None) -> dict[str, Any]:
    """Return the values of a new projet: those of the one in force, from today, for six months."""
    values = initial_of(current) if current else {}
    review = today + datetime.timedelta(days=182)
    agreement = ProjetPersonnalise.Agreement.NON_RECUEILLI
    return {**values, "starts_on": today, "review_on": review, "agreement": agreement, "agreed_on": None}


def objectives_of(projet: ProjetPersonnalise | None) -> list[dict[str, Any]]:
    """Return the values of the objectives' forms."""
    if projet is None:
        return []
    return [
        {"title": o.title, "actions": o.actions, "who": o.who, "due_on": o.due_on}
        for o in projet.objectives.all()
    ]


def typed_objectives(data: QueryDict) -> list[dict[str, Any]]:
    """Return the objectives as typed, unchecked, to show them again."""
    count = data.get("o-TOTAL_FORMS", "0")
    rows = range(min(19, int(count))) if count.isdecimal() else range(0)
    names = list(ObjectiveForm.base_fields)
    return [{name: data.get(f"o-{row}-{name}", "") for name in names} for row in rows]


def text_of(form: ProjetForm, objectives: Any) -> ProjetText:
    """Return what was typed, once both are valid."""
    typed = tuple(
        ObjectiveText(one["title"], one["actions"], one["who"], one["due_on"])
        for one in (row.cleaned_data for row in objectives.forms)
        if one
    )
    return ProjetText(**form.cleaned_data, objectives=typed)
