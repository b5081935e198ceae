"""The next visit of a person whose INS must be asked."""

from __future__ import annotations

import datetime

from django import forms
from django.core.exceptions import ValidationError

from amarre.dui.core.clock import today
from amarre.dui.web.forms import FrenchDateField


class RecallForm(forms.Form):
    """When the person comes next, and what to bring."""

    expected_on = FrenchDateField(
        label="Prochaine venue", required=False, help_text="Sans date, la personne reste dans la liste."
    )
    note = forms.CharField(
        label="À savoir",
        max_length=120,
        required=False,
        help_text="Par exemple : apporter le livret de famille.",
    )

    use_required_attribute = False

    def clean_expected_on(self) -> datetime.date | None:
        """Refuse yesterday."""
        value: datetime.date | None = self.cleaned_data["expected_on"]
        if value is not None and value < today():
            raise ValidationError("Cette date est déjà passée.", code="past")
        return value
