"""Traps of persons: Corsica, NIA, sosies, twins, the same person twice, numbers given again."""

from __future__ import annotations

from dataclasses import replace

from amarre.interop.ins.matricule import compute_key
from tests.dui.usagers.traps.corpus import NIA_OID, NOT_FOUND, SEVERAL, Maker, Row, refused, trap
from tests.dui.usagers.traps.people import COMPOUND, MEN, WOMEN


@trap("né en Corse")
def corsica(maker: Maker, name: str) -> list[Row]:
    one = maker.known(lieu=maker.draw.choice(("2A004", "2B033", "2A041", "2B096")))
    return [maker.row(name, one, sought=one.matricule + compute_key(one.matricule))]


@trap("né en Corse avant 1976, matricule en 20")
def corsica_before(maker: Maker, name: str) -> list[Row]:
    one = maker.known(lieu="2A004")
    one = maker.changed(one, naissance=f"{maker.draw.randrange(1925, 1975)}-05-11")
    return [
        maker.row(name, maker.changed(one, matricule=maker.people.numbered(one, place="20004").matricule))
    ]


@trap("numéro d'attente (NIA)")
def nia(maker: Maker, name: str) -> list[Row]:
    return [maker.row(name, maker.changed(maker.known(lieu="99350"), oid=NIA_OID))]


@trap("ancien matricule")
def former(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    old = maker.people.numbered(one)
    number = old.matricule + compute_key(old.matricule)
    return [maker.row(name, maker.changed(one, anciens=(number,)), sought=number)]  # type: ignore[arg-type]


@trap("sosies : tout pareil, un autre lieu")
def sosies(maker: Maker, name: str) -> list[Row]:
    one = maker.known(lieu="29019")
    other = maker.people.numbered(replace(one, lieu="56121"))
    maker.register.append(other)
    first = maker.row(name, one)
    return [first, maker.row(name, other, twin=first.number)]


@trap("sosies : le lieu n'est pas connu")
def sosies_nowhere(maker: Maker, name: str) -> list[Row]:
    one = maker.known(lieu="29019")
    maker.register.append(maker.people.numbered(replace(one, lieu="56121")))
    return [maker.row(name, one, lieu="99999", fate="ouvert, à regarder", insi=SEVERAL, gap=SEVERAL)]


@trap("jumeaux aux prénoms différents")
def twins(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    pool = [given for given in (WOMEN if one.sexe == "F" else MEN) if given not in one.prenoms.split()]
    one = maker.changed(one, prenoms=one.first)
    first, second = one, maker.people.numbered(replace(one, prenoms=maker.draw.choice(pool)))
    maker.register.append(second)
    row = maker.row(name, first)
    return [row, maker.row(name, second, apart=row.number)]


@trap("jumeaux aux prénoms composés proches")
def twins_compound(maker: Maker, name: str) -> list[Row]:
    one = maker.known(sexe="M")
    first, second = maker.draw.sample([given for given in COMPOUND["M"] if given.startswith("JEAN")], 2)
    one = maker.changed(one, prenoms=first)
    other = maker.people.numbered(replace(one, prenoms=second))
    maker.register.append(other)
    row = maker.row(name, one)
    return [row, maker.row(name, other, apart=row.number)]


@trap("la même personne deux fois, même écriture")
def twice(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    right = maker.row(name, one)
    again = maker.row(name, one, fate="déjà à la ligne", insi="", gap="", sought="")
    return [right, again]


@trap("un numéro donné à deux personnes")
def number_twice(maker: Maker, name: str) -> list[Row]:
    right = maker.row(name, maker.known())
    other = maker.row(
        name, maker.known(), number=right.number, fate="déjà celui d'une autre personne", insi="", gap="",
        sought="",
    )  # fmt: skip
    return [right, other]


@trap("homonymes d'une autre année")
def homonyms(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    year = int(one.naissance[:4])
    other_year = year - 27 if year > 1960 else year + 27
    other = maker.people.numbered(replace(one, naissance=f"{other_year}{one.naissance[4:-2]}15"))
    maker.register.append(other)
    row = maker.row(name, one)
    return [row, maker.row(name, other, apart=row.number)]


@trap("deux fautes : une lettre et la date")
def two_mistakes(maker: Maker, name: str) -> list[Row]:
    """A letter of the name and a digit of the day: a duplicate that equal keys miss easily."""
    one = maker.known()
    at = maker.draw.randrange(2, len(one.nom) - 1)
    nom = one.nom[:at] + maker.draw.choice([c for c in "AEILNORST" if c != one.nom[at]]) + one.nom[at + 1 :]
    day = f"{int(one.naissance[8:]) % 28 + 1:02d}"
    right = maker.row(name, one)
    wrong = maker.row(
        name, one, nom=nom, date=f"{day}{one.day[2:]}", insi=NOT_FOUND, gap=NOT_FOUND, twin=right.number,
        sought=f"{one.nom} {one.first} {one.naissance[:4]}",
    )  # fmt: skip
    return [right, wrong]


@trap("inconnu de l'état civil")
def unknown(maker: Maker, name: str) -> list[Row]:
    return [maker.row(name, maker.people.person(), insi=NOT_FOUND, gap=NOT_FOUND)]


@trap("ligne sans prénom")
def empty(maker: Maker, name: str) -> list[Row]:
    return refused(maker, name, "le prénom manque", prenom="", prenoms="")
