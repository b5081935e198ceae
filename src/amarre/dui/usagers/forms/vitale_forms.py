"""Choose the reader, then the person of the card: nobody is chosen in advance."""

from __future__ import annotations

from typing import Any

from django import forms

from amarre.dui.usagers.vitale import Slot
from amarre.interop.ins.insi import VitaleCard


class SlotForm(forms.Form):
    """Which reader, when there are several."""

    slot = forms.ChoiceField(label="Carte", widget=forms.RadioSelect)

    use_required_attribute = False

    def __init__(self, data: Any = None, *, slots: list[Slot]) -> None:
        super().__init__(data)
        field = self.fields["slot"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(one.key, one.label) for one in slots]


class BeneficiaryForm(forms.Form):
    """Who is present, among the persons of the card (a child is on the card of a parent)."""

    slot = forms.CharField(widget=forms.HiddenInput)
    person = forms.ChoiceField(
        label="La personne présente",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la personne présente."},
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, slot: str, card: VitaleCard) -> None:
        super().__init__(data, initial={"slot": slot})
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        # The words are sent with the rank: a card exchanged meanwhile is seen.
        field.choices = [
            (f"{rank}|{one.label}", f"{one.label}{', titulaire de la carte' if rank == 1 else ''}")
            for rank, one in enumerate(card.beneficiaries, 1)
        ]

    @property
    def rank(self) -> int:
        """Position on the card of the person chosen, 1 for the holder."""
        return int(self.cleaned_data["person"].partition("|")[0])
