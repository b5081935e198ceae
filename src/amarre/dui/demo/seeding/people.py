"""The staff: accounts known by their SubjectNameID, and their roles in each establishment."""

from __future__ import annotations

from amarre.cast import PERSONAS, Persona
from amarre.dui.access.actors import build_actor, choose_place, places_of
from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.models import Essms


def seed_people(places: dict[str, Essms]) -> dict[str, User]:
    """Return the accounts by key of the cast, created or found."""
    return {who.key: _account(who, places) for who in PERSONAS}


def actor_of(user: User, essms: Essms) -> Actor:
    """Return the person acting for one establishment."""
    return build_actor(user, choose_place(places_of(user), essms.pk))


def _account(who: Persona, places: dict[str, Essms]) -> User:
    user = User.objects.filter(subject_name_id=who.subject_name_id).first()
    if user is None:
        user = User.objects.create_user(
            subject_name_id=who.subject_name_id,
            family_name=who.family_name,
            given_name=who.given_name,
            rpps=who.rpps,
        )
        user.civility = who.civility
        user.save()
    code, _, system = who.specialty
    for key in who.establishments:
        Membership.objects.all().get_or_create(
            user=user,
            essms=places[key],
            role=Role(who.role).value,
            defaults={"job": who.title, "author_code": code, "author_code_system": system},
        )
    return user
