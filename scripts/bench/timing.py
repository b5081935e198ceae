"""Interleaved best-of-N: the two sides of a row run in turn, so that a noisy moment hits both."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Work = Callable[[], object]


class Score(StrEnum):
    """What the ratio divides, and which way is better."""

    COST = "cost"  # ours ÷ floor, lower is better
    SHARE = "share"  # part of the whole that is ours, lower is better
    SPEED = "speed"  # other ÷ ours, higher is better


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `ours` and `floor` do one unit of work; `bar` is the ratio to keep, None if none.

    `how` says what each side does; it is printed in the JSON report and must stand alone. `before` prepares
    one round, outside the measure.

    `waits`: the work waits for a disk or a network, so the clock on the wall is read; else the time of the
    processor, which a neighbour that interrupts us does not lengthen.
    """

    name: str
    ours: Work
    floor: Work
    bar: float | None
    how: str
    score: Score = Score.COST
    before: Work | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """Best times in seconds of each side, and how many rounds were kept."""

    row: Row
    ours: float
    floor: float
    rounds: int

    @property
    def ratio(self) -> float:
        """Return ours ÷ floor; for a speed, the other ÷ ours."""
        return self.floor / self.ours if self.row.score is Score.SPEED else self.ours / self.floor

    @property
    def verdict(self) -> str:
        """Return "met", "not met" or "no bar"."""
        if self.row.bar is None:
            return "no bar"
        kept = self.ratio >= self.row.bar if self.row.score is Score.SPEED else self.ratio <= self.row.bar
        return "met" if kept else "not met"


def measure(row: Row, seconds: float = 4.0, rounds: int = 60) -> Measure:
    """Run both sides in turn until `seconds` are spent or `rounds` are done; the first two are dropped.

    Exceptions of the work rise: a row that does not do its work has no time.
    """
    ours: list[float] = []
    floor: list[float] = []
    end = time.perf_counter() + seconds
    clock = time.perf_counter if row.waits else time.process_time
    for _ in range(rounds + 2):
        if row.before is not None:
            row.before()
        floor.append(_timed(row.floor, clock))
        ours.append(_timed(row.ours, clock))
        if len(ours) > 6 and time.perf_counter() > end:
            break
    return Measure(row, min(ours[2:]), min(floor[2:]), len(ours) - 2)


def _timed(work: Work, clock: Callable[[], float]) -> float:
    gc.collect(0)
    start = clock()
    work()
    return clock() - start
