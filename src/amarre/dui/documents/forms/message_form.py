"""What a person writes and confirms before a document leaves by MSSanté."""

from __future__ import annotations

from typing import Any

from django import forms

from amarre.dui.directory.models import DirectoryEntry
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.presenters import strict_traits
from amarre.dui.web.typography import french

MAX_TEXT = 8000


class MessageForm(forms.Form):
    """Text of the message; the address when the correspondent has several; the second look it asks for."""

    use_required_attribute = False

    adresse = forms.ChoiceField(label="Adresse du destinataire", widget=forms.RadioSelect)
    texte = forms.CharField(
        label="Texte",
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Pas de nom ni de date de naissance : ils sont dans le document.",
    )
    identite = forms.BooleanField()
    fois = forms.IntegerField(min_value=0, max_value=10_000, required=False, widget=forms.HiddenInput)
    encore = forms.BooleanField(label="Envoyer une nouvelle fois à ce destinataire")

    def __init__(
        self,
        *args: Any,
        dossier: Dossier,
        entry: DirectoryEntry | None,
        already_sent: int,
        **values: Any,
    ) -> None:
        super().__init__(*args, **values)
        address = self.fields["adresse"]
        if entry is not None and len(entry.addresses) > 1 and isinstance(address, forms.ChoiceField):
            address.choices = [
                (box["address"], f"{box['address']} ({box['label']})" if box["label"] else box["address"])
                for box in entry.mailboxes
            ]
        else:
            del self.fields["adresse"]
        if entry is None:
            traits = dict(strict_traits(dossier.identity))
            self.fields[
                "identite"
            ].label = f"C’est bien la personne née le {traits['Date de naissance']}, de sexe {traits['Sexe']}"
        else:
            del self.fields["identite"]
        # A page sent twice (double click, reload) gives the same message: nothing more to confirm.
        posted = self.data.get("fois", "") if self.is_bound else ""
        if not already_sent or (posted.isdecimal() and int(posted) < already_sent):
            del self.fields["encore"]

    @property
    def address(self) -> str:
        """The address chosen, "" when there was no choice to make."""
        return str(self.cleaned_data.get("adresse", ""))

    @property
    def text(self) -> str:
        """The text of the message."""
        return str(self.cleaned_data["texte"])

    @property
    def again(self) -> int:
        """How many times the same thing had left when the page was shown."""
        return self.cleaned_data.get("fois") or 0


def default_text(version: DocumentVersion, sender: str, job: str, to_citizen: bool) -> str:
    """Return the text proposed: no trait of the person, all of them are in the document."""
    essms = version.document.dossier.essms
    opening = "Bonjour,\n\nVous trouverez ci-joint"
    document = f"{opening} votre document" if to_citizen else f"{opening} le document"
    lines = [
        f"{document} « {version.document.title} », établi par {essms.name}.",
        f"Pour toute question : {essms.phone}." if essms.phone else "",
        "Cordialement,",
        "\n".join(filter(None, (f"{sender}, {job.lower()}" if job else sender, essms.name))),
    ]
    return french("\n\n".join(line for line in lines if line))
