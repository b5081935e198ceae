"""Forms of the rights."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from amarre.dui.audit import registry
from amarre.dui.web.forms import FrenchDateField

# Days that a time zone can turn into instants: the two ends of the calendar cannot.
_DAYS = [
    MinValueValidator(datetime.date(1900, 1, 1), "Écrivez une date après 1900."),
    MaxValueValidator(datetime.date(2199, 12, 31), "Écrivez une date avant 2200."),
]


class ChooseEssmsForm(forms.Form):
    """The establishment asked for."""

    essms_id = forms.IntegerField(min_value=1)


class JournalFilterForm(forms.Form):
    """Filters of the journal; identifiers only, since they travel in the address."""

    verb = forms.ChoiceField(label="Action", required=False)
    since = FrenchDateField(label="Depuis le", required=False, validators=_DAYS)
    until = FrenchDateField(label="Jusqu’au", required=False, validators=_DAYS)
    dossier = forms.CharField(label="Dossier", required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        verbs = [(verb.name, verb.sentence) for verb in registry.registered()]
        verb = self.fields["verb"]
        assert isinstance(verb, forms.ChoiceField)  # noqa: S101
        verb.choices = [("", "Toutes les actions"), *sorted(verbs, key=lambda pair: pair[1])]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if isinstance(since, datetime.date) and isinstance(until, datetime.date) and until < since:
            self.add_error("until", "La fin ne peut pas précéder le début.")
        return self.cleaned_data
