"""Verification of identities behind a port: are this matricule and these traits still those of the national
bases?

Sources: SEL-MP-043 (WS_INS3 unitary, WS_INS4 and WS_INS5 by lots), RNIV 1 (periodic verification of the file
active). The official messages are not public: only the port is defined here, and the only adapter speaks the
sandbox's own form. The service says OK or KO, and never why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from amarre.interop.ins.errors import TraitsRefused
from amarre.interop.ins.insi.dialogue import criteria_problems, search_criteria
from amarre.interop.ins.insi.errors import VerificationForbidden
from amarre.interop.ins.matricule import Environment, Ins, accepted_oids, require_accepted
from amarre.interop.ins.status import STATUS_LABELS, IdentityState
from amarre.interop.ins.traits import Traits


class VerificationOutcome(StrEnum):
    """What a verification says. INVALID: the line breaks a writing rule and was not looked for."""

    CONFIRMED = "OK"
    REFUTED = "KO"
    INVALID = "ERREUR"


class LotState(StrEnum):
    """How far a lot is at the service."""

    DEPOSITED = "depose"
    RUNNING = "en_cours"
    DONE = "termine"


@dataclass(frozen=True, slots=True, repr=False)
class VerificationRequest:
    """One identity to verify. `reference` is the caller's own, 1 to 64 characters, without any trait."""

    reference: str
    ins: Ins
    traits: Traits

    def __repr__(self) -> str:
        """Hide the values."""
        return f"VerificationRequest({self.reference})"


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """What was said of one reference; `code` names the rule when INVALID, "" otherwise."""

    reference: str
    outcome: VerificationOutcome
    code: str = ""


@dataclass(frozen=True, slots=True)
class LotReport:
    """State of a lot: lines, lines worked through, some results, and the line to ask from next time."""

    lot_id: str
    state: LotState
    total: int
    processed: int
    results: tuple[VerificationResult, ...] = ()
    next_line: int = 0

    @property
    def all_read(self) -> bool:
        """Whether every result of the lot was given."""
        return self.state is LotState.DONE and self.next_line >= self.total


class VerificationPort(Protocol):
    """What verifies identities. Every method raises AmarreError subclasses and never retries."""

    def verify(self, request: VerificationRequest) -> VerificationResult:
        """Verify one identity."""
        ...

    def deposit(self, lot_id: str, requests: Sequence[VerificationRequest]) -> LotReport:
        """Deposit a lot; the same `lot_id` with the same content again has no other effect."""
        ...

    def fetch(self, lot_id: str, after: int = 0) -> LotReport:
        """Return the state of a lot and its results after line `after`. Raises LotUnknown."""
        ...

    def close(self, lot_id: str) -> None:
        """Forget a lot at the service; a lot already unknown is no error."""
        ...


def verification_request(
    reference: str, ins: Ins, traits: Traits, state: IdentityState | None, environment: Environment
) -> VerificationRequest:
    """Return a request for an identity that may be verified.

    `state` None stands for an INS received from another domain or scanned, to verify before it is stored.
    Raises CallForbidden (douteuse, fictive), VerificationForbidden (no INS), OidNotAccepted, TraitsRefused.
    """
    if state is not None:
        search_criteria(traits, state)
        if not state.insi:
            raise VerificationForbidden(status=STATUS_LABELS[state.status])
    require_accepted(ins.oid, accepted_oids(environment))
    problems = criteria_problems(search_criteria(traits, IdentityState()))
    if problems:
        raise TraitsRefused(problems)
    return VerificationRequest(reference, ins, traits)
