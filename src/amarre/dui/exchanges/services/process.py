"""One exchange from claim to settlement: query when the outcome is unknown, send, write the result."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from amarre.dui.exchanges import milestones
from amarre.dui.exchanges.errors import StaleLease, Unexpected
from amarre.dui.exchanges.handlers import Job, Outcome, handler_of
from amarre.dui.exchanges.services.claim import Claim, claim_next
from amarre.dui.exchanges.services.settle import settle_accepted, settle_failed
from amarre.interop.common.errors import AmarreError, Effect

Result = TypeVar("Result")

logger = logging.getLogger("amarre.exchanges")


def process_next() -> bool:
    """Process one due exchange; return False when there was none.

    Three short transactions (claim, settle, consequences) and the network between them, never inside. A crash
    at any point leaves the row « envoyé » with a lease that will end: the next claim asks the service first.
    """
    claim = claim_next()
    if claim is None:
        return False
    milestones.reach("claimed")
    try:
        _require_attempts_left(claim)
        outcome = _ask(claim) or _send(claim)
    except _Failed as failed:
        milestones.reach("before-settle")
        try:
            settle_failed(claim, failed.error, outcome_unknown=failed.outcome_unknown)
        except StaleLease:
            logger.warning("exchange %s: stale lease, failure dropped", claim.job.reference)
        logger.info("exchange %s: %s", claim.job.reference, failed.error)
        return True
    milestones.reach("before-settle")
    try:
        settle_accepted(claim, outcome)
    except StaleLease:
        logger.warning("exchange %s: stale lease, result dropped", claim.job.reference)
    milestones.reach("settled")
    return True


class _Failed(Exception):
    """A failure and what it leaves behind."""

    def __init__(self, error: AmarreError, *, outcome_unknown: bool) -> None:
        self.error = error
        self.outcome_unknown = outcome_unknown
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
        raise _Failed(error, outcome_unknown=True) from error
    milestones.reach("queried")
    return found


def _send(claim: Claim) -> Outcome:
    milestones.reach("before-send")
    try:
        outcome = _guarded(claim, handler_of(claim.kind).send)
    except AmarreError as error:
        raise _Failed(error, outcome_unknown=error.effect is Effect.UNKNOWN) from error
    milestones.reach("after-send")
    return outcome


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
