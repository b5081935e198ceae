"""Forms of écarts, doublons, fusions, collisions and delays."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from amarre.dui.core.clock import today
from amarre.dui.usagers.collision_points import POINTS
from amarre.dui.usagers.forms.evidence_forms import devices_for
from amarre.dui.usagers.forms.traits_forms import TraitsForm
from amarre.dui.usagers.models import CollisionCase, Discrepancy, VigilanceSettings
from amarre.dui.usagers.selectors.discrepancies import Choice
from amarre.dui.web.forms import FrenchDateField
from amarre.interop.ins import first_name_coherent

REASON_HELP = "Ce que vous avez vu. Il reste dans l’histoire de l’identité, avec votre nom et l’heure."
OTHER_DOCUMENT = "autre"


def reason_field(help_text: str = REASON_HELP) -> forms.CharField:
    """Return the field of a reason, asked for every decision."""
    return forms.CharField(label="Motif", max_length=200, help_text=help_text)


class DocumentReadForm(TraitsForm):
    """What is read on the document, typed again: nothing is proposed, so that it is really read.

    What the document does not write (code of the place, other given names) is left empty: ours is kept.
    """

    device = forms.ChoiceField(label="Pièce lue")
    seen_on = FrenchDateField(label="Lue le")

    strict_names = (
        "nom_naissance", "premier_prenom", "prenoms", "sexe", "date_naissance", "lieu_naissance",
    )  # fmt: skip
    field_order = ("device", "seen_on", *strict_names)

    def __init__(self, data: Any = None, *, held: Discrepancy, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"seen_on": today(held.dossier.essms.zone)} | (initial or {}))
        self.identity = held.identity
        for name in ("nom_utilise", "prenom_utilise", "lieu_libelle"):
            del self.fields[name]
        self.fields["prenoms"].help_text = "Tous, dans l’ordre. Laissez vide si la pièce n’en donne qu’un."
        self.fields["lieu_naissance"].help_text = "Cinq caractères. Laissez vide si la pièce ne le donne pas."
        field = self.fields["device"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        known = [(one.code, one.label) for one in devices_for(held.dossier)]
        other = (OTHER_DOCUMENT, "Un autre document (il ne valide pas l’identité)")
        field.choices = [("", "Choisir la pièce"), *known, other]

    def clean(self) -> dict[str, Any]:
        """Write the traits by the rules, then complete what the document does not say with ours."""
        data = super().clean()
        if self.traits is None:
            return data
        ours = self.identity.traits
        if not data.get("prenoms") and first_name_coherent(self.traits.premier_prenom, ours.prenoms):
            self.traits = replace(self.traits, prenoms=ours.prenoms)
        if not data.get("lieu_naissance"):
            self.traits = replace(self.traits, lieu_naissance=ours.lieu_naissance)
        return data

    def clean_seen_on(self) -> datetime.date:
        """Refuse a document read tomorrow."""
        value: datetime.date = self.cleaned_data["seen_on"]
        if value > today():
            raise ValidationError("Cette date n’est pas encore passée.", code="future")
        return value

    @property
    def device_code(self) -> str:
        """Return the code of the device, "" for a document that gives no trust."""
        device: str = self.cleaned_data["device"]
        return "" if device == OTHER_DOCUMENT else device


class SettleForm(forms.Form):
    """The reason of a decision; the decision is the button pressed."""

    reason = reason_field()
    keeps_used_name = forms.BooleanField(required=False)
    decision = forms.ChoiceField(
        choices=[(one.value, one.value) for one in Choice], widget=forms.HiddenInput,
        error_messages={"required": "Choisissez une décision.", "invalid_choice": "Choisissez une décision."},
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, data: Any = None, *, used_name: str = "") -> None:
        """`used_name`: the name of the base that is probably the used one, "" when it is not."""
        super().__init__(data)
        self.fields["keeps_used_name"].label = f"Garder {used_name} comme nom utilisé"
        if not used_name:
            del self.fields["keeps_used_name"]


class DistinctForm(forms.Form):
    """« Ce sont deux personnes »."""

    reason = reason_field("Ce qui les distingue. Il reste avec votre nom ; la paire n’est plus proposée.")
    homonymes = forms.BooleanField(
        label="Signaler l’homonymie sur les deux identités : une alerte s’affiche quand on les choisit.",
        required=False,
        initial=True,
    )

    use_required_attribute = False
    prefix = "deux"


class MergeForm(forms.Form):
    """« C’est la même personne »: which identity stays."""

    survivor = forms.TypedChoiceField(label="Identité qui reste", widget=forms.RadioSelect, coerce=int)
    reason = reason_field("Ce qui le prouve : pièce, réponse d’INSi. Il reste avec votre nom.")

    use_required_attribute = False
    prefix = "une"

    def __init__(self, data: Any = None, *, choices: list[tuple[int, str]], suggested: int) -> None:
        super().__init__(data, initial={"survivor": suggested})
        field = self.fields["survivor"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices


class ReasonForm(forms.Form):
    """A reason, alone."""

    reason = reason_field()

    use_required_attribute = False


class OpenCollisionForm(forms.Form):
    """What was seen, and how much trust is taken back."""

    level = forms.ChoiceField(
        label="Mesure immédiate",
        widget=forms.RadioSelect,
        choices=[
            (
                CollisionCase.Level.DOUBTFUL.value,
                "Signaler douteuse : retour en provisoire, INS et pièce retirées, INSi bloqué. À choisir "
                "dans le doute.",
            ),
            (
                CollisionCase.Level.INS_WITHDRAWN.value,
                "Retirer l’INS seule : la pièce contrôlée reste valable, plus rien ne part avec l’INS.",
            ),
        ],
    )
    reason = reason_field("Ce que vous avez vu, sans écrire le nom de l’autre personne.")

    use_required_attribute = False


class CheckPointForm(forms.Form):
    """One point checked."""

    point = forms.ChoiceField(choices=[(point.code, point.label) for point in POINTS])


class CloseCollisionForm(forms.Form):
    """How the procedure ends."""

    conclusion = forms.ChoiceField(
        label="Conclusion",
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in CollisionCase.Conclusion if one.value],
    )
    note = reason_field("En une phrase : la cause, et ce qui évitera qu’elle revienne.")

    use_required_attribute = False


class DelaysForm(forms.ModelForm):
    """After how long an identity is shown as late."""

    class Meta:
        model = VigilanceSettings
        fields = ("provisional_days", "reverification_months")

    use_required_attribute = False
