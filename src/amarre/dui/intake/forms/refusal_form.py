"""Why a document is refused."""

from __future__ import annotations

from django import forms


class RefusalForm(forms.Form):
    """The reason, read by whoever brought the document."""

    reason = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Par exemple : « mauvaise personne », « illisible, à numériser de nouveau ».",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez pourquoi vous le refusez."},
    )
