"""Forms of the import: the file, then what each column gives."""

from __future__ import annotations

from typing import Any

from django import forms

from amarre.dui.usagers.importing.columns import Choice, Column, Table, assign, settle
from amarre.dui.usagers.importing.errors import (
    ColumnsMissing,
    ColumnTwice,
    ImportListError,
    NomQuestion,
)
from amarre.dui.usagers.importing.fields import (
    ASIDE_LABELS,
    IGNORE,
    NOM_MEANING_LABELS,
    Aside,
    Field,
    NomMeaning,
)
from amarre.dui.usagers.importing.limits import MAX_BYTES
from amarre.dui.web.forms import FrenchDateField
from amarre.dui.web.typography import NNBSP, french

_CHOICES = [(IGNORE, "Ne pas reprendre"), *((field.value, french(field.label)) for field in Field)]
# What to do on the page; the errors' own advice is also for the command line.
_ADVICE: dict[type[ImportListError], str] = {
    ColumnsMissing: "Dites ci-dessous quelle colonne les contient, ou ajoutez-les à la liste.",
    ColumnTwice: "Gardez celle qui fait foi, et mettez l'autre à « Ne pas reprendre ».",
    NomQuestion: "Cette réponse demande aussi une colonne pour le nom de naissance.",
}


class ListFileForm(forms.Form):
    """The list, as it is."""

    file = forms.FileField(
        label="Fichier",
        help_text=f"CSV, Excel (.xlsx) ou LibreOffice (.ods), {MAX_BYTES // (1024 * 1024)} Mo au plus. "
        "Une ligne par personne.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.ods"}),
        allow_empty_file=True,
        error_messages={"required": "Choisissez le fichier de la liste."},
    )


class ColumnsForm(forms.Form):
    """One choice per column, the question of « Nom », and the date of entry of the rows without one.

    Valid, it gives `choice`; `values` is what the session keeps: places of columns and names of fields.
    """

    def __init__(self, table: Table, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.table = table
        self.choice: Choice | None = None
        if self._asks_for_nom():
            self.fields["nom"] = forms.ChoiceField(
                label=french("Que contient la colonne « Nom » ?"),
                choices=[(key.value, french(label)) for key, label in NOM_MEANING_LABELS.items()],
                widget=forms.RadioSelect,
                help_text="Une identité repose sur le nom de naissance : Amarre ne le devine pas.",
                error_messages={"required": "Dites si c'est le nom de naissance ou le nom utilisé."},
            )
        for column in table.columns:
            self.fields[name_of(column)] = _column_field(column, table)
        self.fields["entered_on"] = FrenchDateField(
            label="Date d’entrée des personnes sans date",
            required=False,
            help_text="Sans réponse : la date d'aujourd'hui, à corriger ensuite.",
        )

    def _asks_for_nom(self) -> bool:
        if self.is_bound:
            return any(self.data.get(name_of(column)) == Field.NOM.value for column in self.table.columns)
        return any(column.field is Field.NOM for column in self.table.columns)

    def clean(self) -> dict[str, Any]:
        """Settle the columns; what prevents it is said at the top of the form."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        columns = tuple(assign(column, cleaned[name_of(column)]) for column in self.table.columns)
        nom = NomMeaning(cleaned["nom"]) if cleaned.get("nom") else None
        try:
            self.choice = settle(columns, nom)
        except ImportListError as error:
            self.add_error(None, f"{error.explanation().what} {_ADVICE[type(error)]}")
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the answers as plain values, to bind the form again at the next step."""
        return {key: self.data.get(key, "") for key in self.fields}


def name_of(column: Column) -> str:
    """Return the name of the form field of a column."""
    return f"c{column.index}"


def _column_field(column: Column, table: Table) -> forms.ChoiceField:
    samples = table.samples(column)
    said = f"Par exemple : {' ; '.join(samples)}." if samples else ""
    if column.aside in (Aside.NIR, Aside.COMBINED, Aside.REPEATED):
        said = f"Non reprise : {ASIDE_LABELS[column.aside]}."
    choices = [(IGNORE, "Ne pas reprendre")] if column.aside is Aside.NIR else _CHOICES
    return forms.ChoiceField(
        label=f"Colonne «{NNBSP}{column.heading}{NNBSP}»",
        choices=choices,
        initial=column.field.value if column.field else IGNORE,
        help_text=said,
    )
