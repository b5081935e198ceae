"""What is this document, who wrote it, when, and who answers for it here."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from amarre.dui.accounts.models import User
from amarre.dui.core.clock import today
from amarre.dui.intake.choices import (
    profession_groups,
    profession_of,
    profession_value,
    professionals_of,
    type_groups,
)
from amarre.dui.intake.description import Description, OutsideAuthor
from amarre.dui.intake.models import ImportedDocument
from amarre.dui.organisations.models import Essms
from amarre.dui.organisations.validators import luhn_holds, validate_finess
from amarre.dui.web.forms import FrenchDateField
from amarre.interop.terminology import document_type

OUTSIDE = "ailleurs"
# What must be said of someone from elsewhere, and the words when it is not.
_ASKED_OUTSIDE = {
    "outside_family": "Écrivez le nom de la personne qui l'a écrit.",
    "outside_given": "Écrivez son prénom : le DMP et la messagerie le demandent.",
    "outside_profession": "Choisissez sa profession.",
    "responsible": "Choisissez qui relit ce document et en répond ici.",
}
_OLDEST = datetime.date(1900, 1, 1)
_RPPS = RegexValidator(r"\A\d{11}\Z", "Un numéro RPPS a 11 chiffres.")


class DescriptionForm(forms.Form):
    """Valid, it gives a `Description`. `me`: who fills it in, proposed first."""

    type_code = forms.ChoiceField(
        label="Type de document", error_messages={"required": "Choisissez le type du document."}
    )
    title = forms.CharField(
        label="Titre",
        max_length=128,
        required=False,
        help_text="Sans titre, le nom du type est repris. N'y écrivez pas le nom de la personne.",
    )
    act_on = FrenchDateField(
        label="Date de l'acte",
        help_text="La date écrite sur le document : consultation, séjour, signature.",
        error_messages={"required": "Écrivez la date qui figure sur le document."},
    )
    author = forms.ChoiceField(
        label="Écrit par", error_messages={"required": "Dites qui a écrit ce document."}
    )
    outside_given = forms.CharField(label="Prénom", max_length=80)
    outside_family = forms.CharField(label="Nom", max_length=80)
    outside_profession = forms.ChoiceField(label="Profession")
    outside_organisation = forms.CharField(
        label="Établissement ou cabinet",
        max_length=150,
        required=False,
        help_text="Par exemple : CH du Large.",
    )
    outside_rpps = forms.CharField(
        label="Numéro RPPS", max_length=11, required=False, validators=[_RPPS],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    outside_finess = forms.CharField(
        label="FINESS de son établissement", max_length=9, required=False, validators=[validate_finess]
    )
    responsible = forms.ChoiceField(
        label="Qui le relit et en répond ici",
        help_text="Il le trouvera dans « Documents à valider ». Un auteur d'ici répond de ce qu'il écrit.",
    )
    use_required_attribute = False

    def __init__(self, essms: Essms, me: User, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self._people = {str(user.pk): user for user in professionals_of(essms)}
        mine = str(me.pk)
        people = [(pk, _called(user, me)) for pk, user in self._people.items()]
        people.sort(key=lambda pair: pair[0] != mine)
        self._choose("type_code", [("", "Choisir"), *type_groups()])
        self._choose("author", [("", "Choisir"), (OUTSIDE, "Quelqu'un d'ailleurs"), ("Ici", people)])
        self._choose("outside_profession", [("", "Choisir"), *profession_groups()])
        self._choose("responsible", [("", "Choisir"), *people])
        if mine in self._people:
            self.fields["responsible"].initial = mine

    def full_clean(self) -> None:
        """Validate as optional what is asked of an outside author only, without saying « facultatif »."""
        asked = [self.fields[name] for name in _ASKED_OUTSIDE]
        for field in asked:
            field.required = False
        super().full_clean()
        for field in asked:
            field.required = True

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_act_on(self) -> datetime.date:
        """Refuse what has not happened yet."""
        given: datetime.date = self.cleaned_data["act_on"]
        if given > today():
            raise forms.ValidationError("Cette date n'est pas encore passée.", code="future")
        if given < _OLDEST:
            raise forms.ValidationError("Vérifiez l'année.", code="old")
        return given

    def clean_outside_rpps(self) -> str:
        """Check the key of the number."""
        given: str = self.cleaned_data["outside_rpps"]
        if given and not luhn_holds(given):
            raise forms.ValidationError("Ce numéro RPPS est mal recopié : sa clé est fausse.", code="key")
        return given

    def clean(self) -> dict[str, Any]:
        """Ask what naming an outside author needs, and who answers for them."""
        data = self.cleaned_data
        if data.get("author") != OUTSIDE:
            return data
        for name, words in _ASKED_OUTSIDE.items():
            if name not in self.errors and not data.get(name):
                self.add_error(name, forms.ValidationError(words, code="required"))
        return data

    def description(self) -> Description:
        """Return what was said; the form is valid."""
        data = self.cleaned_data
        kind = document_type(data["type_code"])
        title = data["title"].strip() or (kind.code.display if kind else data["type_code"])
        if data["author"] != OUTSIDE:
            author = self._people[data["author"]]
            return Description(title[:128], data["type_code"], data["act_on"], author, author)
        code, system = profession_of(data["outside_profession"])
        outside = OutsideAuthor(
            family=data["outside_family"].strip(),
            given=data["outside_given"].strip(),
            code=code,
            system=system,
            rpps=data["outside_rpps"],
            organisation=data["outside_organisation"].strip(),
            finess=data["outside_finess"],
        )
        return Description(
            title[:128], data["type_code"], data["act_on"], outside, self._people[data["responsible"]]
        )


def initial_of(imported: ImportedDocument) -> dict[str, Any]:
    """Return the values of the form for a document described before."""
    return {
        "type_code": imported.type_code,
        "title": imported.title,
        "act_on": imported.act_on,
        "author": str(imported.author_id) if imported.author_id else OUTSIDE,
        "outside_given": imported.outside_given,
        "outside_family": imported.outside_family,
        "outside_profession": profession_value(imported.outside_code, imported.outside_system),
        "outside_organisation": imported.outside_organisation,
        "outside_rpps": imported.outside_rpps,
        "outside_finess": imported.outside_finess,
        "responsible": str(imported.responsible_id),
    }


def _called(user: User, me: User) -> str:
    return f"{user} (vous)" if user.pk == me.pk else str(user)
