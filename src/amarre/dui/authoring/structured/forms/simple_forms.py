"""The forms of a few fixed fields: measures, stay, médecin traitant, hospital."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from amarre.dui.authoring.blocks import Block, Content
from amarre.dui.authoring.structured.forms.base import StructuredForm
from amarre.dui.authoring.structured.forms.fields import PartialDayField, WordsField
from amarre.dui.authoring.structured.measures import asked
from amarre.dui.authoring.structured.stay import YES_NO, Stay
from amarre.dui.authoring.structured.values import object_of, text_of


class FixedForm(StructuredForm):
    """A few fields side by side, kept under their own names."""

    template_name = "authoring/blocs/champs.html"
    # Width of the fields, out of 6; 2 for those that are not named.
    widths: ClassVar[Mapping[str, int]] = {}

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """Return what is kept, name by name."""
        return {name: value for name, value in content.items() if isinstance(value, str)}

    @property
    def cells(self) -> list[tuple[forms.BoundField, int]]:
        """The fields of the page, each with its width."""
        return [(field, self.widths.get(field.name, 2)) for field in self.visible_fields()]

    def content(self) -> dict[str, Any]:
        """Return what was typed, name by name."""
        return {name: self.cleaned_data[name] for name in self.fields if self.cleaned_data[name]}


class MeasuresForm(FixedForm):
    """One number per measure, its unit beside its name."""

    widths: ClassVar[Mapping[str, int]] = {"remark": 4, "day": 2}

    def __init__(self, block: Block, content: Content, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(block, content, data)
        self.fields["day"] = PartialDayField(label="Mesurées le", initial=text_of(content, "day"))
        kept = object_of(content, "values")
        for kind in asked():
            name = kind.code.display
            self.fields[kind.code.code] = WordsField(
                label=f"{name} ({kind.symbol})",
                max_length=10,
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
                initial=text_of(kept, kind.code.code),
            )
        self.fields["remark"] = WordsField(label="Remarque", initial=text_of(content, "remark"))

    def content(self) -> dict[str, Any]:
        """Return {"day", "values", "remark"}."""
        found = super().content()
        values = {kind.code.code: found.pop(kind.code.code) for kind in asked() if kind.code.code in found}
        if not values:
            # A day alone says nothing; words are kept, and a measure asked for.
            found.pop("day", None)
        return found | {"values": values} if values else found


class StayForm(FixedForm):
    """The summary of a stay, and what its model asks besides."""

    widths: ClassVar[Mapping[str, int]] = {
        "summary": 6,
        "entry": 3,
        "exit": 3,
        "events": 6,
        "found": 6,
    }
    summary = WordsField(
        label="Ce qui s'est passé pendant le séjour", max_length=8000, widget=forms.Textarea({"rows": 6})
    )
    entry = forms.ChoiceField(label="Arrivée", required=False, choices=(("", "À choisir"), *Stay.entry_modes))
    exit = forms.ChoiceField(label="Départ", required=False, choices=(("", "À choisir"), *Stay.exit_modes))
    events = WordsField(label="Évènements indésirables")
    searched = forms.ChoiceField(
        label="Bactérie multirésistante recherchée", required=False, choices=(("", "Non précisé"), *YES_NO)
    )
    transfusion = forms.ChoiceField(
        label="Transfusion", required=False, choices=(("", "Non précisé"), *YES_NO)
    )
    blood = forms.ChoiceField(label="Dérivés du sang", required=False, choices=(("", "Non précisé"), *YES_NO))
    found = WordsField(label="Bactérie multirésistante trouvée")


class PhysicianForm(FixedForm):
    """The médecin traitant."""

    widths: ClassVar[Mapping[str, int]] = {"rpps": 1, "phone": 1}
    family = WordsField(label="Nom", max_length=100)
    given = WordsField(label="Prénom", max_length=100)
    rpps = WordsField(
        label="Numéro RPPS",
        max_length=11,
        help_text="11 chiffres. On le trouve sur annuaire.sante.fr.",
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    phone = WordsField(label="Téléphone", max_length=20, widget=forms.TextInput({"inputmode": "tel"}))


class HospitalForm(FixedForm):
    """The hospital the person wishes to be taken to."""

    widths: ClassVar[Mapping[str, int]] = {"finess": 1, "phone": 1}
    name = WordsField(label="Nom", max_length=150)
    city = WordsField(label="Commune", max_length=100)
    phone = WordsField(label="Téléphone", max_length=20, widget=forms.TextInput({"inputmode": "tel"}))
    finess = WordsField(label="Numéro FINESS", max_length=9, help_text="Laissez vide si vous ne l'avez pas.")
