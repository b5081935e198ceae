"""A Datamatrix INS: typed by a keyboard scanner, or a picture of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from amarre.dui.usagers.forms.traits_forms import PreviousSearchForm
from amarre.dui.web.forms import CameraFileInput
from amarre.interop.common.errors import AmarreError
from amarre.interop.common.pictures import MAX_BYTES
from amarre.interop.ins import ScannedIdentity, decode, read_picture


class ScanForm(forms.Form):
    """One of the two; after validation, `scanned` is what was read and `means` how."""

    code = forms.CharField(
        label="Code lu par le lecteur",
        max_length=600,
        strip=False,
        help_text="Placez le curseur ici, puis lisez le Datamatrix avec le lecteur.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    picture = forms.FileField(
        label="Ou une photo du Datamatrix",
        widget=CameraFileInput(accept="image/jpeg,image/png"),
        help_text="Cadrez le carré seul, bien éclairé. La photo est lue puis oubliée.",
    )

    use_required_attribute = False
    scanned: ScannedIdentity | None = None
    means = ""

    def full_clean(self) -> None:
        """Validate each as optional: one of the two is asked, so none is said to be « facultatif »."""
        for field in self.fields.values():
            field.required = False
        super().full_clean()
        for field in self.fields.values():
            field.required = True

    def clean(self) -> dict[str, Any]:
        """Read the code, else the picture."""
        data = self.cleaned_data
        if self.errors:
            return data
        code, picture = (data.get("code") or "").strip(" \r\n\t"), data.get("picture")
        if not code and picture is None:
            raise ValidationError("Lisez le Datamatrix, ou prenez-le en photo.", code="nothing")
        try:
            if picture is None or code:
                self.scanned, self.means = decode(code), "lecteur"
            else:
                self.scanned, self.means = read_picture(picture.read(MAX_BYTES + 1)), "photo"
        except AmarreError as error:
            said = error.explanation()
            self.add_error("code" if code else "picture", f"{said.what} {said.advice}")
        return data


class ScannedSearchForm(PreviousSearchForm):
    """What was read, carried hidden from the results to the creation form; a person checks it there."""

    prenoms = forms.CharField(required=False, max_length=200)
    sexe = forms.CharField(required=False, max_length=1)
    lieu_naissance = forms.CharField(required=False, max_length=5)
    source = forms.CharField(required=False, max_length=12)
    carte = forms.CharField(required=False, max_length=43)


def scanned_values(scanned: ScannedIdentity) -> dict[str, str]:
    """Return the values of a `ScannedSearchForm` for what was read: traits only, never the matricule."""
    traits = scanned.traits
    return {
        "nom": traits.nom_naissance,
        # The Datamatrix bears the whole list: the first one is a guess, to be checked on the document.
        "prenom": traits.prenoms.split(" ")[0],
        "prenoms": traits.prenoms,
        "sexe": traits.sexe.value,
        "date_naissance": traits.date_naissance.french,
        "lieu_naissance": traits.lieu_naissance,
        "source": SOURCE,
    }


SOURCE = "datamatrix"
