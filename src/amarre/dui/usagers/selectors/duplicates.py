"""Read models of the doublons: the work-list, one pair side by side, the fusions made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import today
from amarre.dui.core.paging import Page, keyset_page
from amarre.dui.usagers.models import Dossier, DuplicatePair, Identity, IdentityMerge
from amarre.dui.usagers.presenters import birth_place, status_key, usual_name
from amarre.dui.usagers.selectors.comparison import Segment, segments
from amarre.interop.ins import COG_UNKNOWN, TRAIT_LABELS, Status, Trait, differing_spans, fold

PAGE_SIZE = 25
UNKNOWN = "–"
State = DuplicatePair.State
SHELVES = {"": (State.PROPOSED, "À examiner"), "deux-personnes": (State.DISTINCT, "Deux personnes")}
_TRUST = {Status.QUALIFIEE: 3, Status.RECUPEREE: 2, Status.VALIDEE: 1, Status.PROVISOIRE: 0}


def waiting_pairs(actor: Actor) -> QuerySet[Any]:
    """Return the pairs that nobody judged, of identities that are both active."""
    return DuplicatePair.objects.visible_to(actor).filter(
        state=State.PROPOSED, first__merged_into=None, second__merged_into=None
    )


def pair_page(actor: Actor, shelf: str, cursor: str) -> Page[Any]:
    """Return one page of a shelf, the most alike first. One query."""
    state, _ = SHELVES.get(shelf, SHELVES[""])
    rows = waiting_pairs(actor) if state is State.PROPOSED else DuplicatePair.objects.visible_to(actor)
    rows = rows.filter(state=state).select_related("first", "second", "decided_by")
    return keyset_page(rows, order=("-score", "-pk"), cursor=cursor, size=PAGE_SIZE)


def merge_page(actor: Actor, cursor: str) -> Page[Any]:
    """Return one page of the fusions, the latest first. One query."""
    rows = IdentityMerge.objects.visible_to(actor).select_related(
        "survivor", "absorbed", "merged_by", "undone_by"
    )
    return keyset_page(rows, order=("-merged_at", "-pk"), cursor=cursor, size=PAGE_SIZE)


@dataclass(frozen=True, slots=True)
class TraitPair:
    """One trait of the two identities, the letters that change marked."""

    label: str
    first: tuple[Segment, ...]
    second: tuple[Segment, ...]
    differs: bool
    word: str = "Différent."


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two identities: what helps to choose which one stays."""

    identity: Identity
    name: str
    status: str
    places: tuple[str, ...]
    dossier_id: int | None
    since: str
    has_ins: bool


def sides_of(actor: Actor, pair: DuplicatePair) -> tuple[Side, Side]:
    """Return the two identities; places are named, only dossiers of the actor's establishment have an id."""
    with system_scope("names of the establishments that hold a dossier of a pair in scope"):
        dossiers = list(
            Dossier.objects.filter(identity__in=(pair.first_id, pair.second_id))
            .select_related("essms")
            .order_by("entered_on", "pk")
        )
    return _side(actor, pair.first, dossiers), _side(actor, pair.second, dossiers)


def suggested_survivor(pair: DuplicatePair) -> Identity:
    """Return the identity that should stay: the most trusted, else the older one."""
    first, second = pair.first, pair.second
    return second if _TRUST[second.status] > _TRUST[first.status] else first


def trait_pairs(first: Identity, second: Identity) -> list[TraitPair]:
    """Return the six traits then the used names, side by side."""
    rows = [(TRAIT_LABELS[trait].capitalize(), _text(trait, first), _text(trait, second)) for trait in Trait]
    rows.append(("Nom utilisé", first.nom_utilise or UNKNOWN, second.nom_utilise or UNKNOWN))
    return [_trait_pair(*row) for row in rows]


def _trait_pair(label: str, one: str, other: str) -> TraitPair:
    if one == other:
        same = (Segment(one, False),)
        return TraitPair(label, same, same, False)
    if any(text == UNKNOWN or text.endswith(f"({COG_UNKNOWN})") for text in (one, other)):
        return TraitPair(label, (Segment(one, True),), (Segment(other, True),), True, "Inconnu d’un côté.")
    spans, others = differing_spans(one, other)
    word = "Écrit autrement." if _same_letters(one, other) else "Différent."
    return TraitPair(label, segments(one, spans, others), segments(other, others, spans), True, word)


def _same_letters(one: str, other: str) -> bool:
    """Whether only spaces, hyphens or apostrophes change."""
    return fold(one).replace(" ", "") == fold(other).replace(" ", "")


def _text(trait: Trait, identity: Identity) -> str:
    if trait is Trait.DATE_NAISSANCE:
        return identity.traits.date_naissance.french
    if trait is Trait.LIEU_NAISSANCE:
        return birth_place(identity)
    return identity.traits.of(trait)


def _side(actor: Actor, identity: Identity, dossiers: list[Dossier]) -> Side:
    mine = [one for one in dossiers if one.identity_id == identity.pk]
    here = next((one.pk for one in mine if one.essms_id == actor.essms_id), None)
    on = today()
    return Side(
        identity=identity,
        name=usual_name(identity),
        status=status_key(identity),
        places=tuple(
            f"{one.essms.name}, dossier {one.number}{', sorti' if one.left_on and one.left_on < on else ''}"
            for one in mine
        ),
        dossier_id=here,
        since=identity.created_at.date().strftime("%d/%m/%Y"),
        has_ins=bool(identity.matricule),
    )


def dossier_here(actor: Actor, identity_id: int) -> int | None:
    """Return the dossier of an identity in the actor's establishment, None when there is none."""
    return (
        Dossier.objects.visible_to(actor)
        .filter(identity=identity_id, joined_to=None)
        .values_list("pk", flat=True)
        .first()
    )
