"""Choose the establishment one acts for."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.actors import Place, acting_at, choose_place
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor


def choose_essms(*, actor: Actor, places: list[Place], essms_id: int) -> Place:
    """Return the place chosen, once traced in the journal of that establishment; raises NotAMember."""
    place = choose_place(places, essms_id)
    with transaction.atomic():
        record(acting_at(actor, place), "access.essms_chosen")
    return place
