"""The state table of an exchange: what happened × where we were → where we are."""

from __future__ import annotations

from enum import StrEnum

from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import IllegalTransition
from amarre.interop.common.errors import AmarreError, Effect, Retry


class Event(StrEnum):
    """What may happen to an exchange."""

    CONFIRMED = "confirmed"  # a second person, never who asked, agreed that it leaves
    CLAIMED = "claimed"  # a worker holds it: bytes may leave from now on
    ACCEPTED = "accepted"
    REFUSED = "refused"  # the service understood and said no
    POSTPONED = "postponed"  # nothing left, or the service asks to come back later
    UNCLEAR = "unclear"  # bytes left, no answer: query before resending
    GIVEN_UP = "given_up"  # attempts exhausted, or something must be mended first
    RESUMED = "resumed"  # a person pressed « Réessayer »
    CANCELLED = "cancelled"  # stopped before anything left


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.A_VALIDER, Event.CONFIRMED): State.EN_FILE,
    (State.A_VALIDER, Event.CANCELLED): State.ANNULE,
    (State.EN_FILE, Event.CLAIMED): State.ENVOYE,
    (State.EN_FILE, Event.CANCELLED): State.ANNULE,
    (State.ENVOYE, Event.CLAIMED): State.ENVOYE,  # the lease of a dead worker ended
    (State.INCONNU, Event.CLAIMED): State.ENVOYE,
    (State.ENVOYE, Event.ACCEPTED): State.ACCEPTE,
    (State.ENVOYE, Event.REFUSED): State.REFUSE,
    (State.ENVOYE, Event.POSTPONED): State.EN_FILE,
    (State.ENVOYE, Event.UNCLEAR): State.INCONNU,
    (State.ENVOYE, Event.GIVEN_UP): State.A_REFAIRE,
    (State.REFUSE, Event.RESUMED): State.EN_FILE,
    (State.A_REFAIRE, Event.RESUMED): State.EN_FILE,
}


def next_state(state: str, event: Event) -> State:
    """Return the state after `event`. Raises IllegalTransition for every pair not in the table."""
    try:
        return TRANSITIONS[(State(state), event)]
    except KeyError:
        raise IllegalTransition(state=State(state).label, event=event.value) from None


def event_of_failure(error: AmarreError, *, attempts_left: int, outcome_unknown: bool) -> Event:
    """Return what a failure means for the exchange, from the error's own retry rule and effect.

    `outcome_unknown` is true when bytes may be at the service: the next claim asks before resending, and a
    business refusal cannot be concluded from a failed question.
    """
    if attempts_left <= 0 or (error.retry is Retry.AFTER_FIX and error.effect is Effect.NONE):
        return Event.GIVEN_UP
    if outcome_unknown:
        return Event.UNCLEAR
    if error.retry is Retry.LATER:
        return Event.POSTPONED
    return Event.REFUSED
