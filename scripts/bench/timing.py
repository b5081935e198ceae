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


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `ours` and `floor` do one unit of work; `bar` is the ratio not to exceed, None if none.

    `how` says what each side does; it is printed in the JSON report and must stand alone.
    """

    name: str
    ours: Work
    floor: Work
    bar: float | None
    how: str
    score: Score = Score.COST


@dataclass(frozen=True, slots=True)
class Measure:
    """Best times in seconds of each side, and how many rounds were kept."""

    row: Row
    ours: float
    floor: float
    rounds: int

    @property
    def ratio(self) -> float:
        """Return ours ÷ floor."""
        return self.ours / self.floor

    @property
    def verdict(self) -> str:
        """Return "met", "not met" or "no bar"."""
        if self.row.bar is None:
            return "no bar"
        return "met" if self.ratio <= self.row.bar else "not met"


def measure(row: Row, seconds: float = 4.0, rounds: int = 60) -> Measure:
    """Run both sides in turn until `seconds` are spent or `rounds` are done; the first two are dropped.

    Exceptions of the work rise: a row that does not do its work has no time.
    """
    ours: list[float] = []
    floor: list[float] = []
    end = time.perf_counter() + seconds
    for _ in range(rounds + 2):
        floor.append(_timed(row.floor))
        ours.append(_timed(row.ours))
        if len(ours) > 6 and time.perf_counter() > end:
            break
    return Measure(row, min(ours[2:]), min(floor[2:]), len(ours) - 2)


def _timed(work: Work) -> float:
    gc.collect(0)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
