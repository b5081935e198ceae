"""Forms of the traits: search before creation, creation, modification."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from amarre.dui.core.clock import today
from amarre.dui.usagers.models import Identity
from amarre.dui.web.forms import NO_SUCH_DATE, FrenchDateField
from amarre.interop.ins import (
    COG_UNKNOWN,
    BirthDate,
    BirthDateRefused,
    Sexe,
    Trait,
    Traits,
    TraitsRefused,
    birth_date_from_parts,
    traits_typed,
)

_PARTS = re.compile(r"(?:(?:(\d{1,2})[/.\- ])?(\d{1,2})[/.\- ])?(\d{4})")
_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
OLDEST_AGE = 130
ENTRY_HELP = "Jour de l’admission ou du premier passage."
BIRTH_HELP = "Par exemple 21/06/1936. Jour inconnu : 06/1936. Jour et mois inconnus : 1936."


class BirthDateField(forms.CharField):
    """A birth date, whole or with unknown parts (RNIV EXI PP 19); cleans into a `BirthDate`."""

    default_error_messages = {
        "invalid": "Écrivez la date ainsi : 21/06/1936, ou 06/1936, ou 1936.",
        "calendar": NO_SUCH_DATE,
        "future": "Cette date n’est pas encore passée.",
        "old": f"Cette date remonte à plus de {OLDEST_AGE} ans : vérifiez l’année.",
    }
    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "placeholder": "JJ/MM/AAAA"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", BIRTH_HELP)
        super().__init__(max_length=10, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Write a `BirthDate` as JJ/MM/AAAA."""
        return value.french if isinstance(value, BirthDate) else value

    def clean(self, value: Any) -> BirthDate | None:
        """Return the date, its unknown parts written by the rule."""
        text = super().clean(value)
        if not text:
            return None
        day, month, year = self._parts(text)
        try:
            date = birth_date_from_parts(int(year), _known(month), _known(day))
        except BirthDateRefused:
            raise ValidationError(self.error_messages["calendar"], code="calendar") from None
        on = today()
        # A year alone is written 31/12: this year's is in the future, and right.
        if int(year) > on.year or (not date.interpreted and date.text > on.isoformat()):
            raise ValidationError(self.error_messages["future"], code="future")
        if int(year) < on.year - OLDEST_AGE:
            raise ValidationError(self.error_messages["old"], code="old")
        return date

    def _parts(self, text: str) -> tuple[str, str, str]:
        if match := _ISO.fullmatch(text):
            return match[3], match[2], match[1]
        match = _PARTS.fullmatch(text) or _COMPACT.fullmatch(text)
        if match is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return match[1] or "", match[2] or "", match[3]


def _known(part: str) -> int | None:
    """Return the number of a part, None when it is absent or written 00."""
    return int(part) or None if part else None


DATE_TOO_SHORT = "La date de naissance est incomplète : écrivez-le aussi."


class PreviousSearchForm(forms.Form):
    """What is asked before any creation: enough to find the person, nothing is kept.

    A whole birth date is enough (RNIV 1, recherche d'antériorité); names, or their first letters, make it
    precise. Each name has its own field, so that a used name is never begun as a birth name.
    """

    date_naissance = BirthDateField(label="Date de naissance")
    nom = forms.CharField(
        label="Nom de naissance", max_length=100, required=False,
        help_text="Entier, ou ses trois premières lettres.",
    )  # fmt: skip
    nom_utilise = forms.CharField(
        label="Nom utilisé",
        max_length=100,
        required=False,
        help_text="Nom d’usage, nom d’époux ou d’épouse, si la personne en a un.",
    )
    prenom = forms.CharField(label="Prénom", max_length=100, required=False)

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """Ask for names beside a date some part of which is unknown: alone, it finds nobody."""
        data = self.cleaned_data
        birth = data.get("date_naissance")
        if birth is not None and birth.interpreted:
            if not (data.get("nom") or data.get("nom_utilise")):
                self.add_error("nom", DATE_TOO_SHORT)
            if not data.get("prenom"):
                self.add_error("prenom", DATE_TOO_SHORT)
        return data

    @property
    def names(self) -> tuple[str, ...]:
        """Return the family names typed."""
        return tuple(filter(None, (self.cleaned_data["nom"], self.cleaned_data["nom_utilise"])))


# Said under the list: that is where one forgot to write the first name again.
LIST_STARTS_OTHERWISE = (
    "La liste commence par le 1er prénom : écrivez-le ici aussi, ou laissez vide s’il est seul."
)


class TraitsForm(forms.Form):
    """The strict traits, as on the identity document, then the used names, kept apart."""

    nom_naissance = forms.CharField(
        label="Nom de naissance",
        max_length=100,
        help_text="Le nom de naissance est celui de la pièce d’identité.",
    )
    premier_prenom = forms.CharField(
        label="1er prénom de naissance", max_length=100, help_text="Un prénom composé s’écrit en entier."
    )
    prenoms = forms.CharField(
        label="Tous les prénoms de naissance",
        max_length=200,
        required=False,
        help_text="Dans l’ordre de la pièce, séparés par un espace, le premier compris.",
    )
    sexe = forms.ChoiceField(label="Sexe", choices=Identity.Gender.choices, widget=forms.RadioSelect)
    date_naissance = BirthDateField(label="Date de naissance")
    lieu_naissance = forms.CharField(
        label="Code INSEE du lieu de naissance",
        max_length=5,
        required=False,
        help_text="Cinq caractères : la commune, ou 99 et le pays pour une naissance à l’étranger. "
        "Laissez vide si le lieu est inconnu.",
    )
    lieu_libelle = forms.CharField(
        label="Commune ou pays de naissance", max_length=100, required=False, help_text="En clair."
    )
    nom_utilise = forms.CharField(
        label="Nom utilisé",
        max_length=100,
        required=False,
        help_text="Seulement s’il est différent : nom d’usage, nom d’époux ou d’épouse.",
    )
    prenom_utilise = forms.CharField(
        label="Prénom utilisé",
        max_length=100,
        required=False,
        help_text="Seulement s’il est différent du premier prénom.",
    )

    use_required_attribute = False
    strict_names: tuple[str, ...] = (
        "nom_naissance", "premier_prenom", "prenoms", "sexe", "date_naissance", "lieu_naissance",
        "lieu_libelle",
    )  # fmt: skip
    used_names = ("nom_utilise", "prenom_utilise")
    traits: Traits | None = None

    def clean(self) -> dict[str, Any]:
        """Write the traits by the rules, each refusal under its field."""
        data = self.cleaned_data
        if self.errors:
            return data
        try:
            self.traits = traits_typed(
                nom_naissance=data["nom_naissance"],
                prenoms=data["prenoms"],
                premier_prenom=data["premier_prenom"],
                sexe=Sexe(data["sexe"]),
                date_naissance=data["date_naissance"],
                lieu_naissance=data["lieu_naissance"],
                nom_utilise=data.get("nom_utilise", ""),
                prenom_utilise=data.get("prenom_utilise", ""),
            )
        except TraitsRefused as refused:
            for problem in refused.problems:
                if problem.trait is Trait.PRENOMS and not data["prenoms"]:
                    # Left empty, the list is the first name: that one is already refused.
                    continue
                if problem.rule == "coherence":
                    self.add_error("prenoms", LIST_STARTS_OTHERWISE)
                else:
                    self.add_error(problem.trait.value, _without_label(problem.sentence))
        return data

    def strict_fields(self) -> list[forms.BoundField]:
        """Return the fields of the strict traits, in the order of the banner."""
        return [self[name] for name in self.strict_names]

    def used_fields(self) -> list[forms.BoundField]:
        """Return the fields of the used names."""
        return [self[name] for name in self.used_names]


def _without_label(sentence: str) -> str:
    """Return the end of « Nom de naissance : … » : the field already says its name."""
    _, separator, rest = sentence.partition(" : ")
    return (rest[0].upper() + rest[1:]) if separator else sentence


class CreateDossierForm(TraitsForm):
    """The traits and the day of entry."""

    entered_on = FrenchDateField(label="Date d’entrée", help_text=ENTRY_HELP)
    # Where the first values came from; a person read them again before this form was sent.
    source = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    # What INSi is asked with once the dossier is open, when a carte Vitale began it.
    carte = forms.CharField(required=False, max_length=43, widget=forms.HiddenInput)

    def clean_entered_on(self) -> datetime.date:
        """Refuse an entry more than a year ahead: a typing mistake."""
        return checked_entry(self.cleaned_data["entered_on"])


class EntryForm(forms.Form):
    """The day of entry of a person the organisme already knows."""

    entered_on = FrenchDateField(label="Date d’entrée", help_text=ENTRY_HELP)

    use_required_attribute = False

    def clean_entered_on(self) -> datetime.date:
        """Refuse an entry more than a year ahead."""
        return checked_entry(self.cleaned_data["entered_on"])


class UpdateTraitsForm(TraitsForm):
    """The traits of an identity that exists, and why they change."""

    reason = forms.CharField(
        label="Motif",
        max_length=200,
        help_text="Ce que vous avez vu, par exemple : faute de frappe, pièce relue. Il reste dans l’histoire "
        "de l’identité, avec votre nom.",
    )


def initial_traits(identity: Identity) -> dict[str, Any]:
    """Return the values of a form for an identity that exists."""
    place = identity.lieu_naissance
    return {
        "nom_naissance": identity.nom_naissance,
        "premier_prenom": identity.premier_prenom,
        "prenoms": identity.prenoms,
        "sexe": identity.sexe,
        "date_naissance": identity.traits.date_naissance.french,
        "lieu_naissance": "" if place == COG_UNKNOWN else place,
        "lieu_libelle": identity.lieu_libelle,
        "nom_utilise": identity.nom_utilise,
        "prenom_utilise": identity.prenom_utilise,
    }


def checked_entry(value: datetime.date) -> datetime.date:
    """Return the date of entry. Raises ValidationError when it is more than a year ahead."""
    if value > today() + datetime.timedelta(days=366):
        raise ValidationError("Cette date est dans plus d’un an : vérifiez l’année.", code="future")
    return value
