"""The date of a step outside the software."""

from __future__ import annotations

import datetime

from django import forms
from django.core.exceptions import ValidationError

from amarre.dui.core.clock import today
from amarre.dui.dmp.models import Preparation
from amarre.dui.web.forms import FrenchDateField


class PreparationForm(forms.Form):
    """When the step was done, and a word about it."""

    done_on = FrenchDateField(label="Fait le")
    note = forms.CharField(
        label="Précision", max_length=Preparation._meta.get_field("note").max_length, required=False
    )

    def clean_done_on(self) -> datetime.date:
        """Refuse a day that has not come."""
        value: datetime.date = self.cleaned_data["done_on"]
        if value > today():
            raise ValidationError("Cette date n’est pas encore passée.", code="future")
        return value
