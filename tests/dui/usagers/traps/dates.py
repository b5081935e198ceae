"""Traps of dates, sex and places."""

from __future__ import annotations

from tests.dui.usagers.traps.corpus import (
    FLAGGED,
    NOT_ASKED,
    NOT_FOUND,
    TOLERATED,
    Maker,
    Row,
    refused,
    trap,
)

_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


@trap("jour inconnu")
def day_unknown(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    year, month, _ = one.naissance.split("-")
    one = maker.changed(one, naissance=f"{year}-{month}-01")
    typed = maker.draw.choice((f"{month}/{year}", f"00/{month}/{year}", f"??/{month}/{year}"))
    return [maker.row(name, one, date=typed, fate=FLAGGED, sought=f"{one.nom} {month}/{year}")]


@trap("jour et mois inconnus")
def year_only(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    year = one.naissance[:4]
    one = maker.changed(one, naissance=f"{year}-12-31")
    typed = maker.draw.choice((year, f"00/00/{year}"))
    return [maker.row(name, one, date=typed, fate=FLAGGED, sought=f"{one.nom} {year}")]


@trap("jour inconnu chez nous, connu de l'état civil")
def day_known_there(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    year, month, _ = one.naissance.split("-")
    one = maker.changed(one, naissance=f"{year}-{month}-17")
    return [
        maker.row(
            name, one, date=f"00/{month}/{year}", fate=FLAGGED, insi=NOT_FOUND, gap=NOT_FOUND,
            sought=f"{one.nom} {year}",
        )
    ]  # fmt: skip


@trap("29 février d'une année bissextile")
def leap(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, naissance=f"{maker.draw.randrange(1924, 2012, 4)}-02-29")
    return [maker.row(name, one)]


@trap("29 février d'une année ordinaire")
def no_leap(maker: Maker, name: str) -> list[Row]:
    year = maker.draw.randrange(1925, 2011, 4)
    return refused(maker, name, "n'existe pas au calendrier", date=f"29/02/{year}")


@trap("mois avant le jour")
def american(maker: Maker, name: str) -> list[Row]:
    return refused(
        maker, name, "le mois vient avant le jour", date=f"03/25/{maker.draw.randrange(1930, 2000)}"
    )


@trap("date en toutes lettres, ISO ou sans séparateur")
def writings(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    year, month, day = one.naissance.split("-")
    words = f"{int(day)} {_MONTHS[int(month) - 1]} {year}"
    typed = maker.draw.choice((words, one.naissance, f"{day}{month}{year}", f"{day}.{month}.{year}"))
    return [maker.row(name, one, date=typed)]


@trap("année sur deux chiffres")
def two_digits(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    year = str(maker.draw.randrange(1930, 1999))
    one = maker.changed(one, naissance=year + one.naissance[4:])
    return [maker.row(name, one, date=f"{one.day[:6]}{year[2:]}", fate=FLAGGED)]


@trap("naissance dans le futur")
def future(maker: Maker, name: str) -> list[Row]:
    return refused(maker, name, "dans le futur", date="01/01/2031")


@trap("plus de cent vingt-cinq ans")
def too_old(maker: Maker, name: str) -> list[Row]:
    return refused(maker, name, "plus de 125 ans", date="01/01/1890")


@trap("jour et mois échangés")
def swapped_day(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, naissance=f"{one.naissance[:4]}-03-08")
    right = maker.row(name, one)
    wrong = maker.row(
        name, one, date=f"03/08/{one.naissance[:4]}", insi=NOT_FOUND, gap=NOT_FOUND, twin=right.number,
        sought=f"{one.nom} {one.first}",
    )  # fmt: skip
    return [right, wrong]


@trap("sexe manquant")
def no_sex(maker: Maker, name: str) -> list[Row]:
    return refused(maker, name, "le sexe manque", sexe="")


@trap("sexe indéterminé")
def undetermined(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    return [maker.row(name, one, sexe="I", insi=NOT_ASKED, gap="")]


@trap("sexe faux")
def wrong_sex(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    other = "F" if one.sexe == "M" else "M"
    return [maker.row(name, one, sexe=other, insi=NOT_FOUND, gap=NOT_FOUND)]


@trap("changement de sexe à l'état civil")
def changed_sex(maker: Maker, name: str) -> list[Row]:
    """The number still says the former sex; a former number is in the history."""
    one = maker.known()
    other = "F" if one.sexe == "M" else "M"
    kept = maker.people.numbered(one, sexe=one.sexe)
    return [maker.row(name, maker.changed(one, sexe=other, matricule=kept.matricule))]


@trap("né à l'étranger, code du pays")
def abroad(maker: Maker, name: str) -> list[Row]:
    one = maker.known(lieu=maker.draw.choice(("99350", "99351", "99139", "99134", "99109", "99234")))
    return [maker.row(name, one)]


@trap("né à l'étranger, pays en toutes lettres")
def abroad_words(maker: Maker, name: str) -> list[Row]:
    """Without a code the place is unknown: INSi is asked without it, and gives it."""
    one = maker.known(lieu="99350")
    return [maker.row(name, one, lieu="", ville="Casablanca (Maroc)", fate=FLAGGED, gap=TOLERATED)]


@trap("code postal pris pour le code INSEE")
def postcode(maker: Maker, name: str) -> list[Row]:
    """A code of five digits may be either: nothing can tell, INSi does not find with it."""
    one = maker.known(lieu="29019")
    return [maker.row(name, one, lieu="29200", insi=NOT_FOUND, gap=NOT_FOUND)]


@trap("lieu de naissance inconnu")
def no_place(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    return [maker.row(name, one, lieu="", fate=FLAGGED, gap=TOLERATED)]


@trap("code du lieu illisible")
def bad_place(maker: Maker, name: str) -> list[Row]:
    return refused(
        maker, name, "ce n'est pas un code INSEE", lieu=maker.draw.choice(("2C123", "ABCDE", "123456"))
    )
