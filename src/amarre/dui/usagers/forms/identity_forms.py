"""Forms of the identity screen: document seen, decision on INSi's answer, marks, DMP information."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from amarre.dui.core.clock import today
from amarre.dui.organisations.enums import EssmsKind
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.web.forms import FrenchDateField
from amarre.interop.ins import DEVICES, Attribute, Device, Situation

ADULT_AGE_DAYS = 18 * 365 + 4


class EvidenceForm(forms.Form):
    """The document seen: no device by default, someone must have looked (RNIV 1 EXI SI 10, 23)."""

    device = forms.ChoiceField(label="Pièce vue")
    seen_on = FrenchDateField(label="Vue le")
    compared = forms.BooleanField(
        label="J’ai comparé l’original : nom, prénoms, sexe, date et lieu de naissance sont les mêmes",
        error_messages={"required": "Comparez, puis cochez cette case."},
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, dossier: Dossier) -> None:
        super().__init__(data, initial={"seen_on": today(dossier.essms.zone)})
        field = self.fields["device"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        devices = [(one.code, _device_words(one)) for one in devices_for(dossier)]
        field.choices = [("", "Choisir la pièce"), *devices]

    def clean_seen_on(self) -> datetime.date:
        """Refuse a document seen tomorrow."""
        value: datetime.date = self.cleaned_data["seen_on"]
        if value > today():
            raise ValidationError("Cette date n’est pas encore passée.", code="future")
        return value


def devices_for(dossier: Dossier) -> list[Device]:
    """Return the devices that are enough for this person in this establishment."""
    birth = dossier.identity.traits.date_naissance.calendar
    minor = birth is not None and (today() - birth).days < ADULT_AGE_DAYS
    wanted = {Situation.ALWAYS}
    if minor:
        wanted.add(Situation.MINOR)
    if dossier.essms.kind == EssmsKind.EHPAD:
        wanted.add(Situation.EHPAD_DIRECT_ADMISSION)
    return [one for one in DEVICES if one.situation in wanted]


def _device_words(device: Device) -> str:
    return f"{device.label}, avec {device.together_with}" if device.together_with else device.label


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
