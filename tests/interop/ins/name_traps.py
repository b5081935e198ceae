"""A corpus of name traps, generated from a seed: pairs of the same person badly typed, and of near
strangers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from amarre.interop.ins import BirthDate, Sexe, Traits

NAMES = (
    "MARTIN BERNARD DUBOIS THOMAS ROBERT RICHARD PETIT DURAND LEROY MOREAU SIMON LAURENT LEFEBVRE MICHEL"
    " GARCIA DAVID BERTRAND ROUX VINCENT FOURNIER MOREL GIRARD ANDRE LEFEVRE MERCIER DUPONT LAMBERT BONNET"
    " FRANCOIS MARTINEZ GARNIER FAURE ROUSSEAU BLANC GUERIN MULLER HENRY ROUSSEL NICOLAS PERRIN MORIN MATHIEU"
    " CLEMENT GAUTHIER DUMONT LOPEZ FONTAINE CHEVALIER ROBIN MASSON SANCHEZ GERARD NGUYEN BOYER DENIS LEMAIRE"
    " DUVAL JOLY GAUTIER ROGER ROCHE ROY NOEL MEYER LUCAS MEUNIER JEAN PEREZ MARCHAND DUFOUR BLANCHARD MARIE"
    " BARBIER BRUN DUMAS BRUNET SCHMITT LEROUX COLAS FERNANDEZ PHILIPPE KERVELLA ABGRALL QUERE RIOU CARADEC"
).split()
PARTICLED = ("DE LA TOUR", "LE GOFF", "D'ARTAGNAN", "DU PLESSIS", "LE BIHAN", "DES ROCHES", "VAN DEN BERG")
WOMEN = "MARIE NATHALIE ISABELLE SYLVIE CATHERINE FRANCOISE JACQUELINE MONIQUE ODETTE YVONNE GERMAINE".split()
MEN = "JEAN PIERRE MICHEL ANDRE PHILIPPE RENE LOUIS ALAIN JACQUES BERNARD MARCEL DANIEL ROGER ROBERT".split()
COMPOUND = ("MARIE-CLAUDE", "JEAN-PIERRE", "ANNE-SOPHIE", "MARIE-THERESE", "JEAN-CHRISTOPHE")
SOUNDS = (
    ("PH", "F"),
    ("EAU", "AUX"),
    ("AU", "O"),
    ("Y", "I"),
    ("CK", "K"),
    ("TH", "T"),
    ("BVR", "VR"),
    ("LL", "L"),
    ("QU", "K"),
    ("NT", "N"),
    ("ND", "NT"),
)


def person(rng: random.Random) -> Traits:
    """Return somebody."""
    sexe = rng.choice((Sexe.F, Sexe.M))
    pool = WOMEN if sexe is Sexe.F else MEN
    first = rng.choice(COMPOUND) if rng.random() < 0.15 else rng.choice(pool)
    name = rng.choice(PARTICLED) if rng.random() < 0.1 else rng.choice(NAMES)
    if rng.random() < 0.08:
        name = f"{name}-{rng.choice(NAMES)}"
    date = f"{rng.randint(1920, 2015)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    used = rng.choice(NAMES) if sexe is Sexe.F and rng.random() < 0.5 else ""
    place = f"{rng.randint(1, 95):02d}{rng.randint(1, 400):03d}"
    prenoms = " ".join([first, *rng.sample(pool, rng.randint(0, 2))])
    return Traits(name, prenoms, sexe, BirthDate(date), place, first, used)


def _edit(rng: random.Random, text: str) -> str:
    """Return a text with one typing error: letters swapped, dropped, doubled or replaced."""
    if len(text) < 3:
        return text + rng.choice("AEIORSTLN")
    i = rng.randrange(1, len(text) - 1)
    kind = rng.randrange(4)
    if kind == 0 and i + 1 < len(text):
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    if kind == 1:
        return text[:i] + text[i + 1 :]
    if kind == 2:
        return text[:i] + text[i] + text[i:]
    return text[:i] + rng.choice("AEIORSTLN") + text[i + 1 :]


def _sound(rng: random.Random, traits: Traits) -> Traits:
    for old, new in rng.sample(SOUNDS, len(SOUNDS)):
        if old in traits.nom_naissance:
            return replace(traits, nom_naissance=traits.nom_naissance.replace(old, new, 1))
    return replace(traits, nom_naissance=_edit(rng, traits.nom_naissance))


def _used(rng: random.Random, traits: Traits) -> Traits:
    """The used name typed as the birth name; the record itself knows the used name."""
    return replace(traits, nom_naissance=traits.nom_utilise, nom_utilise="") if traits.nom_utilise else traits


def _date(rng: random.Random, traits: Traits) -> Traits:
    year, month, day = traits.date_naissance.text.split("-")
    choices = [f"{year}-{month}-{int(day) % 28 + 1:02d}", f"{year}-12-31"]
    if int(day) <= 12:
        choices.append(f"{year}-{day}-{month}")
    return replace(traits, date_naissance=BirthDate(rng.choice(choices)))


def _first(rng: random.Random, traits: Traits) -> Traits:
    first = traits.premier_prenom or traits.prenoms.split(" ")[0]
    half = first.split("-")[0] if "-" in first else _edit(rng, first)
    return replace(traits, prenoms=half, premier_prenom=half)


def _double(rng: random.Random, traits: Traits) -> Traits:
    return replace(traits, nom_naissance=f"{traits.nom_naissance}-{rng.choice(NAMES)}")


def _hyphen(rng: random.Random, traits: Traits) -> Traits:
    name = traits.nom_naissance.replace("-", " ").replace("'", " ")
    return replace(traits, nom_naissance=name, prenoms=traits.prenoms.replace("-", " "))


def _crossed(rng: random.Random, traits: Traits) -> Traits:
    first = traits.premier_prenom or traits.prenoms.split(" ")[0]
    return replace(traits, nom_naissance=first, prenoms=traits.nom_naissance, premier_prenom="")


def _particle(rng: random.Random, traits: Traits) -> Traits:
    return replace(traits, nom_naissance=f"DE {traits.nom_naissance}")


TRAPS: dict[str, Callable[[random.Random, Traits], Traits]] = {
    "lettre": lambda rng, t: replace(t, nom_naissance=_edit(rng, t.nom_naissance)),
    "son": _sound,
    "nom d'usage": _used,
    "date": _date,
    "prénom": _first,
    "double nom": _double,
    "tiret": _hyphen,
    "échange": _crossed,
    "particule": _particle,
}


def same_pairs(count: int, seed: int) -> list[tuple[str, Traits, Traits]]:
    """Return pairs of one person, the second badly typed: (trap, record, typed)."""
    rng = random.Random(seed)
    names = list(TRAPS)
    found = []
    for i in range(count):
        one = person(rng)
        trap = names[i % len(names)]
        found.append((trap, one, TRAPS[trap](rng, one)))
    return found


def _twin_pair(rng: random.Random, one: Traits, *, compound: bool) -> tuple[Traits, Traits]:
    """Return twins: JEAN-PIERRE and JEAN-YVES, or LEA MARIE and ZOE MARIE."""
    pool = WOMEN if one.sexe is Sexe.F else MEN
    stem, first, second = rng.sample(pool, 3)
    names = (f"{stem}-{first}", f"{stem}-{second}") if compound else (f"{first} {stem}", f"{second} {stem}")
    left, right = (replace(one, prenoms=name, premier_prenom=name.split(" ")[0]) for name in names)
    return left, right


def near_strangers(count: int, seed: int) -> list[tuple[Traits, Traits]]:
    """Return pairs of different people who share much: twins (compound first names, next names in common),
    homonyms of another year, families, chance."""
    rng = random.Random(seed)
    found = []
    for i in range(count):
        one, other = person(rng), person(rng)
        kind = i % 6
        if kind == 0:
            pool = WOMEN if one.sexe is Sexe.F else MEN
            name = rng.choice([item for item in pool if item not in one.prenoms.split()])
            other = replace(one, prenoms=name, premier_prenom=name)
        elif kind == 1:
            year = int(one.date_naissance.text[:4])
            date = f"{year + rng.choice((-25, -12, 7, 30))}{other.date_naissance.text[4:]}"
            other = replace(one, date_naissance=BirthDate(date), lieu_naissance=other.lieu_naissance)
        elif kind == 2:
            other = replace(other, nom_naissance=one.nom_naissance, lieu_naissance=one.lieu_naissance)
        elif kind == 3:
            other = replace(other, date_naissance=one.date_naissance)
        else:
            one, other = _twin_pair(rng, one, compound=kind == 4)
        found.append((one, other))
    return found
