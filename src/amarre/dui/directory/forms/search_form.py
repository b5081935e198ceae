"""The form of a search in the directory."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.directory.selectors import DirectoryQuery
from amarre.interop.terminology import ValueSetId, value_set

_PROFESSION = re.compile(r"G15_(\d+)")


def professions() -> list[tuple[str, str]]:
    """Return (code of TRE_G15, label) of the professions, without their specialties, by label."""
    found = []
    for code in value_set(ValueSetId.AUTHOR_SPECIALTY).codes.values():
        match = _PROFESSION.fullmatch(code.code)
        if match:
            found.append((match[1], code.display))
    return sorted(found, key=lambda row: row[1])


class SearchForm(forms.Form):
    """Name, profession, commune; at least a name or a commune."""

    use_required_attribute = False

    nom = forms.CharField(
        label="Nom", required=False, max_length=80, help_text="Un nom ou une commune suffit."
    )
    commune = forms.CharField(
        label="Commune", required=False, max_length=60, help_text="Le début du nom suffit."
    )
    profession = forms.ChoiceField(label="Profession", required=False)
    quoi = forms.ChoiceField(
        label="Chercher",
        choices=[
            (DirectoryEntry.Kind.PROFESSIONNEL, "Un professionnel"),
            (DirectoryEntry.Kind.STRUCTURE, "Une structure"),
        ],
        widget=forms.RadioSelect,
        initial=DirectoryEntry.Kind.PROFESSIONNEL,
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        field = self.fields["profession"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Toutes"), *professions()]

    def clean(self) -> dict[str, Any]:
        """Ask for a criterion that narrows the search."""
        values = super().clean() or {}
        if not values.get("nom", "").strip() and not values.get("commune", "").strip():
            self.add_error("nom", "Indiquez un nom ou une commune.")
        return values

    @property
    def query(self) -> DirectoryQuery:
        """The criteria, once the form is valid."""
        values = self.cleaned_data
        return DirectoryQuery(
            name=values["nom"].strip(),
            profession=values["profession"],
            commune=values["commune"].strip(),
            kind=values["quoi"],
        )
