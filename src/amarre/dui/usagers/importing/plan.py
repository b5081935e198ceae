"""What an import would do, row by row: create, attach, already known, refuse. Nothing is written here.

The same row as before is known by its number (local number of the person, or number of the dossier in the
establishment) when the list has one, else by the five traits in the organisme. A place that one side does not
know does not make another person; a correction made since (INSi, document seen) does not either.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from amarre.dui.usagers.importing.columns import Choice, Table
from amarre.dui.usagers.importing.dates import MONTH_FIRST
from amarre.dui.usagers.importing.fields import Field
from amarre.dui.usagers.importing.known import KnownIdentity, KnownPeople, four_traits, places_agree
from amarre.dui.usagers.importing.rows import Person, Problem, read_row
from amarre.dui.usagers.importing.sheet import Line
from amarre.interop.ins.traits import TRAIT_LABELS, Trait, Traits


class Fate(StrEnum):
    """What happens to a row that is not refused."""

    CREATE = "create"
    ATTACH = "attach"
    KNOWN = "known"


@dataclass(frozen=True, slots=True, repr=False)
class PlannedRow:
    """One row taken. `known`: the identity it is; `gaps`: names of the traits that differ from it."""

    person: Person
    fate: Fate
    known: KnownIdentity | None = None
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class RefusedRow:
    """One row refused, with its cells to be given back."""

    line: Line
    problems: tuple[Problem, ...]


@dataclass(slots=True, repr=False)
class ImportPlan:
    """The fate of every row of a list."""

    choice: Choice
    rows: list[PlannedRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)

    def of(self, *fates: Fate) -> list[PlannedRow]:
        """Return the rows that have one of these fates."""
        return [row for row in self.rows if row.fate in fates]

    @property
    def to_open(self) -> list[PlannedRow]:
        """Rows that open a dossier."""
        return self.of(Fate.CREATE, Fate.ATTACH)

    @property
    def known(self) -> list[PlannedRow]:
        """Rows whose person has a dossier in the establishment already."""
        return self.of(Fate.KNOWN)

    @property
    def flagged(self) -> list[PlannedRow]:
        """Rows that open a dossier with something to look at."""
        return [row for row in self.to_open if row.person.flags]

    @property
    def month_first(self) -> bool:
        """Whether some dates are written month first: the others may be too."""
        return any(MONTH_FIRST in p.reason for row in self.refused for p in row.problems)


@dataclass(slots=True, repr=False)
class _Seen:
    """What the lines above gave."""

    local_numbers: dict[str, Person] = field(default_factory=dict)
    dossier_numbers: dict[str, Person] = field(default_factory=dict)
    traits: dict[tuple[str, ...], list[Person]] = field(default_factory=dict)
    identities: dict[int, Person] = field(default_factory=dict)

    def add(self, person: Person, known: KnownIdentity | None) -> None:
        if person.local_number:
            self.local_numbers[person.local_number] = person
        if person.dossier_number:
            self.dossier_numbers[person.dossier_number] = person
        self.traits.setdefault(four_traits(person.traits), []).append(person)
        if known is not None:
            self.identities[known.pk] = person


def plan_import(
    table: Table, choice: Choice, people: KnownPeople, today: datetime.date, default_entry: datetime.date
) -> ImportPlan:
    """Return the fate of every row. Pure: `people` is what the database said."""
    plan, seen = ImportPlan(choice), _Seen()
    for line in table.lines:
        read = read_row(line, choice, today, default_entry)
        if not isinstance(read, Person):
            plan.refused.append(RefusedRow(line, read))
            continue
        found = _duplicate(read, seen, choice) or _fate(read, people, choice)
        if isinstance(found, PlannedRow) and found.known is not None and found.known.pk in seen.identities:
            found = _twice(read, seen.identities[found.known.pk], choice)
        if isinstance(found, Problem):
            plan.refused.append(RefusedRow(line, (found,)))
            continue
        plan.rows.append(found)
        seen.add(read, found.known)
    return plan


def _problem(person: Person, choice: Choice, reason: str, advice: str, *fields: Field) -> Problem:
    return Problem(person.line, choice.heading(*fields), reason, advice)


def _duplicate(person: Person, seen: _Seen, choice: Choice) -> Problem | None:
    """Refuse a row that says again what a line above said."""
    for numbers, number, item in (
        (seen.local_numbers, person.local_number, Field.NUMERO_LOCAL),
        (seen.dossier_numbers, person.dossier_number, Field.NUMERO_DOSSIER),
    ):
        above = numbers.get(number) if number else None
        if above is not None and _other_person(above.traits, person.traits):
            reason = f"Ce numéro est déjà celui d'une autre personne, ligne {above.line}."
            return _problem(person, choice, reason, "Donnez à chaque personne son numéro.", item)
        if above is not None:
            return _twice(person, above, choice)
    for above in seen.traits.get(four_traits(person.traits), ()):
        if places_agree(above.traits.lieu_naissance, person.traits.lieu_naissance):
            return _twice(person, above, choice)
    return None


def _twice(person: Person, above: Person, choice: Choice) -> Problem:
    return _problem(
        person,
        choice,
        f"Cette personne est déjà à la ligne {above.line} du fichier.",
        "Gardez une seule ligne. Si ce sont deux personnes, ouvrez le second dossier à l'écran.",
        Field.NOM_NAISSANCE,
        Field.NOM,
    )


def _fate(person: Person, people: KnownPeople, choice: Choice) -> PlannedRow | Problem:
    for known_by, number, item in (
        (people.by_local_number, person.local_number, Field.NUMERO_LOCAL),
        (people.by_dossier_number, person.dossier_number, Field.NUMERO_DOSSIER),
    ):
        known = known_by.get(number) if number else None
        if known is None:
            continue
        if _is_another(known, person.traits):
            return _problem(
                person,
                choice,
                "Ce numéro est déjà celui d'une autre personne dans Amarre.",
                "Vérifiez le numéro. S'il est juste, montrez les deux lignes au référent identitovigilance.",
                item,
            )
        return _known_row(person, known)
    known = people.same_five(person.traits)
    if known is not None:
        return _known_row(person, known)
    alike = people.alike(person.traits)
    here = [one for one in alike if one.dossier_id is not None]
    if len(here) == 1:
        return _known_row(person, here[0])
    if alike:
        return _problem(
            person,
            choice,
            "Une personne de l'organisme a les mêmes nom, prénom, sexe et date de naissance.",
            "Vérifiez si c'est elle : complétez le lieu de naissance, ou ouvrez le dossier à l'écran.",
            Field.NOM_NAISSANCE,
            Field.NOM,
        )
    return PlannedRow(person, Fate.CREATE)


def _known_row(person: Person, known: KnownIdentity) -> PlannedRow:
    fate = Fate.KNOWN if known.dossier_id is not None else Fate.ATTACH
    return PlannedRow(person, fate, known, _gaps(known, person.traits))


_COMPARED: Mapping[Trait, str] = {
    Trait.NOM_NAISSANCE: "nom_naissance",
    Trait.PREMIER_PRENOM: "premier_prenom",
    Trait.SEXE: "sexe",
    Trait.DATE_NAISSANCE: "date_naissance",
    Trait.LIEU_NAISSANCE: "lieu_naissance",
}


def _gaps(known: KnownIdentity, traits: Traits) -> tuple[str, ...]:
    return tuple(
        TRAIT_LABELS[trait] for trait, name in _COMPARED.items() if getattr(known, name) != traits.of(trait)
    )


def _is_another(known: KnownIdentity, traits: Traits) -> bool:
    """Two of name, given name and date differ: a number given again, not a correction."""
    ours = (known.nom_naissance, known.premier_prenom, known.date_naissance)
    theirs = (traits.nom_naissance, traits.premier_prenom, traits.date_naissance.text)
    return sum(a != b for a, b in zip(ours, theirs, strict=True)) >= 2


def _other_person(one: Traits, other: Traits) -> bool:
    compared = (Trait.NOM_NAISSANCE, Trait.PREMIER_PRENOM, Trait.DATE_NAISSANCE)
    return sum(one.of(trait) != other.of(trait) for trait in compared) >= 2
