"""The strict traits of an identity and the rules by which they are written.

Sources: RNIV 1 (EXI SI 29, 30; EXI PP 17 to 19), Guide d'implémentation de l'INS (EXI ID 08, 10, 11, 12),
Guide d'intégration INSi SEL-MP-043 §3.4.1 (EF_INS01_03, EF_INS10_01, EF_INS10_02).
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from amarre.interop.ins.errors import BirthDateRefused, TraitsRefused

NAME_MAX = 100
COG_UNKNOWN = "99999"
COG_ABROAD_PREFIX = "99"

_COG = re.compile(r"[0-9A-Za-z]{5}")
# Département (or 99 for a country), then three digits: what no person may type otherwise.
_COG_TYPED = re.compile(r"(?:0[1-9]|[1-9][0-9]|2[AB])[0-9]{3}")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FRENCH = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})")

# Letters that lose nothing by decomposition, and the marks typists and word processors use for ' and -.
_EQUIVALENTS = str.maketrans(
    {
        "Œ": "OE",
        "Æ": "AE",
        "Ø": "O",
        "Ł": "L",
        "Đ": "D",
        "ẞ": "SS",
        "ß": "SS",
        "\u2019": "'",
        "\u2018": "'",
        "\u02bc": "'",
        "\u00b4": "'",
        "`": "'",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\t": " ",
    }
)


class Sexe(StrEnum):
    """Sex of the identity. INSi knows F and M only; INDETERMINE is local, until the INS is retrieved."""

    F = "F"
    M = "M"
    INDETERMINE = "I"


class Trait(StrEnum):
    """The traits that rules and comparisons speak of."""

    NOM_NAISSANCE = "nom_naissance"
    PREMIER_PRENOM = "premier_prenom"
    PRENOMS = "prenoms"
    SEXE = "sexe"
    DATE_NAISSANCE = "date_naissance"
    LIEU_NAISSANCE = "lieu_naissance"


TRAIT_LABELS: dict[Trait, str] = {
    Trait.NOM_NAISSANCE: "nom de naissance",
    Trait.PREMIER_PRENOM: "premier prénom de naissance",
    Trait.PRENOMS: "prénoms de naissance",
    Trait.SEXE: "sexe",
    Trait.DATE_NAISSANCE: "date de naissance",
    Trait.LIEU_NAISSANCE: "lieu de naissance",
}


class UsedName(StrEnum):
    """The used names: complementary traits, never compared with the INS, written with the same letters."""

    NOM_UTILISE = "nom_utilise"
    PRENOM_UTILISE = "prenom_utilise"


_USED_LABELS = {UsedName.NOM_UTILISE: "nom utilisé", UsedName.PRENOM_UTILISE: "prénom utilisé"}


@dataclass(frozen=True, slots=True, repr=False)
class BirthDate:
    """A birth date as text AAAA-MM-JJ; `interpreted` when a part was unknown and replaced by rule.

    INSi types its dates as text ("date lunaire"): a received text may be no day of the calendar.
    """

    text: str
    interpreted: bool = False

    def __post_init__(self) -> None:
        """Refuse what is not written AAAA-MM-JJ. Raises BirthDateRefused."""
        if not _ISO.fullmatch(self.text):
            raise BirthDateRefused()

    def __repr__(self) -> str:
        """Hide the value."""
        return "BirthDate(…)"

    @property
    def calendar(self) -> datetime.date | None:
        """The day of the calendar, None for a "lunar" date received as such."""
        try:
            return datetime.date.fromisoformat(self.text)
        except ValueError:
            return None

    @property
    def french(self) -> str:
        """The date written JJ/MM/AAAA."""
        year, month, day = self.text.split("-")
        return f"{day}/{month}/{year}"

    @property
    def compact(self) -> str:
        """The date written AAAAMMJJ (HL7, CDA)."""
        return self.text.replace("-", "")


def birth_date_typed(text: str) -> BirthDate:
    """Read a date typed by a person: JJ/MM/AAAA (also . - and space) or AAAA-MM-JJ.

    Raises BirthDateRefused when it is no day of the calendar (00/00/1950: see birth_date_from_parts).
    """
    text = text.strip()
    if match := _FRENCH.fullmatch(text):
        text = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
    date = BirthDate(text)
    if date.calendar is None:
        raise BirthDateRefused()
    return date


def birth_date_from_parts(year: int, month: int | None, day: int | None) -> BirthDate:
    """Apply the RNIV rule for incomplete dates (EXI PP 19; GI-INS EXI ID 11, 12).

    Day unknown: the 1st of the month. Month unknown: January. Both unknown: 31 December. For an imprecise
    year, give a year compatible with the age announced and no month nor day. Raises BirthDateRefused.
    """
    interpreted = month is None or day is None
    if month is None and day is None:
        month, day = 12, 31
    try:
        date = datetime.date(year, month or 1, day or 1)
    except ValueError:
        raise BirthDateRefused() from None
    return BirthDate(date.isoformat(), interpreted)


@dataclass(frozen=True, slots=True, repr=False)
class Traits:
    """An identity's traits as stored: names already written by the rules, or received and kept unchanged.

    `prenoms` is the whole list, space separated, in civil-status order. `lieu_naissance` is an INSEE COG code
    of 5 characters, "99999" when unknown, "" when a received answer has none. `premier_prenom`, `nom_utilise`
    and `prenom_utilise` are "" when not filled: used names are never derived from birth names (EXI ID 08).
    """

    nom_naissance: str
    prenoms: str
    sexe: Sexe
    date_naissance: BirthDate
    lieu_naissance: str = ""
    premier_prenom: str = ""
    nom_utilise: str = ""
    prenom_utilise: str = ""

    def __repr__(self) -> str:
        """Hide the values: a repr ends up in logs and tracebacks."""
        return "Traits(…)"

    def of(self, trait: Trait) -> str:
        """Return one trait as text ("" when absent), the date as AAAA-MM-JJ."""
        if trait is Trait.DATE_NAISSANCE:
            return self.date_naissance.text
        return str(getattr(self, trait.value))


@dataclass(frozen=True, slots=True)
class LexicalProblem:
    """One rule broken by one trait. `sentence` is French and quotes no trait, at most one character."""

    trait: Trait | UsedName
    rule: str
    source: str
    sentence: str


def write_name(text: str) -> str:
    """Return a name as the rules write it: upper case, no accent, no ligature, ASCII apostrophes and hyphens.

    Characters without a defined equivalent (digits, look-alikes, invisible ones) are left in place, so that
    the lexical rules refuse them: nothing is dropped silently.
    """
    upper = unicodedata.normalize("NFC", text).upper().translate(_EQUIVALENTS)
    decomposed = unicodedata.normalize("NFD", upper)
    bare = "".join(char for char in decomposed if not _is_latin_accent(char))
    return " ".join(part for part in bare.split(" ") if part)


def _is_latin_accent(char: str) -> bool:
    """Whether a character is one of the combining marks that accents decompose into.

    The grapheme joiner (U+034F) stands among them, but shows nothing: it is no accent.
    """
    return "\u0300" <= char <= "\u036f" and char != "\u034f"


def fold(text: str) -> str:
    """Return what is compared "without distinction": case, accents, hyphens, apostrophes, spaces folded."""
    return " ".join(re.sub(r"[-' ]+", " ", write_name(text)).split())


def given_names(prenoms: str) -> tuple[str, ...]:
    """Split a list of given names; a hyphenated name is one name."""
    return tuple(prenoms.split())


def first_name_coherent(premier_prenom: str, prenoms: str) -> bool:
    """Whether the first given name is the beginning of the list, name by name (EXI ID 10, EXI SI 29-30).

    Hyphens and apostrophes count as spaces: JEAN-CHRISTOPHE is coherent with JEAN CHRISTOPHE PIERRE.
    """
    first, whole = fold(premier_prenom).split(), fold(prenoms).split()
    return bool(first) and whole[: len(first)] == first


# (rule, pattern searched, sentence). The first that matches is reported for a trait, then the next ones.
_COMMON_RULES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("premier_caractere", re.compile(r"^[ -]"), "ne commence ni par un espace ni par un tiret."),
    ("dernier_espace", re.compile(r" $"), "ne se termine pas par un espace."),
    ("espace_double", re.compile(r"  "), "ne contient pas deux espaces de suite."),
    ("apostrophe_double", re.compile(r"''"), "ne contient pas deux apostrophes de suite."),
    ("apostrophe_espace", re.compile(r"' | '"), "n'a pas d'espace à côté d'une apostrophe."),
)
_NOM_RULES = (("tiret_triple", re.compile(r"---"), "ne contient pas plus de deux tirets de suite."),)
_PRENOM_RULES = (
    ("tiret_double", re.compile(r"--"), "ne contient pas deux tirets de suite."),
    # In a list, each name keeps the rule: the search sends them one by one.
    (
        "dernier_caractere",
        re.compile(r"[-'](?: |$)"),
        "n'a pas de prénom qui finit par un tiret ou une apostrophe.",
    ),
    ("premier_tiret", re.compile(r" -"), "n'a pas de prénom qui commence par un tiret."),
)
_LEXICAL_SOURCE = "SEL-MP-043 §3.4.1, EF_INS01_03, EF_INS10_01, EF_INS10_02"


def name_problems(trait: Trait, text: str) -> tuple[LexicalProblem, ...]:
    """Return the lexical rules that a birth name or a (list of) given name(s) breaks; () when none."""
    label = TRAIT_LABELS[trait].capitalize()
    if not text:
        return (LexicalProblem(trait, "obligatoire", _LEXICAL_SOURCE, f"{label} : champ obligatoire."),)
    found = _letters_problems(trait, label, text)
    rules = _COMMON_RULES + (_NOM_RULES if trait is Trait.NOM_NAISSANCE else _PRENOM_RULES)
    found += [
        LexicalProblem(trait, rule, _LEXICAL_SOURCE, f"{label} : ce champ {sentence}")
        for rule, pattern, sentence in rules
        if pattern.search(text)
    ]
    return tuple(found)


def used_name_problems(used: UsedName, text: str) -> tuple[LexicalProblem, ...]:
    """Return the rules that a used name breaks: its letters and its length; () when none, or not filled."""
    return tuple(_letters_problems(used, _USED_LABELS[used].capitalize(), text))


def _letters_problems(trait: Trait | UsedName, label: str, text: str) -> list[LexicalProblem]:
    """Return what is wrong with the length and the letters of a name, the first stranger alone."""
    found: list[LexicalProblem] = []
    if len(text) > NAME_MAX:
        found.append(
            LexicalProblem(trait, "longueur", _LEXICAL_SOURCE, f"{label} : {NAME_MAX} caractères au plus.")
        )
    stranger = next((char for char in text if not ("A" <= char <= "Z" or char in " '-")), None)
    if stranger is not None:
        sentence = f"{label} : {_describe(stranger)} n'est pas admis (lettres, espace, tiret, apostrophe)."
        found.append(LexicalProblem(trait, "alphabet", _LEXICAL_SOURCE, sentence))
    return found


def hidden_characters(text: str) -> tuple[str, ...]:
    """Return, as U+XXXX, what cannot be told by eye in a name: invisible characters and look-alike letters.

    Invisible: format, control and separator characters other than the plain space, combining marks of no
    Latin letter, blank letters. Look-alike: letters of another alphabet than Latin, and the full-width and
    mathematical forms.
    """
    return tuple(
        f"U+{ord(char):04X}"
        for char in unicodedata.normalize("NFC", text)
        if _is_invisible(char) or _is_look_alike(char)
    )


# Written as letters or symbols, drawn as nothing: Hangul fillers, braille blank.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def _is_invisible(char: str) -> bool:
    """Whether a character of a composed text shows nothing, the plain space aside."""
    category = unicodedata.category(char)
    return char in _BLANK_LETTERS or (char != " " and (category[0] in "CZ" or category in ("Mn", "Me")))


def _is_look_alike(char: str) -> bool:
    """Whether it is a letter of no Latin alphabet: Cyrillic, Greek, mathematical, full-width…"""
    return unicodedata.category(char)[0] == "L" and ord(char) > 127 and not _is_latin(char)


def plain_label(text: str) -> str:
    """Return a free label (a place, in clear) without what shows nothing: such a character has no use there.

    Every space becomes a plain one. Letters of any alphabet stay: a place abroad may be written so.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if char.isspace() else char for char in composed)
    return " ".join("".join(char for char in kept if not _is_invisible(char)).split())


def show_hidden(text: str) -> str:
    """Return a text in which every hidden character is replaced by its number: « DU⟨U+200B⟩PONT »."""
    return "".join(
        f"⟨U+{ord(char):04X}⟩" if hidden_characters(char) else char
        for char in unicodedata.normalize("NFC", text)
    )


def _is_latin(char: str) -> bool:
    """Whether a letter is of the ordinary Latin alphabet, accented or not; ʼ is typed for an apostrophe."""
    return unicodedata.name(char, "").startswith("LATIN ") or char == "\u02bc"


def _describe(char: str) -> str:
    """Name a refused character in French so that even an invisible one can be found."""
    point = f"U+{ord(char):04X}"
    if _is_invisible(char):
        return f"un caractère invisible ({point})"
    if _is_look_alike(char):
        return f"le caractère « {char} » ({point}), qui n'est pas une lettre latine,"
    if ord(char) > 127:
        return f"le caractère « {char} » ({point}), sans équivalent défini de A à Z,"
    return f"le caractère « {char} »"


def traits_problems(traits: Traits) -> tuple[LexicalProblem, ...]:
    """Return every rule the strict traits break, in reading order; () when they may be stored and sent."""
    found = list(name_problems(Trait.NOM_NAISSANCE, traits.nom_naissance))
    found += name_problems(Trait.PRENOMS, traits.prenoms)
    if traits.premier_prenom:
        found += name_problems(Trait.PREMIER_PRENOM, traits.premier_prenom)
        if not first_name_coherent(traits.premier_prenom, traits.prenoms):
            sentence = "Premier prénom de naissance : il doit être le début de la liste des prénoms."
            found.append(LexicalProblem(Trait.PREMIER_PRENOM, "coherence", "GI-INS EXI ID 10", sentence))
    if traits.date_naissance.calendar is None:
        sentence = "Date de naissance : ce n'est pas une date du calendrier."
        found.append(LexicalProblem(Trait.DATE_NAISSANCE, "calendrier", "GI-INS EXI ID 11-12", sentence))
    if not _COG.fullmatch(traits.lieu_naissance):
        sentence = "Lieu de naissance : un code INSEE de 5 caractères est attendu (99999 si inconnu)."
        found.append(LexicalProblem(Trait.LIEU_NAISSANCE, "cog", "RNIV 1, traits stricts", sentence))
    return tuple(found)


def traits_typed(
    *,
    nom_naissance: str,
    prenoms: str,
    premier_prenom: str,
    sexe: Sexe,
    date_naissance: BirthDate,
    lieu_naissance: str,
    nom_utilise: str = "",
    prenom_utilise: str = "",
) -> Traits:
    """Write what a person typed by the rules, check it, and return the traits.

    An empty `lieu_naissance` becomes 99999 (unknown). `prenoms` may be empty: the list then starts as the
    first given name. Raises TraitsRefused with every rule broken.
    """
    first = write_name(premier_prenom)
    traits = Traits(
        nom_naissance=write_name(nom_naissance),
        prenoms=write_name(prenoms) or first,
        sexe=sexe,
        date_naissance=date_naissance,
        lieu_naissance=lieu_naissance.strip().upper() or COG_UNKNOWN,
        premier_prenom=first,
        nom_utilise=write_name(nom_utilise),
        prenom_utilise=write_name(prenom_utilise),
    )
    problems = traits_problems(traits)
    if _COG.fullmatch(traits.lieu_naissance) and not _COG_TYPED.fullmatch(traits.lieu_naissance):
        sentence = (
            "Lieu de naissance : ce code INSEE n'est pas possible. Écrivez le département (2A ou 2B en "
            "Corse, 99 à l'étranger), puis trois chiffres."
        )
        problems += (LexicalProblem(Trait.LIEU_NAISSANCE, "cog", "RNIV 1, traits stricts", sentence),)
    problems += used_name_problems(UsedName.NOM_UTILISE, traits.nom_utilise)
    problems += used_name_problems(UsedName.PRENOM_UTILISE, traits.prenom_utilise)
    if problems:
        raise TraitsRefused(problems)
    return traits
