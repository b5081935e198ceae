"""Traps of names: particles, double names, used names, fields exchanged, abbreviations, what is no name."""

from __future__ import annotations

from tests.dui.usagers.traps.corpus import (
    BLOCKING,
    FLAGGED,
    NOT_FOUND,
    TOLERATED,
    Maker,
    Row,
    refused,
    trap,
)


@trap("particule")
def particles(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    particle = maker.draw.choice(("DE ", "DE LA ", "DU ", "LE ", "D'", "VAN DEN ", "DES "))
    one = maker.changed(one, nom=particle + one.nom)
    typed = maker.draw.choice((one.nom.lower(), one.nom.title(), one.nom))
    return [maker.row(name, one, nom=typed, sought=f"{one.nom} {one.day}")]


@trap("particule oubliée")
def particle_left_out(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    bare = one.nom
    one = maker.changed(one, nom=f"LE {one.nom}")
    right = maker.row(name, one)
    wrong = maker.row(name, one, nom=bare, insi=NOT_FOUND, gap=NOT_FOUND, twin=right.number)
    return [right, wrong]


@trap("nom double avec tiret ou espace")
def double(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, nom=f"{one.nom} {maker.people.name()}")
    right = maker.row(name, one)
    wrong = maker.row(
        name, one, nom=one.nom.replace(" ", "-"), insi=NOT_FOUND, gap=NOT_FOUND, twin=right.number
    )
    return [right, wrong]


@trap("moitié d'un nom double")
def half(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    whole, part = f"{one.nom}-{maker.people.name()}", one.nom
    one = maker.changed(one, nom=whole)
    right = maker.row(name, one)
    wrong = maker.row(name, one, nom=part, insi=NOT_FOUND, gap=NOT_FOUND, twin=right.number)
    return [right, wrong]


@trap("nom d'usage tapé comme nom de naissance")
def used_as_birth(maker: Maker, name: str) -> list[Row]:
    one = maker.known(sexe="F")
    one = maker.changed(one, used=maker.people.name())
    right = maker.row(name, one, sought=f"{one.used} {one.day}")
    wrong = maker.row(
        name, one, nom=one.used, usage="", insi=NOT_FOUND, gap=NOT_FOUND, twin=right.number,
        sought=f"{one.used} {one.day}",
    )  # fmt: skip
    return [right, wrong]


@trap("deux noms dans une case")
def two_names(maker: Maker, name: str) -> list[Row]:
    word = maker.draw.choice(("née", "épouse", "veuve", "ép.", "NÉE"))
    nom = f"{maker.people.name()} {word} {maker.people.name()}"
    return refused(maker, name, "deux noms sont dans la même case", nom=nom)


@trap("deux noms, entre parenthèses ou par une barre")
def two_names_marks(maker: Maker, name: str) -> list[Row]:
    one, other = maker.people.name(), maker.people.name()
    nom = maker.draw.choice((f"{one} ({other})", f"{one}/{other}"))
    return refused(maker, name, "n'est pas admis", nom=nom)


@trap("civilité devant le nom")
def title(maker: Maker, name: str) -> list[Row]:
    nom = f"{maker.draw.choice(('Mme', 'M.', 'Madame', 'Dr', 'Mlle'))} {maker.people.name()}"
    return refused(maker, name, "civilité précède le nom", nom=nom)


@trap("nom et prénom échangés")
def crossed(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, prenoms=one.first)
    right = maker.row(name, one)
    wrong = maker.row(
        name, one, nom=one.first, prenom=one.nom, prenoms=one.nom, insi=NOT_FOUND, gap=NOT_FOUND,
        twin=right.number,
    )  # fmt: skip
    return [right, wrong]


@trap("deux lettres interverties")
def swapped(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    at = maker.draw.randrange(1, len(one.nom) - 2)
    typed = one.nom[:at] + one.nom[at + 1] + one.nom[at] + one.nom[at + 2 :]
    if typed == one.nom:
        return [maker.row(name, one)]
    right = maker.row(name, one, sought=f"{typed} {one.day}")
    wrong = maker.row(name, one, nom=typed, insi=NOT_FOUND, gap=NOT_FOUND, twin=right.number)
    return [right, wrong]


@trap("une lettre de trop ou de moins")
def one_letter_off(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    at = maker.draw.randrange(1, len(one.nom) - 1)
    double_letter = one.nom[: at + 1] + one.nom[at:]
    typed = maker.draw.choice((one.nom[:at] + one.nom[at + 1 :], double_letter))
    if typed == one.nom:
        return [maker.row(name, one)]
    right = maker.row(name, one, sought=f"{typed} {one.day}")
    wrong = maker.row(name, one, nom=typed, insi=NOT_FOUND, gap=NOT_FOUND, twin=right.number)
    return [right, wrong]


@trap("prénom composé entier")
def compound(maker: Maker, name: str) -> list[Row]:
    one = maker.known(compound=True)
    return [maker.row(name, one)]


@trap("prénom composé sans tiret")
def compound_space(maker: Maker, name: str) -> list[Row]:
    """JEAN PIERRE typed as two given names: INSi, asked for JEAN then PIERRE, finds nobody."""
    one = maker.known(compound=True)
    one = maker.changed(one, prenoms=one.first)
    typed = one.first.replace("-", " ")
    return [maker.row(name, one, prenom=typed, prenoms=typed, insi=NOT_FOUND, gap=NOT_FOUND)]


@trap("moitié d'un prénom composé")
def compound_half(maker: Maker, name: str) -> list[Row]:
    one = maker.known(compound=True)
    one = maker.changed(one, prenoms=one.first)
    typed = one.first.split("-")[0]
    right = maker.row(name, one)
    wrong = maker.row(
        name, one, prenom=typed, prenoms=typed, insi=NOT_FOUND, gap=NOT_FOUND, twin=right.number,
    )  # fmt: skip
    return [right, wrong]


@trap("premier prénom seul, INSi en donne plusieurs")
def first_only(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, prenoms=f"{one.first} ALIX DOMINIQUE")
    return [maker.row(name, one, prenoms="", gap=TOLERATED)]


@trap("premier mot de la liste prise comme premier prénom")
def list_only(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, prenoms=f"{one.first} ALIX")
    return [maker.row(name, one, prenom="", fate=FLAGGED)]


@trap("prénoms dans un autre ordre")
def order(maker: Maker, name: str) -> list[Row]:
    """The second given name is tried: INSi finds, and the order is shown as a real difference."""
    one = maker.known()
    one = maker.changed(one, prenoms=f"{one.first} ALIX")
    return [maker.row(name, one, prenom="ALIX", prenoms=f"ALIX {one.first}", gap=BLOCKING)]


@trap("premier prénom absent de la liste")
def incoherent(maker: Maker, name: str) -> list[Row]:
    return refused(maker, name, "début de la liste des prénoms", prenom="ZEPHIRIN")


@trap("prénoms séparés par des virgules")
def commas(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, prenoms=f"{one.first} ALIX DOMINIQUE")
    return [maker.row(name, one, prenom=", ".join(one.prenoms.split()), prenoms="")]


@trap("abréviation (ST pour SAINT)")
def abbreviation(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, nom=f"SAINT {one.nom}")
    right = maker.row(name, one)
    wrong = maker.row(
        name, one, nom=one.nom.replace("SAINT", "ST"), insi=NOT_FOUND, gap=NOT_FOUND, twin=right.number,
    )  # fmt: skip
    return [right, wrong]


@trap("nom qui dit qu'on ne sait pas")
def unknown(maker: Maker, name: str) -> list[Row]:
    return refused(
        maker, name, "nom de naissance manque", nom=maker.draw.choice(("INCONNU", "?", "-", "NEANT"))
    )


@trap("numéro de sécurité sociale dans la case du numéro")
def national_number(maker: Maker, name: str) -> list[Row]:
    return refused(maker, name, "ressemble à un numéro de sécurité sociale", number="284126322099962")
