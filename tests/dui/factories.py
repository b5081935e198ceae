"""Rows that most tests of the record need: an organisme, establishments, people with a role."""

from __future__ import annotations

import itertools

from amarre.dui.access.actors import build_actor, choose_place, places_of
from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.enums import EssmsKind
from amarre.dui.organisations.models import Essms, OrganismeGestionnaire

# The first numbers are those of the cast.
_numbers = itertools.count(100)


def make_organisme(name: str = "Association Les Deux Quais") -> OrganismeGestionnaire:
    return OrganismeGestionnaire.objects.create(name=name, finess_ej="990001000")


def make_essms(organisme: OrganismeGestionnaire, name: str = "Service à domicile", **values: object) -> Essms:
    given = {"kind": EssmsKind.SAD, "finess_eg": f"99{next(_numbers):07d}", "city": "Port-Amarre"}
    return Essms.objects.create(organisme=organisme, name=name, **{**given, **values})


def make_user(given_name: str = "Bob", family_name: str = "Morvan", *, rpps: str = "") -> User:
    number = rpps or f"810{next(_numbers):08d}"
    return User.objects.create_user(
        subject_name_id=f"8{number}", family_name=family_name, given_name=given_name, rpps=number
    )


def give_role(user: User, essms: Essms, *roles: Role) -> None:
    for role in roles:
        Membership.objects.create(user=user, essms=essms, role=role)


def actor_for(user: User, essms: Essms) -> Actor:
    """Return the actor of `user` in `essms`; the user has a role there."""
    return build_actor(user, choose_place(places_of(user), essms.pk), session_key="test-session")
