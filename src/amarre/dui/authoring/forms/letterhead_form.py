"""The letterhead: a picture, lines of address, words at the foot of the page."""

from __future__ import annotations

from typing import Any

from django import forms

from amarre.dui.organisations.models import Letterhead
from amarre.dui.organisations.models.letterhead import LONGEST_LINE, MOST_LINES, validate_lines
from amarre.dui.organisations.services.update_letterhead import MOST_LOGO_BYTES, Logo, make_logo
from amarre.interop.common.errors import AmarreError


class LetterheadForm(forms.Form):
    """`made` is the logo ready to be kept, once the form is valid."""

    logo = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text="Image PNG ou JPEG, sur fond clair. Elle est réduite, et ce qu’elle contient d’autre que "
        "l’image (lieu, auteur) est retiré.",
    )
    remove_logo = forms.BooleanField(label="Retirer le logo", required=False)
    address_lines = forms.CharField(
        label="Lignes sous le nom",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[validate_lines],
        help_text=f"{MOST_LINES} lignes de {LONGEST_LINE} signes au plus. Laissées vides, l’adresse des "
        "réglages est imprimée.",
    )
    footer = forms.CharField(
        label="Pied de page",
        required=False,
        max_length=200,
        help_text="Par exemple : Association loi 1901, siège, numéro d’agrément.",
    )

    made: Logo | None = None

    @staticmethod
    def initial_of(letterhead: Letterhead) -> dict[str, Any]:
        """Return the values of the form for a letterhead."""
        return {"address_lines": letterhead.address_lines, "footer": letterhead.footer}

    def clean_logo(self) -> None:
        """Make the logo from the file given, or say why it cannot be."""
        given = self.cleaned_data.get("logo")
        if not given:
            return
        try:
            self.made = make_logo(given.read(MOST_LOGO_BYTES + 1))
        except AmarreError as error:
            said = error.explanation()
            raise forms.ValidationError(f"{said.what} {said.advice}") from None
