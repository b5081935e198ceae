"""Where a person who just proved who they are begins to work."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase

from amarre.dui.access.actors import SESSION_ESSMS, SESSION_MEANS, Place, build_actor, places_of
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor


def enter(user: User, numbers: frozenset[str], session: SessionBase, means: str) -> Actor | None:
    """Choose the establishment and return the actor, None when the person has no role in force anywhere.

    Roles come from Amarre alone; `numbers` (FINESS and SIRET of the activities given by Pro Santé Connect)
    only choose where to begin among several establishments.
    """
    places = places_of(user)
    if not places:
        return None
    place = _declared(places, numbers) or places[0]
    session[SESSION_ESSMS] = place.essms_id
    session[SESSION_MEANS] = means
    return build_actor(user, place, session_key=session.session_key or "", means=means)


def _declared(places: list[Place], numbers: frozenset[str]) -> Place | None:
    return next((place for place in places if numbers & place.numbers), None)
