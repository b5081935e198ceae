"""One exchange from claim to settlement: query when the outcome is unknown, send, write the result."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from amarre.dui.exchanges import milestones
from amarre.dui.exchanges.errors import StaleLease, Unexpected
from amarre.dui.exchanges.handlers import Completing, Handler, Job, Outcome, handler_of
from amarre.dui.exchanges.services.before_send import keep_late_parts, note_departure
from amarre.dui.exchanges.services.claim import Claim, claim_next
from amarre.dui.exchanges.services.settle import settle_accepted, settle_failed
from amarre.interop.common.errors import AmarreError, Effect

Result = TypeVar("Result")

logger = logging.getLogger("amarre.exchanges")


def process_next() -> bool:
    """Process one due exchange; return False when there was none."""
    claim = claim_next()
    if claim is None:
        return False
    process(claim)
    return True


def process(claim: Claim) -> None:
    """Play a claimed exchange to its settlement.

    Short transactions (claim, what must be written before sending, settlement) and the network between them,
    never inside. A crash at any point leaves the row « envoyé » with a lease that will end: the next claim
    asks the service first.
    """
    milestones.reach("claimed")
    try:
        _require_attempts_left(claim)
        outcome = _ask(claim) or _send(claim)
    except StaleLease:
        logger.warning("exchange %s: stale lease, nothing sent", claim.job.reference)
        return
    except _Failed as failed:
        milestones.reach("before-settle")
        try:
            settle_failed(
                claim,
                failed.error,
                outcome_unknown=failed.outcome_unknown,
                of_question=failed.of_question,
            )
        except StaleLease:
            logger.warning("exchange %s: stale lease, failure dropped", claim.job.reference)
        logger.info("exchange %s: %s", claim.job.reference, failed.error)
        return
    milestones.reach("before-settle")
    try:
        settle_accepted(claim, outcome)
    except StaleLease:
        logger.warning("exchange %s: stale lease, result dropped", claim.job.reference)
    milestones.reach("settled")


class _Failed(Exception):
    """A failure and what it leaves behind; `of_question`: of the question about an earlier send."""

    def __init__(self, error: AmarreError, *, outcome_unknown: bool, of_question: bool = False) -> None:
        self.error = error
        self.outcome_unknown = outcome_unknown
        self.of_question = of_question
        super().__init__(str(error))


def _require_attempts_left(claim: Claim) -> None:
    """Refuse an exchange whose workers keep dying: no failure was written, so nothing else bounds it."""
    if claim.exhausted:
        logger.error("exchange %s: given up, its workers died on it", claim.job.reference)
        raise _Failed(Unexpected(), outcome_unknown=True)


def _ask(claim: Claim) -> Outcome | None:
    """Ask whether an earlier send took effect, when that is in doubt."""
    if not claim.query_first:
        return None
    try:
        found = _guarded(claim, handler_of(claim.kind).find)
    except AmarreError as error:
        # The question failed: what we wanted to know is still unknown, whatever the failure says of itself.
        raise _Failed(error, outcome_unknown=True, of_question=True) from error
    milestones.reach("queried")
    return found


def _send(claim: Claim) -> Outcome:
    try:
        handler = handler_of(claim.kind)
        claim = _completed(claim, handler)
    except StaleLease:
        raise
    except AmarreError as error:
        # Questions only so far: nothing of the act itself has left.
        raise _Failed(error, outcome_unknown=False) from error
    if not handler.recognises_resends:
        note_departure(claim)
    milestones.reach("before-send")
    try:
        outcome = _guarded(claim, handler.send)
    except AmarreError as error:
        raise _Failed(error, outcome_unknown=error.effect is Effect.UNKNOWN) from error
    milestones.reach("after-send")
    return outcome


def _completed(claim: Claim, handler: Handler) -> Claim:
    """Return the claim with every part of its bytes; those that were missing are written first."""
    if not isinstance(handler, Completing):
        return claim
    late = _guarded(claim, handler.complete)
    if not late:
        return claim
    milestones.reach("completing")
    keep_late_parts(claim, late)
    milestones.reach("completed")
    return replace(claim, job=replace(claim.job, parts=claim.job.parts | late))


def _guarded(claim: Claim, step: Callable[[Job], Result]) -> Result:
    """Play one step; a defect of ours becomes an explained error, so that the other lanes go on."""
    try:
        return step(claim.job)
    except AmarreError:
        raise
    except Exception as error:
        # The edge of the process. The traceback goes to the technical log; bodies and traits never do.
        logger.exception("exchange %s: unexpected failure", claim.job.reference)
        raise Unexpected from error
