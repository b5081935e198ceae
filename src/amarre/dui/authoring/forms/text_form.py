"""A standard text: title, words, where it is proposed."""

from __future__ import annotations

from typing import Any

from django import forms

from amarre.dui.authoring.blocks import TEXT
from amarre.dui.authoring.catalogue import TEMPLATES, find_template
from amarre.dui.authoring.models import StandardText
from amarre.dui.authoring.services.write_standard_text import StandardTextDraft
from amarre.dui.authoring.substitution import check_text
from amarre.interop.common.errors import AmarreError

EVERYWHERE = ("partout", "Tous les documents")


class StandardTextForm(forms.Form):
    """Title, words, template, and the part filled by itself."""

    title = forms.CharField(label="Titre", max_length=80, help_text="Ce que lira l’auteur dans la liste.")
    body = forms.CharField(
        label="Texte",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Les noms entre accolades sont remplacés par ceux du dossier : {prenom}, {nom}…",
    )
    place = forms.ChoiceField(
        label="Où le proposer",
        help_text="Dans tous les documents, dans un seul, ou d’office dans une partie.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = _places()  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(text: StandardText) -> dict[str, Any]:
        """Return the values of the form for a text."""
        return {
            "title": text.title,
            "body": text.body,
            "place": f"{text.template_key}/{text.block_key}".strip("/") or EVERYWHERE[0],
        }

    def clean_body(self) -> str:
        """Refuse names the record does not give, saying which ones it does."""
        body = str(self.cleaned_data["body"])
        try:
            check_text(body)
        except AmarreError as error:
            said = error.explanation()
            raise forms.ValidationError(f"{said.what} {said.advice}") from None
        return body

    def draft(self) -> StandardTextDraft:
        """Return what was typed, once valid."""
        place = str(self.cleaned_data["place"])
        template_key, _, block_key = ("" if place == EVERYWHERE[0] else place).partition("/")
        return StandardTextDraft(
            self.cleaned_data["title"], self.cleaned_data["body"], template_key, block_key
        )


def place_words(text: StandardText) -> str:
    """Return where a text is proposed: « Tous les documents », « Courrier », « Courrier, partie Texte »."""
    template = find_template(text.template_key)
    if template is None:
        return EVERYWHERE[1] if not text.template_key else "Document qui n’existe plus"
    block = next((one for one in template.blocks if one.key == text.block_key), None)
    return f"{template.label}, d’office dans « {block.title} »" if block else template.label


def _places() -> list[tuple[str, Any]]:
    """Return the choices: everywhere, then one group per template."""
    return [
        EVERYWHERE,
        *(
            (
                template.label,
                [
                    (template.key, f"{template.label} : au choix de l’auteur"),
                    *(
                        (f"{template.key}/{block.key}", f"{template.label} : d’office dans « {block.title} »")
                        for block in template.blocks
                        if block.kind == TEXT
                    ),
                ],
            )
            for template in TEMPLATES
        ),
    ]
