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
    PART = "part"  # part of what is possible, higher is better
    SPENT = "spent"  # spent ÷ allowed, lower is better


HIGHER_IS_BETTER = (Score.SPEED, Score.PART)


def verdict_of(score: Score, ratio: float, bar: float | None) -> str:
    """Return "met", "not met" or "no bar"."""
    if bar is None:
        return "no bar"
    kept = ratio >= bar if score in HIGHER_IS_BETTER else ratio <= bar
    return "met" if kept else "not met"


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
class Figure:
    """A figure that is no race of two sides. `find` is given the seconds of a row and returns the ratio."""

    name: str
    find: Callable[[float], float]
    bar: float | None
    how: str
    score: Score


@dataclass(frozen=True, slots=True)
class Absent:
    """A row that cannot run here, and why."""

    name: str
    bar: float | None
    why: str


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
        return verdict_of(self.row.score, self.ratio, self.row.bar)

    @property
    def note(self) -> str:
        """Return the milliseconds of each side."""
        return f"{self.ours * 1000:.2f} ms against {self.floor * 1000:.2f} ms, best of {self.rounds}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a figure came to."""

    row: Figure
    ratio: float
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return "met", "not met" or "no bar"."""
        return verdict_of(self.row.score, self.ratio, self.row.bar)


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
