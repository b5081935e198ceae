"""Comparison of two sets of traits: what differs, letter by letter, and what may explain it.

Source: RNIV 1 and GI-INS (coherence check, EXI ID 10); the classification below is this kit's, consistent
with those guides, and kept as data (`TOLERANCES`) because the national list of tolerated differences is not
public. Nothing here decides: a person does, and the INS spelling replaces the local one unchanged when
accepted.
"""

from __future__ import annotations

import difflib
import itertools
from dataclasses import dataclass
from enum import StrEnum

from amarre.interop.ins.traits import COG_UNKNOWN, TRAIT_LABELS, Sexe, Trait, Traits, fold, given_names


class Cause(StrEnum):
    """What most probably explains a difference."""

    ECRITURE = "ecriture"
    TIRET = "tiret"
    NOM_USAGE = "nom_usage"
    PRENOM_COMPOSE = "prenom_compose"
    LISTE_PLUS_LONGUE = "liste_plus_longue"
    LISTE_PLUS_COURTE = "liste_plus_courte"
    ORDRE_PRENOMS = "ordre_prenoms"
    NOM_PRENOM_INVERSES = "nom_prenom_inverses"
    UNE_LETTRE = "une_lettre"
    LIEU_ABSENT = "lieu_absent"
    LIEU_INCONNU = "lieu_inconnu"
    LIEU_DIFFERENT = "lieu_different"
    JOUR_MOIS_INVERSES = "jour_mois_inverses"
    DATE_INCOMPLETE = "date_incomplete"
    DATE_DIFFERENTE = "date_differente"
    SEXE_NON_RENSEIGNE = "sexe_non_renseigne"
    SEXE_DIFFERENT = "sexe_different"
    AUTRE = "autre"


class Severity(StrEnum):
    """What a difference means: acceptable as is, acceptable with a recorded reason, or blocking."""

    ACCEPTABLE = "acceptable"
    REASON = "reason"
    BLOCKING = "blocking"


class Verdict(StrEnum):
    """Result of a whole comparison. AUTRE_PERSONNE: several traits really differ, suspect another person."""

    IDENTIQUE = "identique"
    ACCEPTABLE = "acceptable"
    A_MOTIVER = "a_motiver"
    DISCORDANTE = "discordante"
    AUTRE_PERSONNE = "autre_personne"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """One row of the tolerance table: severity, explanation and action in French, and where it comes from."""

    severity: Severity
    explanation: str
    action: str
    source: str


# Below this share of common letters, marking letters would show chance, not a mistake.
ALIKE = 0.5

_GUIDE = "RNIV 1, contrôle de cohérence"
_OWN = "proposition d'Amarre (unconfirmed)"
_CASE = "Ne qualifiez pas. Ouvrez une discordance et faites corriger la base officielle ou le dossier."
_KEEP = "Acceptez : l'écriture de l'INS remplacera celle du dossier."

TOLERANCES: dict[Cause, Tolerance] = {
    Cause.ECRITURE: Tolerance(
        Severity.ACCEPTABLE, "Seule l'écriture change (accents, majuscules, apostrophe).", _KEEP, _GUIDE
    ),
    Cause.TIRET: Tolerance(Severity.ACCEPTABLE, "Seul un tiret ou un espace change.", _KEEP, _GUIDE),
    Cause.LISTE_PLUS_LONGUE: Tolerance(
        Severity.ACCEPTABLE, "L'INS donne davantage de prénoms, dans le même ordre.", _KEEP, _GUIDE
    ),
    Cause.LISTE_PLUS_COURTE: Tolerance(
        Severity.REASON,
        "L'INS donne moins de prénoms que le dossier.",
        "Vérifiez les prénoms sur le document d'identité, puis notez ce que vous avez vu.",
        _OWN,
    ),
    Cause.NOM_USAGE: Tolerance(
        Severity.BLOCKING,
        "Le nom du dossier semble être le nom utilisé (nom d'usage), pas le nom de naissance.",
        "Reprenez le nom de naissance sur le document d'identité, puis relancez la recherche.",
        _OWN,
    ),
    Cause.NOM_PRENOM_INVERSES: Tolerance(
        Severity.BLOCKING,
        "Le nom et le prénom semblent avoir été échangés.",
        "Remettez chacun à sa place d'après le document d'identité, puis relancez la recherche.",
        _OWN,
    ),
    Cause.PRENOM_COMPOSE: Tolerance(
        Severity.REASON,
        "Il s'agit sans doute d'un prénom composé dont une partie seulement a été saisie.",
        "Vérifiez le prénom composé sur le document d'identité, puis notez ce que vous avez vu.",
        _OWN,
    ),
    Cause.ORDRE_PRENOMS: Tolerance(
        Severity.BLOCKING, "Les mêmes prénoms sont dans un autre ordre.", _CASE, _GUIDE
    ),
    Cause.UNE_LETTRE: Tolerance(
        Severity.BLOCKING,
        "Une seule lettre ou un seul chiffre change : faute de frappe, ou erreur d'une des bases.",
        "Relisez le document d'identité. S'il donne raison au dossier, ouvrez une discordance.",
        _GUIDE,
    ),
    Cause.LIEU_ABSENT: Tolerance(
        Severity.ACCEPTABLE, "L'INS ne donne pas de lieu de naissance.", _KEEP, _GUIDE
    ),
    Cause.LIEU_INCONNU: Tolerance(
        Severity.ACCEPTABLE, "Le lieu de naissance n'était pas connu du dossier.", _KEEP, _GUIDE
    ),
    Cause.LIEU_DIFFERENT: Tolerance(
        Severity.REASON,
        "Le code du lieu change : commune fusionnée ou renommée, Corse (20, 2A, 2B), pays, ou erreur.",
        "Vérifiez que les deux codes désignent le même lieu, puis notez ce que vous avez vu.",
        _OWN,
    ),
    Cause.JOUR_MOIS_INVERSES: Tolerance(
        Severity.BLOCKING,
        "Le jour et le mois semblent échangés.",
        "Relisez la date sur le document d'identité et corrigez le dossier.",
        _OWN,
    ),
    Cause.DATE_INCOMPLETE: Tolerance(
        Severity.BLOCKING,
        "L'une des dates est une date incomplète remplacée par la règle nationale.",
        "Relisez la date sur le document d'identité. S'il donne raison au dossier, ouvrez une discordance.",
        _GUIDE,
    ),
    Cause.DATE_DIFFERENTE: Tolerance(
        Severity.BLOCKING, "Les dates de naissance sont différentes.", _CASE, _GUIDE
    ),
    Cause.SEXE_NON_RENSEIGNE: Tolerance(
        Severity.ACCEPTABLE, "Le sexe n'était pas renseigné dans le dossier.", _KEEP, _GUIDE
    ),
    Cause.SEXE_DIFFERENT: Tolerance(Severity.BLOCKING, "Le sexe est différent.", _CASE, _GUIDE),
    Cause.AUTRE: Tolerance(Severity.BLOCKING, "Les deux valeurs sont différentes.", _CASE, _GUIDE),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of character positions [start, end) that differ, in one of the two texts."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, repr=False)
class Discrepancy:
    """One trait that differs: both texts, the differing spans of each, the cause and what it means."""

    trait: Trait
    local: str
    received: str
    local_spans: tuple[Span, ...]
    received_spans: tuple[Span, ...]
    cause: Cause

    def __repr__(self) -> str:
        """Hide the values."""
        return f"Discrepancy({self.trait.value}, {self.cause.value})"

    @property
    def tolerance(self) -> Tolerance:
        """The row of the tolerance table that applies."""
        return TOLERANCES[self.cause]

    @property
    def label(self) -> str:
        """French name of the trait."""
        return TRAIT_LABELS[self.trait]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every difference between local traits and received ones, and the verdict on the whole."""

    discrepancies: tuple[Discrepancy, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict: two traits that really differ mean another person may have been found."""
        severities = [item.tolerance.severity for item in self.discrepancies]
        blocking = {item.trait for item in self.discrepancies if item.tolerance.severity is Severity.BLOCKING}
        # A wrong birth list shows as both a wrong list and a wrong first name: one difference, not two.
        if {Trait.PRENOMS, Trait.PREMIER_PRENOM} <= blocking:
            blocking.discard(Trait.PREMIER_PRENOM)
        if len(blocking) >= 2 and not self._swapped():
            return Verdict.AUTRE_PERSONNE
        if blocking:
            return Verdict.DISCORDANTE
        if Severity.REASON in severities:
            return Verdict.A_MOTIVER
        return Verdict.ACCEPTABLE if severities else Verdict.IDENTIQUE

    def _swapped(self) -> bool:
        """Whether the name and the first name were merely exchanged."""
        return any(item.cause is Cause.NOM_PRENOM_INVERSES for item in self.discrepancies)


def compare(local: Traits, received: Traits) -> Comparison:
    """Compare the traits of the record with those received (INSi, document, scan)."""
    found: list[Discrepancy] = []
    for trait in Trait:
        mine, theirs = local.of(trait), received.of(trait)
        if mine == theirs or (trait is Trait.PREMIER_PRENOM and not theirs):
            continue
        cause = _cause(trait, local, received)
        mine_spans, theirs_spans = differing_spans(mine, theirs)
        found.append(Discrepancy(trait, mine, theirs, mine_spans, theirs_spans, cause))
    return Comparison(tuple(found))


def differing_spans(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the ranges that differ in each text, letter by letter (empty ranges are left out).

    Two texts that share less than half of their letters are two words: each differs as a whole.
    """
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    if left and right and matcher.ratio() < ALIKE:
        return (Span(0, len(left)),), (Span(0, len(right)),)
    codes = matcher.get_opcodes()
    changed = [code for code in codes if code[0] != "equal"]
    return (
        tuple(Span(i, j) for _, i, j, _, _ in changed if j > i),
        tuple(Span(i, j) for _, _, _, i, j in changed if j > i),
    )


def _cause(trait: Trait, local: Traits, received: Traits) -> Cause:
    """Return the probable cause of the difference on one trait."""
    match trait:
        case Trait.NOM_NAISSANCE:
            return _name_cause(local, received)
        case Trait.PRENOMS | Trait.PREMIER_PRENOM:
            return _given_names_cause(local, received, local.of(trait), received.of(trait))
        case Trait.SEXE:
            return Cause.SEXE_NON_RENSEIGNE if local.sexe is Sexe.INDETERMINE else Cause.SEXE_DIFFERENT
        case Trait.DATE_NAISSANCE:
            return _date_cause(local, received)
        case Trait.LIEU_NAISSANCE:
            if not received.lieu_naissance:
                return Cause.LIEU_ABSENT
            return Cause.LIEU_INCONNU if local.lieu_naissance in ("", COG_UNKNOWN) else Cause.LIEU_DIFFERENT


def _writing_cause(mine: str, theirs: str) -> Cause | None:
    """Return ECRITURE or TIRET when both texts are the same name written otherwise, else None."""
    if fold(mine) == fold(theirs) or fold(mine).replace(" ", "") == fold(theirs).replace(" ", ""):
        hyphen = mine.count("-") != theirs.count("-") or mine.count(" ") != theirs.count(" ")
        return Cause.TIRET if hyphen else Cause.ECRITURE
    return None


def _name_cause(local: Traits, received: Traits) -> Cause:
    """Return the probable cause of a difference of birth name."""
    mine, theirs = local.nom_naissance, received.nom_naissance
    if cause := _writing_cause(mine, theirs):
        return cause
    if fold(mine) == fold(received.prenoms) or fold(theirs) == fold(local.prenoms):
        return Cause.NOM_PRENOM_INVERSES
    if _one_edit(fold(mine), fold(theirs)):
        return Cause.UNE_LETTRE
    used = {fold(name) for name in (local.nom_utilise, received.nom_utilise) if name}
    # Double names, and women's records whose other traits agree, are mostly used names typed as birth names.
    if fold(mine) in used or fold(theirs) in fold(mine).split() or _other_traits_agree(local, received):
        return Cause.NOM_USAGE
    return Cause.AUTRE


def _other_traits_agree(local: Traits, received: Traits) -> bool:
    """Whether everything but the name agrees, which points to a used name rather than to another person."""
    first = given_names(fold(local.prenoms))[:1]
    return (
        local.sexe is Sexe.F
        and received.sexe is Sexe.F
        and local.date_naissance.text == received.date_naissance.text
        and first == given_names(fold(received.prenoms))[:1]
    )


def _given_names_cause(local: Traits, received: Traits, mine: str, theirs: str) -> Cause:
    """Return the probable cause of a difference between two lists of given names."""
    if cause := _writing_cause(mine, theirs):
        return cause
    mine_names, theirs_names = fold(mine).split(), fold(theirs).split()
    if theirs_names[: len(mine_names)] == mine_names and mine_names:
        # MARIE against MARIE-CLAUDE: half of a compound name, not a longer list.
        whole = fold(given_names(theirs)[0]).split()
        return Cause.PRENOM_COMPOSE if len(mine_names) < len(whole) else Cause.LISTE_PLUS_LONGUE
    if mine_names[: len(theirs_names)] == theirs_names and theirs_names:
        return Cause.LISTE_PLUS_COURTE
    if sorted(mine_names) == sorted(theirs_names):
        return Cause.ORDRE_PRENOMS
    if fold(mine) == fold(received.nom_naissance) or fold(theirs) == fold(local.nom_naissance):
        return Cause.NOM_PRENOM_INVERSES
    pairs = itertools.zip_longest(mine_names, theirs_names[: len(mine_names)], fillvalue="")
    wrong = [(a, b) for a, b in pairs if a != b]
    return Cause.UNE_LETTRE if len(wrong) == 1 and _one_edit(*wrong[0]) else Cause.AUTRE


def _date_cause(local: Traits, received: Traits) -> Cause:
    """Return the probable cause of a difference of birth date."""
    mine, theirs = local.date_naissance, received.date_naissance
    year, month, day = mine.text.split("-")
    if theirs.text == f"{year}-{day}-{month}":
        return Cause.JOUR_MOIS_INVERSES
    lunar = theirs.calendar is None or mine.interpreted or theirs.interpreted
    if lunar and theirs.text[:4] == year:
        return Cause.DATE_INCOMPLETE
    if _one_edit(mine.text, theirs.text):
        return Cause.UNE_LETTRE
    return Cause.DATE_DIFFERENTE


def _one_edit(left: str, right: str) -> bool:
    """Whether one substitution, insertion, deletion or swap of neighbours turns one text into the other."""
    if abs(len(left) - len(right)) > 1 or not left or not right:
        return False
    start = len(_common_prefix(left, right))
    end = len(_common_prefix(left[start:][::-1], right[start:][::-1]))
    a, b = left[start : len(left) - end], right[start : len(right) - end]
    return max(len(a), len(b)) <= 1 or (len(a) == len(b) == 2 and a == b[::-1])


def _common_prefix(left: str, right: str) -> str:
    """Return the longest common beginning of two texts."""
    return "".join(
        a for a, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False))
    )
