"""From a line to a person, or to the reasons why not."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from amarre.dui.usagers.importing import dates, values
from amarre.dui.usagers.importing.columns import Choice
from amarre.dui.usagers.importing.fields import Field, NomMeaning
from amarre.dui.usagers.importing.limits import MAX_CELL
from amarre.dui.usagers.importing.sheet import UNSEEN, CellValue, Line
from amarre.interop.ins.errors import TraitsRefused
from amarre.interop.ins.traits import BirthDate, Sexe, Trait, Traits, UsedName, traits_typed

_NAMES = frozenset(
    {Field.NOM_NAISSANCE, Field.NOM_UTILISE, Field.NOM, Field.PRENOM, Field.PRENOMS, Field.AUTRES_PRENOMS,
     Field.PRENOM_UTILISE}
)  # fmt: skip
_TRAIT_FIELDS: dict[Trait | UsedName, tuple[Field, ...]] = {
    Trait.PREMIER_PRENOM: (Field.PRENOM, Field.PRENOMS),
    Trait.PRENOMS: (Field.PRENOMS, Field.PRENOM),
    Trait.SEXE: (Field.SEXE, Field.CIVILITE),
    Trait.DATE_NAISSANCE: (Field.DATE_NAISSANCE,),
    Trait.LIEU_NAISSANCE: (Field.LIEU_CODE, Field.LIEU_NOM),
    UsedName.NOM_UTILISE: (Field.NOM_UTILISE,),
    UsedName.PRENOM_UTILISE: (Field.PRENOM_UTILISE,),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: line, heading of the column, reason, what to do. Quotes no trait."""

    line: int
    column: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A row that may be stored: traits written by the rules, dates, numbers, and what must be looked at."""

    line: int
    traits: Traits
    place_label: str
    local_number: str
    dossier_number: str
    entered_on: datetime.date
    left_on: datetime.date | None
    # As typed, when the birth date was completed by the national rule.
    typed_birth_date: str
    flags: tuple[str, ...]


@dataclass(slots=True, repr=False)
class _Reading:
    """One line being read: problems and flags gathered on the way."""

    line: Line
    choice: Choice
    today: datetime.date
    problems: list[Problem] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    # Where the birth name of this line was found: « Nom » may hold it for some lines only.
    birth_name_field: Field = Field.NOM_NAISSANCE

    def refuse(self, reason: str, advice: str, *fields: Field) -> None:
        sentence = reason[:1].upper() + reason[1:]
        self.problems.append(Problem(self.line.number, self.choice.heading(*fields), sentence, advice))

    def cell(self, wanted: Field) -> CellValue:
        column = self.choice.column(wanted)
        return self.line.at(column.index) if column else ""

    def text(self, wanted: Field) -> str:
        column = self.choice.column(wanted)
        if column is None:
            return ""
        text = self.line.text(column.index)
        if len(text) > MAX_CELL:
            self.refuse("le contenu est beaucoup trop long.", "Corrigez cette case.", wanted)
            return ""
        if wanted in _NAMES:
            self._tell_unseen(str(self.line.at(column.index)), wanted)
        try:
            found = values.filled(text, name=wanted in _NAMES)
            return values.name(found) if found and wanted in _NAMES else found
        except values.ValueRefused as error:
            self.refuse(error.reason, error.advice, wanted)
            return ""

    def _tell_unseen(self, raw: str, wanted: Field) -> None:
        """Say which invisible characters the reading took out of a name."""
        gone = sorted({f"U+{ord(char):04X}" for char in raw.strip() if char in UNSEEN})
        flag = f"« {self.choice.heading(wanted)} » : caractère invisible retiré ({', '.join(gone)})"
        if gone and flag not in self.flags:
            self.flags.append(flag)

    def refused(self, *fields: Field) -> bool:
        """Whether a problem is already told about one of these columns."""
        headings = {self.choice.heading(item) for item in fields}
        return any(problem.column in headings for problem in self.problems)


def read_row(
    line: Line, choice: Choice, today: datetime.date, default_entry: datetime.date
) -> Person | tuple[Problem, ...]:
    """Return the person of a line, or every reason to refuse it."""
    reading = _Reading(line, choice, today)
    birth_name, used_name = _family_names(reading)
    first, whole, used_first = _given_names(reading)
    sexe = _sex(reading)
    birth, typed = _birth_date(reading)
    place = _place(reading)
    local_number, dossier_number = (
        _number(reading, Field.NUMERO_LOCAL),
        _number(reading, Field.NUMERO_DOSSIER),
    )
    entered, left = _stay(reading, birth, default_entry)
    if sexe is None or birth is None or place is None or reading.problems:
        _lexical(reading, birth_name, first, whole, used_name, used_first)
        return tuple(reading.problems)
    traits = _traits(
        reading, birth_name, first, whole, sexe, birth, place.code, (used_name, used_first)
    )  # fmt: skip
    if traits is None or reading.problems:
        return tuple(reading.problems)
    return Person(
        line=line.number,
        traits=traits,
        place_label=place.label,
        local_number=local_number,
        dossier_number=dossier_number,
        entered_on=entered,
        left_on=left,
        typed_birth_date=typed if birth.interpreted else "",
        flags=(*reading.flags, *place.flags),
    )


def _family_names(reading: _Reading) -> tuple[str, str]:
    birth, used = reading.text(Field.NOM_NAISSANCE), reading.text(Field.NOM_UTILISE)
    if reading.choice.nom is NomMeaning.MIXTE and (other := reading.text(Field.NOM)):
        if birth:
            used = used or other
        else:
            birth, reading.birth_name_field = other, Field.NOM
    if not birth and not reading.refused(Field.NOM_NAISSANCE):
        reading.refuse(
            "le nom de naissance manque : il ne se déduit pas du nom utilisé.",
            "Complétez le nom de naissance d'après la pièce d'identité.",
            Field.NOM_NAISSANCE,
        )
    return birth, used


def _given_names(reading: _Reading) -> tuple[str, str, str]:
    """Return the first given name, the list, the used one. A column of one given name is taken whole."""
    first, whole = reading.text(Field.PRENOM), _spaced(reading.text(Field.PRENOMS))
    others = _spaced(reading.text(Field.AUTRES_PRENOMS))
    if re.search("[,;/]", first):
        parts = _spaced(first)
        first, whole = re.split("[,;/]", first)[0].strip(), whole or parts
    typed = reading.text(Field.PRENOMS)
    if not first and typed:
        separated = [part.strip() for part in re.split("[,;/]", typed) if part.strip()]
        first = separated[0] if len(separated) > 1 else whole.split(" ")[0]
        if len(separated) == 1 and " " in whole:
            reading.flags.append("premier prénom pris au premier mot de la liste : est-il composé ?")
    if first and others and not whole:
        whole = f"{first} {others}"
    if not first and not reading.refused(Field.PRENOM, Field.PRENOMS):
        reading.refuse("le prénom manque.", "Complétez le premier prénom.", Field.PRENOM, Field.PRENOMS)
    return first, whole, reading.text(Field.PRENOM_UTILISE)


def _spaced(names: str) -> str:
    return " ".join(re.sub("[,;/]", " ", names).split())


def _sex(reading: _Reading) -> Sexe | None:
    found: list[Sexe] = []
    for item in (Field.SEXE, Field.CIVILITE):
        try:
            value = values.sex(reading.text(item))
        except values.ValueRefused as error:
            # A civility such as « Dr » says no sex: only refused when nothing else does.
            if item is Field.SEXE or not found:
                reading.refuse(error.reason, error.advice, item)
            continue
        if value is not None:
            found.append(value)
    if not found and not reading.refused(Field.SEXE, Field.CIVILITE):
        reading.refuse("le sexe manque.", "Écrivez F ou M.", Field.SEXE, Field.CIVILITE)
    if len(set(found)) > 1:
        reading.refuse("le sexe et la civilité se contredisent.", "Corrigez l'un des deux.", Field.SEXE)
    return found[0] if found else None


def _birth_date(reading: _Reading) -> tuple[BirthDate | None, str]:
    typed = reading.text(Field.DATE_NAISSANCE)
    if not typed:
        if not reading.refused(Field.DATE_NAISSANCE):
            reading.refuse(
                "la date de naissance manque.", "Complétez-la ; si elle est incomplète, écrivez 00/00/1938.",
                Field.DATE_NAISSANCE,
            )  # fmt: skip
        return None, ""
    try:
        date, flags = dates.birth_date(_date_cell(reading, Field.DATE_NAISSANCE, typed), reading.today)
    except dates.DateRefused as error:
        reading.refuse(f"date de naissance : {error}", "Écrivez-la JJ/MM/AAAA.", Field.DATE_NAISSANCE)
        return None, ""
    reading.flags.extend(flags)
    return date, typed


def _date_cell(reading: _Reading, item: Field, text: str) -> CellValue:
    value = reading.cell(item)
    return value if isinstance(value, datetime.date | int | float) else text


def _place(reading: _Reading) -> values.Place | None:
    texts = (reading.text(item) for item in (Field.LIEU_CODE, Field.LIEU_NOM, Field.LIEU_CP, Field.LIEU_PAYS))
    try:
        return values.place(*texts)
    except values.ValueRefused as error:
        reading.refuse(error.reason, error.advice, Field.LIEU_CODE, Field.LIEU_NOM)
        return None


def _number(reading: _Reading, item: Field) -> str:
    try:
        return values.number(reading.text(item))
    except values.ValueRefused as error:
        reading.refuse(error.reason, error.advice, item)
        return ""


def _stay(
    reading: _Reading, birth: BirthDate | None, default_entry: datetime.date
) -> tuple[datetime.date, datetime.date | None]:
    entered = _day(reading, Field.DATE_ENTREE)
    left = _day(reading, Field.DATE_SORTIE)
    if entered is None:
        if not reading.refused(Field.DATE_ENTREE):
            reading.flags.append(f"date d'entrée absente : {default_entry:%d/%m/%Y} retenu, à corriger")
        entered = default_entry
        if left is not None and left < entered:
            entered = left
    born = birth.calendar if birth else None
    if born is not None and not (birth and birth.interpreted) and entered < born:
        reading.refuse(
            "l'entrée est avant la naissance.", "Corrigez l'une des deux dates.", Field.DATE_ENTREE
        )
    if left is not None and left < entered:
        reading.refuse("la sortie est avant l'entrée.", "Corrigez l'une des deux dates.", Field.DATE_SORTIE)
    return entered, left


def _day(reading: _Reading, item: Field) -> datetime.date | None:
    text = reading.text(item)
    if not text:
        return None
    try:
        day, flags = dates.plain_date(_date_cell(reading, item, text), reading.today)
    except dates.DateRefused as error:
        reading.refuse(f"{item.label.lower()} : {error}", "Écrivez-la JJ/MM/AAAA, ou videz la case.", item)
        return None
    reading.flags.extend(flags)
    return day


def _traits(
    reading: _Reading,
    birth_name: str,
    first: str,
    whole: str,
    sexe: Sexe,
    birth: BirthDate,
    place: str,
    used: tuple[str, str],
) -> Traits | None:
    """Write the traits by the rules of the kit; each rule broken is told beside its column."""
    try:
        return traits_typed(
            nom_naissance=birth_name, prenoms=whole, premier_prenom=first, sexe=sexe, date_naissance=birth,
            lieu_naissance=place, nom_utilise=used[0], prenom_utilise=used[1],
        )  # fmt: skip
    except TraitsRefused as error:
        for problem in error.problems:
            advice = "Corrigez d'après la pièce d'identité : lettres, espace, tiret, apostrophe."
            fields = _TRAIT_FIELDS.get(problem.trait, (reading.birth_name_field,))
            if not reading.refused(*fields):
                reading.refuse(problem.sentence, advice, *fields)
        return None


def _lexical(reading: _Reading, birth_name: str, first: str, whole: str, used: str, used_first: str) -> None:
    """Tell what the names break too, when the row is refused already: all reasons come back at once."""
    if birth_name and first:
        any_day = BirthDate("1900-01-01")
        _traits(reading, birth_name, first, whole, Sexe.INDETERMINE, any_day, "", (used, used_first))
