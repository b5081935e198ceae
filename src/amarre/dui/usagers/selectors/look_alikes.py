"""Search before creation: identities of the organisme that look like what was typed.

Source: RNIV 1 (recherche d'antériorité): the birth date is the first criterion, names are compared without
distinction between birth and used ones. Shows traits only: these identities may belong to other
establishments of the organisme.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet
from rapidfuzz import fuzz

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import Dossier, DossierWord, Identity, InsHistory
from amarre.dui.usagers.search_words import plain_words
from amarre.dui.usagers.selectors import word_search
from amarre.interop.ins import BirthDate, fold

# Names that resemble at least this much (0 to 100), with another birth date.
NEAR_NAME = 86
# Same birth date: a much weaker resemblance is enough to be shown.
SAME_DATE_NAME = 45
# The same names, whatever their order.
SAME = 99.5
# A name may be begun by its first letters (RNIV 1: three at most).
LETTERS = 3
CANDIDATES = 400
SHOWN = 10


class Likeness(StrEnum):
    """Why an identity is shown."""

    SAME_INS = "Même matricule INS que le code lu"
    SAME = "Mêmes nom, prénom et date de naissance"
    SAME_DATE = "Même date de naissance, nom proche"
    SAME_DATE_GIVEN = "Mêmes prénom et date de naissance"
    SAME_DAY = "Même date de naissance"
    NEAR_DATE = "Nom proche, date de naissance voisine"
    NEAR_NAME = "Nom proche, autre date de naissance"
    NEAR_DAY = "Date de naissance incomplète, compatible"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """One identity, why it is shown, and whether it has a dossier in the actor's establishment."""

    identity: Identity
    likeness: Likeness
    dossier_id: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, as it is compared: family names (birth, used) and a given name, any of them absent."""

    families: tuple[str, ...]
    given: str
    birth: BirthDate

    @property
    def partial(self) -> bool:
        """Whether a name is missing: then the date decides who is shown."""
        return not self.given or not self.families

    @property
    def nameless(self) -> bool:
        """Whether only the date was typed."""
        return not self.given and not self.families

    @property
    def begun(self) -> bool:
        """Whether a name is missing, or so short that it may be the first letters only."""
        return self.partial or min(map(len, (*self.families, self.given))) <= LETTERS


def look_alikes(
    actor: Actor, *, names: Sequence[str], first_name: str, birth: BirthDate, matricule: str = ""
) -> tuple[list[LookAlike], bool]:
    """Return the identities that resemble most, best first, and whether there are more than SHOWN.

    `names` are the family names known, birth or used, compared without distinction; with no name at all, who
    was born that day. `matricule` is the one a Datamatrix bears: who bears or bore it comes first. A few
    indexed queries.
    """
    asked = Asked(tuple(filter(None, map(fold, names))), fold(first_name), birth)
    near = near_dates(birth)
    ranked: list[tuple[int, float, Identity, Likeness]] = []
    for identity, bears in _candidates(actor, asked, near, matricule):
        score = _score(asked, identity)
        likeness = Likeness.SAME_INS if bears else _likeness(asked, score, identity, near)
        if likeness is not None:
            ranked.append((list(Likeness).index(likeness), -score, identity, likeness))
    ranked.sort(key=lambda row: row[:2])
    best = ranked[:SHOWN]
    here = dict(
        Dossier.objects.visible_to(actor)
        .filter(identity__in=[identity.pk for _, _, identity, _ in best])
        .values_list("identity_id", "pk")
    )
    shown = [LookAlike(identity, likeness, here.get(identity.pk)) for _, _, identity, likeness in best]
    return shown, len(ranked) > SHOWN


def near_dates(birth: BirthDate) -> frozenset[str]:
    """Return the dates a typing mistake or an unknown part makes of `birth`, itself included.

    Day and month exchanged, and the dates the RNIV writes when day or month is unknown.
    """
    year, month, day = birth.text.split("-")
    return frozenset(
        {birth.text, f"{year}-{day}-{month}", f"{year}-{month}-01", f"{year}-01-{day}", f"{year}-12-31"}
    )


def identity_of_organisme(actor: Actor, identity_id: int) -> Identity | None:
    """Return an identity that the search before creation showed; its dossiers stay out of reach."""
    with system_scope("search before creation: traits of the organisme's identities"):
        return Identity.objects.filter(organisme_id=actor.organisme_id, pk=identity_id).first()


def _candidates(
    actor: Actor, asked: Asked, near: frozenset[str], matricule: str
) -> list[tuple[Identity, bool]]:
    """Return who was born then, has a near name, or bears the matricule: indexed questions, one each."""
    with system_scope("search before creation: traits of the organisme's identities"):
        rows = Identity.objects.filter(organisme_id=actor.organisme_id, merged_into=None)
        same_day = rows.filter(date_naissance__in=sorted(near)).order_by("date_naissance", "search_key")
        found = {one.pk: one for one in same_day[:CANDIDATES]}
        if not asked.partial:
            places = Essms.objects.filter(organisme_id=actor.organisme_id).values_list("pk", flat=True)
            of_names = DossierWord.objects.filter(essms__in=list(places))
            nearest = [one for family in asked.families for one in _near_names(of_names, family, asked.given)]
            found |= {one.pk: one for one in rows.filter(dossiers__in=[one.dossier_id for one in nearest])}
        bearers = {one.pk: one for one in _bearers(rows, matricule)} if matricule else {}
    return [(one, pk in bearers) for pk, one in (found | bearers).items()]


def _near_names(of_names: QuerySet[DossierWord], family: str, given: str) -> list[word_search.Ranked]:
    words = [*plain_words(family), *plain_words(given)[:1]]
    return word_search.near(of_names, words, CANDIDATES) + word_search.far(of_names, words, CANDIDATES)


def _bearers(rows: QuerySet[Identity], matricule: str) -> list[Identity]:
    """Return who bears or bore this matricule."""
    former = list(InsHistory.objects.filter(matricule=matricule).values_list("identity_id", flat=True))
    return [*rows.filter(matricule=matricule), *rows.filter(pk__in=former)]


def _score(asked: Asked, identity: Identity) -> float:
    """Return the best resemblance (0 to 100) between what was typed and birth or used names, in any order."""
    wanted = [f"{family} {asked.given}".strip() for family in asked.families or ("",)]
    known = [
        f"{family if asked.families else ''} {given if asked.given else ''}".strip()
        for family in _families(identity)
        for given in _givens(identity)
    ]
    return max(fuzz.token_sort_ratio(one, other) for one in wanted for other in known)


def _is_begun(asked: Asked, identity: Identity) -> bool:
    """Whether what was typed begins the names of the identity."""
    return (
        asked.begun
        and _begins(asked.families, _families(identity))
        and _begins((asked.given,), _givens(identity))
    )


def _families(identity: Identity) -> set[str]:
    return {fold(name) for name in (identity.nom_naissance, identity.nom_utilise) if name}


def _givens(identity: Identity) -> set[str]:
    known = (identity.premier_prenom, identity.prenoms, identity.prenom_utilise)
    return {fold(name) for name in known if name}


def _begins(typed: Iterable[str], known: set[str]) -> bool:
    """Whether a name typed, if there is any, begins one of the words known."""
    wanted = [name for name in typed if name]
    words = {word for name in known for word in (name, name.replace(" ", ""), *name.split())}
    return not wanted or any(word.startswith(name) for name in wanted for word in words)


def _likeness(asked: Asked, score: float, identity: Identity, near: frozenset[str]) -> Likeness | None:
    """Return why the identity is shown, None when it is not."""
    if identity.date_naissance == asked.birth.text:
        return _same_day(asked, score, identity)
    if identity.date_naissance not in near:
        return Likeness.NEAR_NAME if score >= NEAR_NAME and not asked.partial else None
    if asked.nameless:
        return Likeness.NEAR_DAY if identity.date_interpretee or asked.birth.interpreted else None
    return Likeness.NEAR_DATE if score >= NEAR_NAME or _is_begun(asked, identity) else None


def _same_day(asked: Asked, score: float, identity: Identity) -> Likeness | None:
    if asked.nameless:
        return Likeness.SAME_DAY
    if score >= SAME and not asked.partial:
        return Likeness.SAME
    if score >= SAME_DATE_NAME or _is_begun(asked, identity):
        return Likeness.SAME_DATE
    return Likeness.SAME_DATE_GIVEN if asked.given in _givens(identity) else None
