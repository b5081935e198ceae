"""Forms of the document seen and of its copies."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from amarre.dui.core.clock import today
from amarre.dui.organisations.enums import EssmsKind
from amarre.dui.usagers import evidence_files
from amarre.dui.usagers.models import Dossier, VigilanceSettings
from amarre.dui.web.dates import day
from amarre.dui.web.forms import CameraFileInput, FrenchDateField
from amarre.interop.common.errors import AmarreError
from amarre.interop.common.pictures import MAX_BYTES
from amarre.interop.ins import DEVICES, Device, Situation

ADULT_AGE_DAYS = 18 * 365 + 4
SIDES = ("recto", "verso")


class EvidenceForm(forms.Form):
    """The document seen: no device by default, someone must have looked (RNIV 1 EXI SI 10, 23).

    Where the establishment keeps copies, two pictures may go with it; `pages` is what is kept of them.
    """

    device = forms.ChoiceField(label="Pièce vue")
    seen_on = FrenchDateField(label="Vue le")
    compared = forms.BooleanField(
        label="J’ai comparé l’original : nom, prénoms, sexe, date et lieu de naissance sont les mêmes",
        error_messages={"required": "Comparez, puis cochez cette case."},
    )

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        dossier: Dossier,
        copies: VigilanceSettings | None = None,
    ) -> None:
        super().__init__(data, files, initial={"seen_on": today(dossier.essms.zone)})
        self.pages: list[bytes] = []
        field = self.fields["device"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        devices = [(one.code, _device_words(one)) for one in devices_for(dossier)]
        field.choices = [("", "Choisir la pièce"), *devices]
        if copies is not None and copies.keeps_copies:
            self._offer_copies(dossier, copies.copy_days)

    @property
    def keeps_copies(self) -> bool:
        """Say whether pictures may be given."""
        return SIDES[0] in self.fields

    def clean_seen_on(self) -> datetime.date:
        """Refuse a document seen tomorrow."""
        value: datetime.date = self.cleaned_data["seen_on"]
        if value > today():
            raise ValidationError("Cette date n’est pas encore passée.", code="future")
        return value

    def clean(self) -> dict[str, Any]:
        """Read the pictures again from their pixels."""
        data = self.cleaned_data
        for side in SIDES if self.keeps_copies else ():
            file = data.get(side)
            if file is None or self.errors:
                continue
            try:
                self.pages += evidence_files.clean_pages([file.read(MAX_BYTES + 1)])
            except AmarreError as error:
                said = error.explanation()
                self.add_error(side, f"{said.what} {said.advice}")
        return data

    def _offer_copies(self, dossier: Dossier, days: int) -> None:
        end = day(today(dossier.essms.zone) + datetime.timedelta(days=days))
        accepted = "image/jpeg,image/png" + (",application/pdf" if evidence_files.reads_pdf() else "")
        helps = {
            SIDES[0]: f"Prévenez la personne. Image effacée seule après le {end}, vue du seul référent.",
            SIDES[1]: "",
        }
        for side in SIDES:
            self.fields[side] = forms.FileField(
                label=f"Copie de la pièce, {side}", required=False, help_text=helps[side],
                widget=CameraFileInput(accept=accepted),
            )  # fmt: skip


class CopiesForm(forms.ModelForm):
    """Whether the establishment keeps copies of identity documents, and how long."""

    use_required_attribute = False

    class Meta:
        model = VigilanceSettings
        fields = ("keeps_copies", "copy_days")
        labels = {
            "keeps_copies": "Garder une copie des pièces d’identité contrôlées",
            "copy_days": "Effacer chaque copie au bout de (jours)",
        }
        help_texts = {
            "copy_days": "De 1 à 1830. Une durée plus courte vaut aussi pour les copies déjà gardées.",
        }


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
