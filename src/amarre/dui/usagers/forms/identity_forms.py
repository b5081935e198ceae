"""Forms of the identity screen: decision on INSi's answer, marks, DMP information."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from amarre.dui.core.clock import today
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.web.forms import FrenchDateField
from amarre.interop.ins import Attribute


class DecideForm(forms.Form):
    """The decision on what INSi returned. The reason is asked when a difference needs one."""

    reason = forms.CharField(
        label="Motif",
        max_length=200,
        required=False,
        help_text="Ce que vous avez vérifié. Il reste dans l’histoire de l’identité, avec votre nom.",
    )

    def __init__(self, data: Any = None, *, needs_reason: bool = False) -> None:
        super().__init__(data)
        self.fields["reason"].required = needs_reason

    use_required_attribute = False


MARKS = {
    Attribute.HOMONYME: "Homonyme : ressemble beaucoup à une autre identité. Une alerte s’affiche, rien "
    "d’autre ne change.",
    Attribute.DOUTEUSE: "Douteuse : un doute sur l’identité déclarée. Retour en provisoire, INS retirée, "
    "INSi bloqué.",
    Attribute.FICTIVE: "Fictive : personne anonyme ou identité d’essai. Retour en provisoire, INS retirée, "
    "INSi bloqué.",
}


class MarkForm(forms.Form):
    """Put a mark on an identity, or take one away."""

    reason = forms.CharField(
        label="Motif", max_length=200, help_text="Il reste dans l’histoire de l’identité, avec votre nom."
    )
    mark = forms.ChoiceField(label="Signalement", widget=forms.RadioSelect)

    use_required_attribute = False
    field_order = ("mark", "reason")

    def __init__(self, data: Any = None, *, held: frozenset[Attribute]) -> None:
        super().__init__(data)
        field = self.fields["mark"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        put = [(f"poser-{one.value}", words) for one, words in MARKS.items() if one not in held]
        away = "Retirer le signalement"
        taken = [(f"retirer-{one.value}", f"{away} « {one.value} »") for one in MARKS if one in held]
        field.choices = [*taken, *put]

    def choice(self) -> tuple[Attribute, bool]:
        """Return the attribute, and whether it is put (True) or taken away."""
        verb, _, value = self.cleaned_data["mark"].partition("-")
        return Attribute(value), verb == "poser"


class DmpInformationForm(forms.Form):
    """What the person was told about the DMP, and what they said."""

    decision = forms.ChoiceField(label="Après information, la personne", widget=forms.RadioSelect)
    informed_on = FrenchDateField(label="Informée le")

    use_required_attribute = False

    def __init__(self, data: Any = None, *, dossier: Dossier) -> None:
        super().__init__(data, initial={"informed_on": today(dossier.essms.zone)})
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [
            (DmpInformation.Decision.NON_OPPOSITION.value, "ne s’oppose pas au dépôt de ses documents"),
            (DmpInformation.Decision.OPPOSITION.value, "s’oppose : aucun document ne sera déposé"),
        ]

    def clean_informed_on(self) -> datetime.date:
        """Refuse an information given tomorrow."""
        value: datetime.date = self.cleaned_data["informed_on"]
        if value > today():
            raise ValidationError("Cette date n’est pas encore passée.", code="future")
        return value
