"""Near matches between identities: keys to find candidates fast, a score to rank them, and the reasons in
French.

For the search before creation and for duplicates (RNIV 1: search without distinction of hyphens, apostrophes
and accents, on birth and used names). The phonetic key and the weights are this kit's own, as data; a person
decides. Keys are meant for indexed columns: equal keys, not sounds computed in a query.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from amarre.interop.ins.traits import COG_UNKNOWN, Sexe, Traits, fold, given_names

KEYS_VERSION = 2
"""Written beside stored keys: they are made again when it changes."""

# Words that come and go in front of a name.
PARTICLES = frozenset(
    {"DE", "D", "DU", "DES", "LE", "LA", "LES", "L", "VAN", "VON", "DER", "DEN", "EL", "AL"}
)
# Written short in lists, whole on documents.
ABBREVIATIONS = {"ST": "SAINT", "STE": "SAINTE"}
# (what is written, how it sounds), applied in order on a folded name without spaces. Approximate by design.
PHONETIC_RULES: tuple[tuple[str, str], ...] = (
    (r"(?<=[AEIOUY])LL(?=[AEIOUY])", "L"),
    (r"(.)\1+", r"\1"),
    (r"^H|(?<![CPS])H", ""),
    (r"AU[LDT]{1,2}$", "O"),
    (r"EAUX?|AUX?", "O"),
    (r"OEU?|EU", "E"),
    (r"AI|EI|AY|EY", "E"),
    (r"OU", "U"),
    (r"OI|OY", "WA"),
    (r"PH", "F"),
    (r"SCH|SH|CH(?![RL])", "X"),
    (r"CH", "K"),
    (r"QU|Q", "K"),
    (r"GU(?=[EI])", "G"),
    (r"GN", "N"),
    (r"G(?=[EIY])", "J"),
    (r"C(?=[EIY])", "S"),
    (r"C", "K"),
    (r"TH", "T"),
    (r"TI(?=ON|E[LN])", "SI"),
    # A consonant heard or not between two others: LEFEBVRE as LEFEVRE, DUPOND as DUPON.
    (r"(?<=E)B(?=V)", ""),
    (r"(?<=[NRL])[DTGSXZP]$", ""),
    (r"(?<=[AEIOUY])[DTSXZP]$", ""),
    (r"AM(?=[BP])|AN|EN|EM(?=[BP])", "1"),
    (r"IM(?=[BP])|IN|YN", "2"),
    (r"OM(?=[BP])|ON", "3"),
    (r"Y", "I"),
    (r"W", "V"),
    (r"Z", "S"),
    (r"E$|ER$|ES$|EZ$", ""),
    (r"(.)\1+", r"\1"),
)
_COMPILED = tuple((re.compile(pattern), replacement) for pattern, replacement in PHONETIC_RULES)


@functools.lru_cache(maxsize=65_536)
def phonetic_key(name: str) -> str:
    """Return how a French name sounds, roughly, as capitals and digits; names that sound alike share a
    key."""
    text = fold(name).replace(" ", "")
    text = re.sub(r"[^A-Z]", "", text)
    for pattern, replacement in _COMPILED:
        text = pattern.sub(replacement, text)
    return text


@functools.lru_cache(maxsize=65_536)
def plain_key(name: str) -> str:
    """Return a name without case, accent, hyphen, apostrophe, space nor particle: what « the same name »
    means. ST is SAINT."""
    words = [ABBREVIATIONS.get(word, word) for word in fold(name).split()]
    kept = [word for word in words if word not in PARTICLES] or words
    return "".join(kept)


@dataclass(frozen=True, slots=True)
class MatchingKeys:
    """What is stored and indexed for one identity; every tuple is sorted and without duplicates.

    `names` and `sounds` cover the birth name, its parts when it is double, and the used name; `given` covers
    every given name; `birth` is AAAA-MM-JJ, `birth_swapped` with day and month exchanged ("" when that is no
    date).
    """

    names: tuple[str, ...]
    sounds: tuple[str, ...]
    given: tuple[str, ...]
    given_sounds: tuple[str, ...]
    birth: str
    birth_swapped: str


def matching_keys(traits: Traits) -> MatchingKeys:
    """Return the keys of an identity."""
    names = _name_forms(traits)
    given = {plain_key(name) for name in _given_forms(traits)}
    year, month, day = traits.date_naissance.text.split("-")
    swapped = f"{year}-{day}-{month}" if "01" <= day <= "12" and day != month else ""
    return MatchingKeys(
        names=_sorted(plain_key(name) for name in names),
        sounds=_sorted(phonetic_key(plain_key(name)) for name in names),
        given=_sorted(given),
        given_sounds=_sorted(phonetic_key(name) for name in given),
        birth=traits.date_naissance.text,
        birth_swapped=swapped,
    )


def blocking_keys(traits: Traits) -> tuple[str, ...]:
    """Return the keys by which candidates are found: two identities that share none are never compared.

    Each is made of two traits at least, so that a key never gathers a large part of the base.
    """
    keys = matching_keys(traits)
    # Names and given names under one letter: they may have been exchanged.
    sounds = {sound[:2] for sound in (*keys.sounds, *keys.given_sounds)}
    found = {f"d{birth}a{sound}" for birth in _dates(keys) for sound in sounds}
    found |= {f"n{name}g{given}" for name in keys.sounds for given in keys.given_sounds}
    # A name and a first name exchanged.
    found |= {f"n{given}g{name}" for name in keys.sounds for given in keys.given_sounds}
    year = keys.birth[:4]
    found |= {f"n{name}y{year}" for name in keys.sounds}
    return _sorted(found | _two_mistakes_keys(keys, traits))


def _two_mistakes_keys(keys: MatchingKeys, traits: Traits) -> set[str]:
    """Return the keys that a mistake in the name and another one in the date leave equal.

    The given name and the beginning of the name, with any two parts of the date; the given name, the year and
    the place.
    """
    year, month, day = keys.birth.split("-")
    parts = (f"{year}{month}", f"{year}--{day}", f"{month}{day}")
    starts = {name[:2] for name in keys.names}
    found = {f"t{start}g{given}d{part}" for start in starts for given in keys.given_sounds for part in parts}
    if traits.lieu_naissance not in ("", COG_UNKNOWN):
        found |= {f"p{traits.lieu_naissance}g{given}y{year}" for given in keys.given_sounds}
    return found


def _dates(keys: MatchingKeys) -> tuple[str, ...]:
    return tuple(date for date in (keys.birth, keys.birth_swapped) if date)


def _name_forms(traits: Traits) -> set[str]:
    """Return the birth name, the used name, and the parts of double names."""
    found: set[str] = set()
    for name in (traits.nom_naissance, traits.nom_utilise):
        if name:
            found.add(name)
            parts = [part for part in re.split(r"-+| ", name) if len(part) > 2 and part not in PARTICLES]
            found |= set(parts) if len(parts) > 1 else set()
    return found


def _given_forms(traits: Traits) -> set[str]:
    """Return every given name, whole and by part, and the used one."""
    found = set(given_names(traits.prenoms))
    if traits.prenom_utilise:
        found.add(traits.prenom_utilise)
    if traits.premier_prenom:
        found.add(traits.premier_prenom)
    return found | {part for name in found for part in name.split("-") if len(part) > 2}


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


@dataclass(frozen=True, slots=True)
class Match:
    """How near two identities are: a score from 0 to 100 and, in French, what agrees and what does not."""

    score: float
    reasons: tuple[str, ...]

    @property
    def probable(self) -> bool:
        """Whether a person should look at the two identities (threshold of `THRESHOLD`)."""
        return self.score >= THRESHOLD


THRESHOLD = 80.0
"""Measured on the corpus of traps (`measure`); a setting of the product may replace it."""
# Points of each trait; a sum of 100. Weights are ours (unconfirmed).
WEIGHTS = {"nom": 35.0, "prenom": 25.0, "date": 30.0, "sexe": 4.0, "lieu": 6.0}


def match(left: Traits, right: Traits) -> Match:
    """Compare two identities and return their score, with the reasons to show."""
    straight = _names_score(left, right)
    crossed = _crossed_score(left, right)
    nom, prenom, reasons = straight if straight[0] + straight[1] >= crossed[0] + crossed[1] else crossed
    date, date_reason = _date_score(left.date_naissance.text, right.date_naissance.text)
    lieu = _place_score(left.lieu_naissance, right.lieu_naissance)
    known = Sexe.INDETERMINE not in (left.sexe, right.sexe)
    sexe = 0.5 if not known else float(left.sexe is right.sexe)
    score = (
        WEIGHTS["nom"] * nom
        + WEIGHTS["prenom"] * prenom
        + WEIGHTS["date"] * date
        + WEIGHTS["sexe"] * sexe
        + WEIGHTS["lieu"] * lieu
    )
    more = [date_reason]
    if known and left.sexe is not right.sexe:
        more.append("Le sexe est différent.")
        score -= 10
    if _twins(nom, prenom, date):
        more.append("Même nom et même date, prénoms différents : peut-être des jumeaux.")
        score = min(score, THRESHOLD - 10)
    return Match(round(max(score, 0.0), 1), (*reasons, *more))


def _twins(nom: float, prenom: float, date: float) -> bool:
    """Same name and same day, but other first given names: brothers or sisters, not a duplicate."""
    return nom > 0.95 and date == 1.0 and prenom < 0.85


def _names_score(left: Traits, right: Traits) -> tuple[float, float, tuple[str, ...]]:
    """Compare birth and used names, and given names; return both likenesses and the reasons."""
    nom, nom_reason = _likeness(left.nom_naissance, right.nom_naissance, "nom")
    if nom < 0.9:
        other, _ = _best(_name_forms(left), _name_forms(right), "nom")
        if other > 0.9:
            nom, nom_reason = (
                0.95 * other,
                "Le nom de l'un est un nom utilisé, ou une partie du nom, de l'autre.",
            )
    prenom, prenom_reason = _given_score(left, right)
    return nom, prenom, (nom_reason, prenom_reason)


def _given_score(left: Traits, right: Traits) -> tuple[float, str]:
    """Compare the first given names of each with every one of the other: twins share the next ones."""
    mine, theirs = _first_names(left), _first_names(right)
    pairs = itertools.chain(
        itertools.product(mine, {*theirs, *given_names(right.prenoms)}),
        itertools.product({*mine, *given_names(left.prenoms)}, theirs),
    )
    return max((_given_likeness(one, other) for one, other in pairs), default=(0.0, "Le prénom manque."))


def _first_names(traits: Traits) -> set[str]:
    """Return the first given name and the used one, whole."""
    first = traits.premier_prenom or next(iter(given_names(traits.prenoms)), "")
    return {name for name in (first, traits.prenom_utilise) if name}


def _given_likeness(one: str, other: str) -> tuple[float, str]:
    """Compare two given names; of two compound ones every part must be near: JEAN-PAUL is not JEAN-LUC."""
    score, reason = _likeness(one, other, "prénom")
    parts, others = _parts_of_compound(one), _parts_of_compound(other)
    if score == 1.0 or (len(parts) == 1 and len(others) == 1):
        return score, reason
    if len(parts) > 1 and len(others) > 1:
        if len(parts) != len(others):
            return min(score, 0.8), reason
        worst = min(_likeness(a, b, "prénom") for a, b in zip(parts, others, strict=True))
        return worst if worst[0] < score else (score, reason)
    half = max(_likeness(a, b, "prénom")[0] for a in parts for b in others)
    return max((score, reason), (0.97 * half, "Le prénom de l'un est une partie de celui de l'autre."))


def _parts_of_compound(name: str) -> list[str]:
    return [part for part in re.split("[- ]", name) if len(part) > 2] or [name]


def _crossed_score(left: Traits, right: Traits) -> tuple[float, float, tuple[str, ...]]:
    """Compare the name of one with the given names of the other: fields exchanged when typed.

    A family name that is also a given name (ANDRE) is no exchange when the names agree as they are.
    """
    if _likeness(left.nom_naissance, right.nom_naissance, "nom")[0] >= 0.9:
        return 0.0, 0.0, ()
    first, _ = _best(_name_forms(left), _given_forms(right), "nom")
    second, _ = _best(_given_forms(left), _name_forms(right), "prénom")
    both = min(first, second)
    return (
        (0.95 * both, 0.95 * both, ("Le nom et le prénom semblent échangés.",))
        if both > 0.9
        else (0.0, 0.0, ())
    )


def _best(left: set[str], right: set[str], label: str) -> tuple[float, str]:
    """Return the likeness of the nearest pair, 0 to 1, and a reason."""
    best, reason = 0.0, f"Le {label} est différent."
    for one in left:
        for other in right:
            score, why = _likeness(one, other, label)
            if score > best:
                best, reason = score, why
    return best, reason


def _likeness(one: str, other: str, label: str) -> tuple[float, str]:
    a, b = plain_key(one), plain_key(other)
    if not a or not b:
        return 0.0, f"Le {label} manque."
    if a == b:
        same = one == other
        return 1.0, f"Même {label}." if same else f"Même {label}, écrit autrement."
    edits = DamerauLevenshtein.distance(a, b)
    if phonetic_key(a) == phonetic_key(b):
        return 0.96, f"Le {label} se prononce de la même façon."
    if edits == 1 and min(len(a), len(b)) > 3:
        return 0.94, f"Une seule lettre change dans le {label}."
    if edits == 2 and min(len(a), len(b)) > 6:
        return 0.88, f"Deux lettres changent dans le {label}."
    score = JaroWinkler.similarity(a, b)
    if score >= 0.9:
        return score * 0.95, f"Le {label} se ressemble."
    # Below, likeness is chance: it must not add points.
    return max(0.0, score - 0.3) * 0.6, f"Le {label} est différent."


def _date_score(one: str, other: str) -> tuple[float, str]:
    """Return the likeness of two dates AAAA-MM-JJ and a reason."""
    if one == other:
        return 1.0, "Même date de naissance."
    (y1, m1, d1), (y2, m2, d2) = one.split("-"), other.split("-")
    if (y1, m1, d1) == (y2, d2, m2):
        return 0.9, "Le jour et le mois de naissance sont échangés."
    if y1 == y2 and {f"{m1}-{d1}", f"{m2}-{d2}"} & {"12-31", "01-01"}:
        return 0.8, "L'une des dates de naissance est incomplète."
    if DamerauLevenshtein.distance(one, other) == 1:
        return 0.85, "Un seul chiffre change dans la date de naissance."
    if y1 == y2 and (m1 == m2 or d1 == d2):
        part = "le jour" if m1 == m2 else "le mois"
        return 0.6, f"Dans la date de naissance, seul {part} change."
    if y1 == y2:
        return 0.3, "Même année de naissance seulement."
    return 0.0, "La date de naissance est différente."


def _place_score(one: str, other: str) -> float:
    """Return the likeness of two COG codes; an unknown place says nothing."""
    if one in ("", "99999") or other in ("", "99999"):
        return 0.6
    return 1.0 if one == other else (0.5 if one[:2] == other[:2] else 0.0)


@dataclass(frozen=True, slots=True)
class Measure:
    """Figures of the matching on labelled pairs: how many, precision, recall, and recall of the keys
    alone."""

    same: int
    different: int
    precision: float
    recall: float
    keys_recall: float


def measure(pairs: Iterable[tuple[Traits, Traits, bool]], threshold: float = THRESHOLD) -> Measure:
    """Return the figures on pairs labelled « same person » or not. A pair that shares no key is never
    found."""
    same = different = found = wrong = keyed = 0
    for left, right, is_same in pairs:
        shared = bool(set(blocking_keys(left)) & set(blocking_keys(right)))
        positive = shared and match(left, right).score >= threshold
        if is_same:
            same += 1
            found += positive
            keyed += shared
        else:
            different += 1
            wrong += positive
    return Measure(
        same=same,
        different=different,
        precision=found / (found + wrong) if found + wrong else 0.0,
        recall=found / same if same else 0.0,
        keys_recall=keyed / same if same else 0.0,
    )


def rank(
    sought: Traits, candidates: Iterable[tuple[str, Traits]], limit: int = 20
) -> list[tuple[str, Match]]:
    """Return the candidates by decreasing score, each with its reference; ties keep their order."""
    scored = [(reference, match(sought, traits)) for reference, traits in candidates]
    return sorted(scored, key=lambda item: -item[1].score)[:limit]
