"""The actor behind a request: the person, the establishment they chose, their roles there today."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass

from django.http import HttpRequest

from amarre.dui.access.errors import NoActiveEssms, NotAMember
from amarre.dui.access.models import Membership
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor, ActorKind
from amarre.dui.core.clock import today
from amarre.dui.core.scoping import internal_scope

SESSION_ESSMS = "active_essms_id"
SESSION_MEANS = "authentication_means"
# Read at each request: what a place needs, nothing more.
_READ = (
    "role", "job", "essms__name", "essms__city", "essms__organisme", "essms__finess_eg", "essms__siret",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One establishment where a person may act, and their roles there."""

    essms_id: int
    organisme_id: int
    name: str
    city: str
    roles: frozenset[str]
    # What the person does there, in their own words; empty when nobody wrote it.
    job: str = ""
    # FINESS and SIRET of the establishment.
    numbers: frozenset[str] = frozenset()


def places_of(user: User) -> list[Place]:
    """Return the establishments where the person has a role in force today, by name."""
    with internal_scope("rights of one person, read at each request"):
        rows = list(
            Membership.objects.in_force(today())
            .filter(user=user)
            .select_related("essms")
            .only(*_READ)
            .order_by("essms__name")
        )
    roles: dict[int, set[str]] = {}
    for row in rows:
        roles.setdefault(row.essms_id, set()).add(row.role)
    essms = {row.essms_id: row.essms for row in rows}
    jobs = {row.essms_id: row.job for row in rows if row.job}
    return [
        Place(
            essms_id=pk,
            organisme_id=one.organisme_id,
            name=one.name,
            city=one.city,
            roles=frozenset(roles[pk]),
            job=jobs.get(pk, ""),
            numbers=frozenset({one.finess_eg, one.siret} - {""}),
        )
        for pk, one in essms.items()
    ]


def build_actor(user: User, place: Place | None, *, session_key: str = "", means: str = "") -> Actor:
    """Return the actor of a person at a place; the session's key never leaves, its digest does."""
    reference = hashlib.sha256(session_key.encode()).hexdigest()[:16] if session_key else ""
    return Actor(
        kind=ActorKind.PERSON,
        name=user.get_full_name(),
        user_id=user.pk,
        essms_id=place.essms_id if place else None,
        organisme_id=place.organisme_id if place else None,
        roles=place.roles if place else frozenset(),
        session_ref=reference,
        means=means,
    )


def chosen_place(places: list[Place], essms_id: object) -> Place | None:
    """Return the place of `essms_id`, else the first one, else None."""
    return next((place for place in places if place.essms_id == essms_id), places[0] if places else None)


def choose_place(places: list[Place], essms_id: int) -> Place:
    """Return the place of `essms_id`; raises NotAMember."""
    for place in places:
        if place.essms_id == essms_id:
            return place
    raise NotAMember()


def acting_at(actor: Actor, place: Place) -> Actor:
    """Return the same person, acting for `place`."""
    return dataclasses.replace(
        actor, essms_id=place.essms_id, organisme_id=place.organisme_id, roles=place.roles
    )


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor of a request; raises NoActiveEssms when nobody acts for an establishment."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or actor.essms_id is None:
        raise NoActiveEssms()
    return actor


def place_of(request: HttpRequest) -> Place | None:
    """Return the place where the person acts, or None."""
    place = getattr(request, "place", None)
    return place if isinstance(place, Place) else None
