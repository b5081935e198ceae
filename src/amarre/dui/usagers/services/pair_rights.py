"""Who may decide about two identities: their dossiers may be in several establishments of the organisme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from amarre.dui.access.actors import places_of
from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.vigilance_errors import RightMissingElsewhere


def require_everywhere(actor: Actor, dossiers: Iterable[Dossier]) -> None:
    """Refuse unless the person qualifies identities in every establishment that holds one of `dossiers`.

    `dossier.essms` is loaded. Raises RightMissingElsewhere, naming the establishments.
    """
    mine = places_of_referent(actor)
    others = {one.essms.name for one in dossiers if one.essms_id not in mine}
    if others:
        raise RightMissingElsewhere(places=", ".join(sorted(others)))


def places_of_referent(actor: Actor) -> frozenset[int]:
    """Return the establishments where the person behind `actor` may qualify identities today."""
    user = User.objects.get(pk=actor.person_id)
    return frozenset(
        place.essms_id
        for place in places_of(user)
        if can(
            replace(actor, essms_id=place.essms_id, organisme_id=place.organisme_id, roles=place.roles),
            Permission.QUALIFY_IDENTITE,
        )
    )
