"""Traps of letters: accents, ligatures, apostrophes, hyphens, look-alikes, invisible characters."""

from __future__ import annotations

from dataclasses import replace

from amarre.dui.usagers.importing.sheet import UNSEEN
from tests.dui.usagers.traps.corpus import FLAGGED, Maker, Row, refused, trap

_ACCENTS = str.maketrans({"E": "É", "A": "à", "U": "ù", "I": "ï", "C": "ç", "O": "ô"})
_APOSTROPHES = ("'", "\u2019", "\u2018", "\u02bc", "\u00b4", "`")
_HYPHENS = ("-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212")
_CYRILLIC = str.maketrans({"A": "\u0410", "E": "\u0415", "O": "\u041e", "R": "\u0420", "C": "\u0421"})
_GREEK = str.maketrans({"A": "\u0391", "E": "\u0395", "O": "\u039f", "N": "\u039d", "I": "\u0399"})
_INVISIBLE = ("\u200c", "\u200d", "\u034f", "\u3164", "\ufe0f", "\u2063", "\u2800")
_BIDI = ("\u202e", "\u202a", "\u2066", "\u2067", "\u061c")


def _inside(text: str, piece: str) -> str:
    return text[:2] + piece + text[2:]


@trap("accents et casse")
def accents(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    typed = one.nom.translate(_ACCENTS)
    typed = typed[0] + typed[1:].lower()
    return [maker.row(name, one, nom=typed, prenom=one.first.title(), sought=f"{typed} {one.day}")]


@trap("accents décomposés")
def decomposed(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    typed = one.nom.replace("E", "E\u0301").replace("U", "U\u0308")
    return [maker.row(name, one, nom=typed, sought=f"{typed} {one.day}")]


@trap("ligatures œ et æ")
def ligatures(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    pair, letter = maker.draw.choice((("OE", "œ"), ("AE", "æ")))
    one = maker.changed(one, nom=f"{one.nom[:3]}{pair}{one.nom[3:]}")
    typed = one.nom.replace(pair, letter).title().replace(letter.upper(), letter)
    return [maker.row(name, one, nom=typed, sought=f"{typed} {one.day}")]


@trap("lettres latines d'ailleurs (Ñ, Ø, Ł, ß…)")
def foreign(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    letter, plain = maker.draw.choice(
        (("ñ", "N"), ("ø", "O"), ("ł", "L"), ("ß", "SS"), ("đ", "D"), ("ş", "S"), ("ı", "I"), ("ğ", "G"))
    )
    one = maker.changed(one, nom=one.nom[:3] + plain + one.nom[3:])
    typed = one.nom[:3].lower() + letter + one.nom[3 + len(plain) :].lower()
    return [maker.row(name, one, nom=typed, sought=f"{typed} {one.day}")]


@trap("lettres latines sans équivalent (Þ, Ð, Ə)")
def no_equivalent(maker: Maker, name: str) -> list[Row]:
    one = maker.people.person()
    return refused(maker, name, "sans équivalent défini", nom=one.nom[:2] + maker.draw.choice("þðəŋ") + "AS")


@trap("apostrophe de traitement de texte")
def apostrophes(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, nom=f"{maker.draw.choice('DLO')}'{one.nom}")
    typed = one.nom.replace("'", maker.draw.choice(_APOSTROPHES))
    return [maker.row(name, one, nom=typed, sought=f"{typed} {one.day}")]


@trap("apostrophe en premier")
def first_apostrophe(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, nom=f"'T{one.nom}")
    return [maker.row(name, one)]


@trap("apostrophe suivie d'un espace")
def apostrophe_space(maker: Maker, name: str) -> list[Row]:
    return refused(maker, name, "espace à côté d'une apostrophe", nom=f"D' {maker.people.name()}")


@trap("tiret de traitement de texte")
def hyphens(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, nom=f"{one.nom}-{maker.people.name()}")
    typed = one.nom.replace("-", maker.draw.choice(_HYPHENS))
    return [maker.row(name, one, nom=typed, sought=f"{typed} {one.day}")]


@trap("tiret à la fin, tiret au début")
def stray_hyphen(maker: Maker, name: str) -> list[Row]:
    if maker.draw.random() < 0.5:
        return refused(maker, name, "finit par un tiret", prenom="JEAN-", prenoms="")
    return refused(maker, name, "ne commence ni par un espace ni par un tiret", nom=f"-{maker.people.name()}")


@trap("trois tirets")
def three_hyphens(maker: Maker, name: str) -> list[Row]:
    nom = f"{maker.people.name()}---{maker.people.name()}"
    return refused(maker, name, "plus de deux tirets", nom=nom)


@trap("double tiret officiel écrit comme l'état civil")
def double_hyphen(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, nom=f"{one.nom}--{maker.people.name()}")
    return [maker.row(name, one)]


@trap("espaces en trop, espaces insécables, tabulations")
def spaces(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, nom=f"LE {one.nom}")
    typed = "  " + one.nom.replace(" ", maker.draw.choice(("  ", "\u00a0", "\u202f", "\t"))) + " "
    return [maker.row(name, one, nom=typed, prenom=f" {one.first} ")]


@trap("lettres cyrilliques ou grecques")
def homoglyphs(maker: Maker, name: str) -> list[Row]:
    table = maker.draw.choice((_CYRILLIC, _GREEK))
    return refused(
        maker, name, "n'est pas une lettre latine", nom=f"{maker.people.name()}AEO".translate(table)
    )


@trap("lettres pleine chasse")
def full_width(maker: Maker, name: str) -> list[Row]:
    nom = "".join(chr(ord(char) + 0xFEE0) for char in maker.people.name())
    return refused(maker, name, "n'est pas une lettre latine", nom=nom)


@trap("caractère invisible laissé par un traitement de texte")
def left_over(maker: Maker, name: str) -> list[Row]:
    """Taken out, and said: what it separates reads the same without it."""
    one = maker.known()
    hidden = maker.draw.choice(UNSEEN)
    typed = (
        {"nom": _inside(one.nom, hidden)} if maker.draw.random() < 0.5 else {"usage": _inside("ALIX", hidden)}
    )
    return [maker.row(name, one, fate=FLAGGED, **typed)]


@trap("caractère invisible qui trompe, dans le nom")
def invisible(maker: Maker, name: str) -> list[Row]:
    hidden = maker.draw.choice(_INVISIBLE)
    words = f"caractère invisible (U+{ord(hidden):04X})"
    return refused(maker, name, words, nom=_inside(maker.people.name(), hidden))


@trap("caractère invisible qui trompe, dans le nom utilisé")
def invisible_used(maker: Maker, name: str) -> list[Row]:
    hidden = maker.draw.choice(_INVISIBLE)
    return refused(maker, name, "caractère invisible", usage=_inside(maker.people.name(), hidden))


@trap("sens d'écriture retourné")
def bidi(maker: Maker, name: str) -> list[Row]:
    return refused(maker, name, "caractère invisible", nom=maker.draw.choice(_BIDI) + maker.people.name())


@trap("autre écriture (arabe, hébreu, chinois)")
def other_script(maker: Maker, name: str) -> list[Row]:
    nom = maker.draw.choice(("\u0645\u062d\u0645\u062f", "\u05db\u05d4\u05df", "\u738b"))
    return refused(maker, name, "n'est pas une lettre latine", nom=nom)


@trap("accents abîmés par un mauvais codage")
def mojibake(maker: Maker, name: str) -> list[Row]:
    damaged = ("HÉL" + maker.people.name().lower() + "é").encode().decode("cp1252", "replace")
    return refused(maker, name, "accentuées sont abîmées", nom=damaged.replace("\ufffd", ""))


@trap("chiffre, ponctuation, émoji dans le nom")
def digits(maker: Maker, name: str) -> list[Row]:
    piece = maker.draw.choice(("2", "?", "_", "*", "\U0001f600", "@"))
    return refused(maker, name, "n'est pas admis", nom=maker.people.name() + piece + "A")


@trap("nom de cent lettres")
def hundred(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    parts = [one.nom]
    while len(" ".join(parts)) < 100:
        parts.append(maker.people.name())
    one = maker.changed(one, nom=" ".join(parts)[:100].rstrip())
    return [maker.row(name, one, sought=f"{one.nom.split()[0]} {one.day}")]


@trap("nom de plus de cent lettres")
def too_long(maker: Maker, name: str) -> list[Row]:
    nom = " ".join(maker.people.name() for _ in range(20))
    return refused(maker, name, "100 caractères au plus", nom=nom)


@trap("nom d'une lettre")
def one_letter(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, nom=maker.draw.choice("OYIUE"))
    return [maker.row(name, one, sought=f"{one.nom} {one.first} {one.day}")]


@trap("prénom d'une lettre")
def one_letter_first(maker: Maker, name: str) -> list[Row]:
    one = maker.known()
    one = maker.changed(one, prenoms=maker.draw.choice("AEIOY"))
    return [maker.row(name, replace(one), sought=f"{one.nom} {one.first} {one.day}")]
