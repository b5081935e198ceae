"""Choose the establishment one acts for."""

from __future__ import annotations

import dataclasses

from django.db import transaction

from amarre.dui.access.actors import Place, choose_place
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor


def choose_essms(*, actor: Actor, places: list[Place], essms_id: int) -> Place:
    """Return the place chosen, once traced in the journal of that establishment; raises NotAMember."""
    place = choose_place(places, essms_id)
    there = dataclasses.replace(
        actor, essms_id=place.essms_id, organisme_id=place.organisme_id, roles=place.roles
    )
    with transaction.atomic():
        record(there, "access.essms_chosen")
    return place
