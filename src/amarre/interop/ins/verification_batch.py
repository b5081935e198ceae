"""A verification of the whole file active, as a value: what is planned, what is at the service, what came
back.

The state is saved by the caller after each step; a process killed anywhere starts again from the last one
saved, and no identity is verified twice for it: the number of a lot is chosen before its deposit, which the
service takes once. Source: SEL-MP-043 (WS_INS4, WS_INS5); sizes and delays are not public (unconfirmed).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from amarre.interop.common.clock import IdSource
from amarre.interop.ins.verification import LotReport, VerificationOutcome, VerificationResult

FORMAT = "amarre-verification-batch-1"


class LotStage(StrEnum):
    """Where a lot is, for us."""

    PLANNED = "planned"
    DEPOSITED = "deposited"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class BatchLot:
    """One lot: its number, the references it holds, in order, and the line read so far."""

    lot_id: str
    references: tuple[str, ...]
    stage: LotStage = LotStage.PLANNED
    next_line: int = 0


@dataclass(frozen=True, slots=True)
class BatchState:
    """The whole batch. `results` maps references to what was said of them."""

    lots: tuple[BatchLot, ...] = ()
    results: dict[str, VerificationResult] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many identities the batch holds."""
        return len({reference for lot in self.lots for reference in lot.references})

    @property
    def remaining(self) -> tuple[str, ...]:
        """References without a result, in order."""
        found = [name for lot in self.lots for name in lot.references if name not in self.results]
        return tuple(dict.fromkeys(found))

    @property
    def finished(self) -> bool:
        """Whether every lot was read to its end."""
        return all(lot.stage is LotStage.DONE for lot in self.lots)

    def counts(self) -> dict[VerificationOutcome, int]:
        """Return how many identities had each outcome."""
        found = Counter(result.outcome for result in self.results.values())
        return {outcome: found[outcome] for outcome in VerificationOutcome}


def plan_batch(references: Sequence[str], lot_lines: int, ids: IdSource) -> BatchState:
    """Cut a list of references into lots of at most `lot_lines`, each with its number. Duplicates go once."""
    if lot_lines < 1:
        raise ValueError("lot_lines must be positive")
    names = tuple(dict.fromkeys(references))
    lots = tuple(
        BatchLot(str(ids.uuid()), names[start : start + lot_lines])
        for start in range(0, len(names), lot_lines)
    )
    return BatchState(lots)


def deposited(state: BatchState, lot_id: str, references: tuple[str, ...]) -> BatchState:
    """Return the state once a lot is at the service, with the references really sent; none: nothing to wait
    for."""
    stage = LotStage.DEPOSITED if references else LotStage.DONE
    return _with_lot(state, lot_id, stage=stage, references=references)


def received(state: BatchState, report: LotReport) -> BatchState:
    """Return the state with the results of a report; only references of that lot are kept."""
    lot = next(lot for lot in state.lots if lot.lot_id == report.lot_id)
    known = set(lot.references)
    more = {item.reference: item for item in report.results if item.reference in known}
    stage = LotStage.DONE if report.all_read else lot.stage
    after = _with_lot(state, lot.lot_id, stage=stage, next_line=max(lot.next_line, report.next_line))
    return replace(after, results=state.results | more)


def forgotten(state: BatchState, lot_id: str, ids: IdSource) -> BatchState:
    """Return the state when the service lost a lot: what has no result is planned again under a new
    number."""
    lot = next(lot for lot in state.lots if lot.lot_id == lot_id)
    left = tuple(name for name in lot.references if name not in state.results)
    again = (BatchLot(str(ids.uuid()), left),) if left else ()
    kept = tuple(name for name in lot.references if name in state.results)
    done = replace(lot, references=kept, stage=LotStage.DONE)
    return replace(state, lots=tuple(done if item is lot else item for item in state.lots) + again)


def _with_lot(state: BatchState, lot_id: str, **changes: Any) -> BatchState:
    lots = tuple(replace(lot, **changes) if lot.lot_id == lot_id else lot for lot in state.lots)
    return replace(state, lots=lots)


def batch_to_json(state: BatchState) -> str:
    """Return the state as text, to be saved; it holds references and outcomes, no trait and no matricule."""
    return json.dumps(
        {
            "format": FORMAT,
            "lots": [
                [lot.lot_id, list(lot.references), lot.stage.value, lot.next_line] for lot in state.lots
            ],
            "results": [[item.reference, item.outcome.value, item.code] for item in state.results.values()],
        }
    )


def batch_from_json(text: str) -> BatchState:
    """Return a saved state. Raises ValueError when the text is not one."""
    document = json.loads(text)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError("not a verification batch")
    return BatchState(
        tuple(
            BatchLot(str(name), tuple(map(str, references)), LotStage(stage), int(line))
            for name, references, stage, line in document["lots"]
        ),
        {
            str(name): VerificationResult(str(name), VerificationOutcome(outcome), str(code))
            for name, outcome, code in document["results"]
        },
    )
