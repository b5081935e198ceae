"""Search before creation: identities of the organisme that look like what was typed.

Source: RNIV 1 (recherche d'antériorité): the birth date is the first criterion, names are compared without
distinction between birth and used ones. Shows traits only: these identities may belong to other
establishments of the organisme.
"""

from __future__ import annotations

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
CANDIDATES = 400
SHOWN = 10


class Likeness(StrEnum):
    """Why an identity is shown."""

    SAME_INS = "Même matricule INS que le code lu"
    SAME = "Mêmes nom, prénom et date de naissance"
    SAME_DATE = "Même date de naissance, nom proche"
    NEAR_DATE = "Nom proche, date de naissance voisine"
    NEAR_NAME = "Nom proche, autre date de naissance"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """One identity, why it is shown, and whether it has a dossier in the actor's establishment."""

    identity: Identity
    likeness: Likeness
    dossier_id: int | None


def look_alikes(
    actor: Actor, *, name: str, first_name: str, birth: BirthDate, matricule: str = ""
) -> list[LookAlike]:
    """Return the identities that resemble most, best first; at most SHOWN. A few indexed queries.

    `matricule` is the one a Datamatrix bears: who bears or bore it comes first.
    """
    wanted = fold(f"{name} {first_name}")
    near = near_dates(birth)
    ranked: list[tuple[int, float, Identity, Likeness]] = []
    for identity, bears in _candidates(actor, name, first_name, near, matricule):
        score = _score(wanted, identity)
        likeness = Likeness.SAME_INS if bears else _likeness(score, identity.date_naissance, birth.text, near)
        if likeness is not None:
            ranked.append((list(Likeness).index(likeness), -score, identity, likeness))
    ranked.sort(key=lambda row: row[:2])
    best = ranked[:SHOWN]
    here = dict(
        Dossier.objects.visible_to(actor)
        .filter(identity__in=[identity.pk for _, _, identity, _ in best])
        .values_list("identity_id", "pk")
    )
    return [LookAlike(identity, likeness, here.get(identity.pk)) for _, _, identity, likeness in best]


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
    actor: Actor, name: str, first_name: str, near: frozenset[str], matricule: str
) -> list[tuple[Identity, bool]]:
    """Return who was born then, has a near name, or bears the matricule: indexed questions, one each."""
    words = [*plain_words(name), *plain_words(first_name)[:1]]
    with system_scope("search before creation: traits of the organisme's identities"):
        rows = Identity.objects.filter(organisme_id=actor.organisme_id, merged_into=None)
        same_day = rows.filter(date_naissance__in=sorted(near)).order_by("date_naissance", "search_key")
        found = {one.pk: one for one in same_day[:CANDIDATES]}
        places = Essms.objects.filter(organisme_id=actor.organisme_id).values_list("pk", flat=True)
        of_names = DossierWord.objects.filter(essms__in=list(places))
        nearest = word_search.near(of_names, words, CANDIDATES) + word_search.far(of_names, words, CANDIDATES)
        found |= {one.pk: one for one in rows.filter(dossiers__in=[one.dossier_id for one in nearest])}
        bearers = {one.pk: one for one in _bearers(rows, matricule)} if matricule else {}
    return [(one, pk in bearers) for pk, one in (found | bearers).items()]


def _bearers(rows: QuerySet[Identity], matricule: str) -> list[Identity]:
    """Return who bears or bore this matricule."""
    former = list(InsHistory.objects.filter(matricule=matricule).values_list("identity_id", flat=True))
    return [*rows.filter(matricule=matricule), *rows.filter(pk__in=former)]


def _score(wanted: str, identity: Identity) -> float:
    """Return the best resemblance between what was typed and birth or used names, in any order."""
    families = {identity.nom_naissance, identity.nom_utilise} - {""}
    givens = {identity.premier_prenom, identity.prenoms, identity.prenom_utilise} - {""}
    return max(
        fuzz.token_sort_ratio(wanted, fold(f"{family} {given}")) for family in families for given in givens
    )


def _likeness(score: float, date: str, wanted: str, near: frozenset[str]) -> Likeness | None:
    if date == wanted:
        if score >= 99.5:
            return Likeness.SAME
        return Likeness.SAME_DATE if score >= SAME_DATE_NAME else None
    if score < NEAR_NAME:
        return None
    return Likeness.NEAR_DATE if date in near else Likeness.NEAR_NAME
