"""The figures of identitovigilance: each one is the count of a list that can be opened."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q

from amarre.dui.access.scope import ScopedQuerySet
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers.models import CollisionCase, Dossier, VigilanceSettings
from amarre.dui.usagers.selectors import people

MONTH = datetime.timedelta(days=365) / 12
PROVISIONAL = "provisoire-ancienne"
TO_VERIFY = "a-reverifier"
TITLES = {
    PROVISIONAL: "Identités provisoires depuis longtemps",
    TO_VERIFY: "INS à vérifier à nouveau",
}


@dataclass(frozen=True, slots=True)
class Delays:
    """After how long an identity is late, in one establishment."""

    provisional_days: int
    reverification_months: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How many people of the file active have a status, and the share in percent (None: nobody)."""

    key: str
    label: str
    count: int
    share: float | None


def delays_of(actor: Actor) -> Delays:
    """Return the delays of the actor's establishment, the usual ones when nothing was set."""
    row = VigilanceSettings.objects.visible_to(actor).first() or VigilanceSettings()
    return Delays(row.provisional_days, row.reverification_months)


def late_provisional(actor: Actor, delays: Delays | None = None) -> ScopedQuerySet[Dossier]:
    """Return the dossiers present whose identity is provisional for longer than the establishment allows.

    Counted from the entry in the establishment: an identity may be older than its dossier.
    """
    limit = (delays or delays_of(actor)).provisional_days
    before = now().date() - datetime.timedelta(days=limit)
    return people.filtered(actor, "provisoire").filter(entered_on__lt=before)


def due_for_verification(actor: Actor, delays: Delays | None = None) -> ScopedQuerySet[Dossier]:
    """Return the dossiers present whose INS was neither obtained nor verified for longer than allowed."""
    months = (delays or delays_of(actor)).reverification_months
    before = now() - months * MONTH
    return people.present_dossiers(actor).filter(
        Q(identity__ins_verified_at=None, identity__ins_obtained_at__lt=before)
        | Q(identity__ins_verified_at__lt=before, identity__ins_obtained_at__lt=before),
        identity__traits_from_insi=True,
    )


def open_collisions(actor: Actor) -> ScopedQuerySet[CollisionCase]:
    """Return the collision procedures that are not closed."""
    return CollisionCase.objects.visible_to(actor).filter(closed_at=None)


def rates(actor: Actor) -> list[Rate]:
    """Return the share of each status among the people present, fictive ones left out. One query."""
    counted = {key: condition for key, (_, condition) in people.FILTERS.items() if key}
    totals = (
        people.present_dossiers(actor)
        .filter(identity__is_fictive=False)
        .aggregate(
            all=Count("pk"), **{key: Count("pk", filter=condition) for key, condition in counted.items()}
        )
    )
    whole = totals["all"]
    return [
        Rate(key, people.FILTERS[key][0], totals[key], 100 * totals[key] / whole if whole else None)
        for key in counted
    ]


def listed(actor: Actor, key: str) -> ScopedQuerySet[Dossier]:
    """Return the dossiers of one list of people: those of identitovigilance, else the filters of the page."""
    if key == PROVISIONAL:
        return late_provisional(actor)
    return due_for_verification(actor) if key == TO_VERIFY else people.filtered(actor, key)
