"""The fictive persons this INSi knows: the published test persons, and those of the demonstration cast.

Source of the published ones: CNDA authorisation scenarios of the INSi teleservice and answers of its
qualification server, as met in public implementations. Some carry a wrong key: that is how they are
published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from amarre.cast.usagers import USAGERS

NIR = "1.2.250.1.213.1.4.8"
NIA = "1.2.250.1.213.1.4.9"


@dataclass(frozen=True, slots=True)
class Former:
    """One entry of the history: matricule, key, dates AAAA-MM-JJ ("" when the answer gives none)."""

    matricule: str
    cle: str
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One identity of the base. `prenoms` is the whole list; `matricule` is 13 characters.

    `prenom_returned`: whether the answer also holds the element Prenom, which real ones rarely do.
    """

    nom: str
    prenoms: str
    sexe: str
    naissance: str
    lieu: str
    matricule: str
    cle: str
    oid: str = NIR
    history: tuple[Former, ...] = ()
    prenom_returned: bool = False


_PUBLISHED: tuple[Person, ...] = (
    Person("ADRTROIS", "TOUSSAINT", "M", "1960-01-01", "2B020", "160012B020777", "13"),
    Person("ADRTROIS", "DOMINIQUE", "F", "1997-02-26", "2A020", "297022A020778", "78"),
    Person("ADRUN", "ZOE", "F", "1975-12-31", "63220", "2751263220749", "74"),
    Person("ADRDEUX", "LAURENT", "M", "1981-01-01", "63220", "1810163220751", "42"),
    Person("TCHITCHI", "CATARINA BELLA", "F", "1936-06-21", "63220", "2360663220836", "56"),
    Person("NESSI", "MICHELANGELO ANTHONY", "M", "2010-08-07", "63220", "1100863220830", "60"),
    Person(
        "D'ARTAGNAN DE L'HERAULT",
        "PIERRE-ALAIN MURIEL FLORIANT",
        "M",
        "2001-06-17",
        "63220",
        "1010663220754",
        "60",
    ),
    Person(
        "ECETINSI",
        "PIERRE-ALAIN MURIEL FLORIANT",
        "M",
        "2009-07-14",
        "63220",
        "1090763220834",
        "89",
        history=(Former("2090763220834", "39", "2019-03-01", "2019-02-28"),),
    ),
    Person(
        "PROVISOIRE",
        "MATRICULE",
        "M",
        "2009-07-01",
        "63220",
        "1090763220888",
        "35",
        NIA,
        prenom_returned=True,
    ),
    Person(
        "CORSE",
        "ANTHONY",
        "M",
        "1980-03-02",
        "2B020",
        "180032B020401",
        "23",
        history=(Former("180032B020401", "23"),),
        prenom_returned=True,
    ),
    Person(
        "HERMANN",
        "GATIEN",
        "M",
        "1981-03-24",
        "63220",
        "1810363220456",
        "60",
        history=(Former("1810363220456", "60"), Former("2810363220456", "10")),
        prenom_returned=True,
    ),
    # Two persons with the same traits: the answer is always "several", their matricules never leave.
    Person("DE VINCI", "LEONARDO", "M", "2014-02-01", "63220", "1140263220901", "00"),
    Person("DE VINCI", "LEONARDO", "M", "2014-02-01", "63220", "1140263220902", "00"),
)


def known_persons() -> tuple[Person, ...]:
    """Return every person of the base, each matricule once: published persons win over the cast's copy."""
    known = {person.matricule for person in _PUBLISHED}
    cast = tuple(
        Person(
            item.nom_naissance,
            item.prenoms,
            item.sexe,
            item.date_naissance,
            item.lieu_naissance,
            item.matricule,
            item.cle,
            item.ins_oid,
        )
        for item in USAGERS
        if item.insi == "found" and item.matricule and item.matricule not in known
    )
    return _PUBLISHED + cast


def search(
    persons: tuple[Person, ...], nom: str, prenom: str, sexe: str, naissance: str, lieu: str
) -> tuple[Person, ...]:
    """Return the persons whose traits are those asked; `lieu` "" means any.

    The given name is the first of the list or the whole list. The real rule is not public (unconfirmed).
    """
    return tuple(
        person
        for person in persons
        if (person.nom, person.sexe, person.naissance) == (nom, sexe, naissance)
        and (not lieu or person.lieu == lieu)
        and prenom in (person.prenoms.split(" ")[0], person.prenoms)
    )


def search_by_card(persons: tuple[Person, ...], nir: str, nom: str, naissance: str) -> tuple[Person, ...]:
    """Return the persons the card designates; the real rule is not public (unconfirmed).

    `nir` is the beneficiary's own, active or former; without it the birth name and the birth date decide,
    never the NIR of the insured person, which is not the child's.
    """
    if nir:
        return tuple(
            person
            for person in persons
            if nir in {person.matricule, *(former.matricule for former in person.history)}
            and (not naissance or person.naissance == naissance)
        )
    return tuple(person for person in persons if (person.nom, person.naissance) == (nom, naissance))


@dataclass(frozen=True, slots=True)
class Expectation:
    """One published test: what is sent (birth name, given name), the code expected, what it is for.

    `origin`: L live call on the qualification server, I injection file, F recorded fixture of an implementer.
    """

    nom: str
    prenom: str
    sexe: str
    naissance: str
    code: str
    origin: str
    remark: str


EXPECTATIONS: tuple[Expectation, ...] = (
    Expectation("ADRTROIS", "TOUSSAINT", "M", "1960-01-01", "00", "L", "Né en Corse (2B020)."),
    Expectation("ADRTROIS", "DOMINIQUE", "F", "1997-02-26", "00", "F", "Née en Corse (2A020, jadis 20020)."),
    Expectation("ADRUN", "ZOE", "F", "1975-12-31", "00", "L", "La sonde la plus simple d'un certificat."),
    Expectation("ADRDEUX", "LAURENT", "M", "1981-01-01", "00", "F", "Clé publiée fausse : 42 pour 40."),
    Expectation("TCHITCHI", "OLA", "F", "1936-06-21", "01", "I", "Premier prénom de la série, introuvable."),
    Expectation("TCHITCHI", "CATARINA", "F", "1936-06-21", "00", "L", "Deuxième prénom de la série."),
    Expectation("HOUILLES", "PIERRE", "M", "1993-01-27", "01", "I", "Série complète sans résultat."),
    Expectation("HOUILLES", "PAUL", "M", "1993-01-27", "01", "I", "Série complète sans résultat."),
    Expectation("HOUILLES", "JACQUES", "M", "1993-01-27", "01", "I", "Série complète sans résultat."),
    Expectation("HOUILLES", "PIERRE PAUL JACQUES", "M", "1993-01-27", "01", "I", "Fin de la série : tous."),
    Expectation("NESSI", "MICHELANGELO", "M", "2010-08-07", "00", "F", "Deux prénoms dans la liste."),
    Expectation(
        "D'ARTAGNAN DE L'HERAULT", "PIERRE-ALAIN", "M", "2001-06-17", "00", "F", "Apostrophes et espaces."
    ),
    Expectation(
        "ECETINSI",
        "PIERRE-ALAIN",
        "M",
        "2009-07-14",
        "00",
        "L",
        "Historique : fin avant le début (test 2.04).",
    ),
    Expectation("PROVISOIRE", "MATRICULE", "M", "2009-07-01", "00", "I", "Numéro d'attente (test 2.05)."),
    Expectation("CORSE", "ANTHONY", "M", "1980-03-02", "00", "I", "Historique égal à l'INS active (2.08-1)."),
    Expectation("HERMANN", "GATIEN", "M", "1981-03-24", "00", "I", "Clés fausses, historique (2.08-2)."),
    Expectation("DE VINCI", "LEONARDO", "M", "2014-02-01", "02", "L", "Plusieurs identités."),
    Expectation(
        "DE VINCI", "LEONARDODINO DICAPRIO BUFFALO", "M", "2004-02-01", "01", "F", "Introuvable, nom long."
    ),
    Expectation("DE VINCI", "RUTH", "F", "1976-07-14", "01", "F", "Introuvable ; insi_102 observé."),
    Expectation("D'AEION", "COEUR", "M", "1987-01-25", "01", "F", "Ligature CŒUR ; insi_102 observé."),
    Expectation("ADRTROIS-DOES-NOT-EXIST", "DOMINIQUE", "F", "1997-02-26", "01", "L", "Introuvable."),
)


def remark_on(nom: str, prenom: str) -> str:
    """Return what is known of a published test person, "" for anybody else."""
    found = [item for item in EXPECTATIONS if item.nom == nom and prenom in (item.prenom, "")]
    return f"{found[0].remark} Attendu : {found[0].code}." if found else ""


def _published(nom: str) -> Person:
    return next(person for person in _PUBLISHED if person.nom == nom)


# The situations of the CNDA's injection files → the person they answer.
INJECTED: dict[str, Person] = {
    "test-2-04-cas2": replace(
        _published("ECETINSI"),
        history=(*_published("ECETINSI").history, Former("2090663220123", "55")),
    ),
    "test-2-05": _published("PROVISOIRE"),
    "test-2-08-cas1": _published("CORSE"),
    "test-2-08-cas2": _published("HERMANN"),
}
