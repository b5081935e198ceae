"""Geometry of the gauges and of the small multiples: numbers for SVG attributes, no style, no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 64.0  # drawing units for 100 %
BASE = 76.0  # ordinate of 0 %
STEP = 26  # from one month to the next
WIDTH = 18


def percent(value: float | None) -> str:
    """Return ``78,6 %`` (narrow no-break space), or ``sans objet`` for a denominator of 0."""
    return "sans objet" if value is None else f"{value:.1f}".replace(".", ",") + "\u202f%"


@dataclass(frozen=True, slots=True)
class Gauge:
    """A gauge from 0 to 100 with its target; widths are SVG percentages with a dot (``78.6%``)."""

    value: float
    target: float

    @property
    def width(self) -> str:
        """Return the width of the filled part."""
        return f"{min(max(self.value, 0), 100):.1f}%"

    @property
    def mark(self) -> str:
        """Return the abscissa of the target."""
        return f"{min(max(self.target, 0), 100):.1f}%"

    @property
    def reached(self) -> bool:
        """Say whether the target is reached."""
        return self.value >= self.target


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: `counted` months belong to the campaign, the others are history."""

    x: int
    y: str
    height: str
    counted: bool


@dataclass(frozen=True, slots=True)
class Multiple:
    """A small bar chart on a scale from 0 to 100, with its target line and the names of its ends."""

    title: str
    bars: tuple[Bar, ...]
    target_y: str
    width: int
    first: str
    last: str
    last_x: int


def multiple(
    title: str, months: Sequence[str], values: Sequence[float | None], target: float, counted: int
) -> Multiple:
    """Return the drawing of `values` (0–100, None = no bar), one per month.

    The last `counted` months are the campaign's. Raises ValueError without months or when lengths differ.
    """
    if not months or len(months) != len(values):
        raise ValueError("months and values must have the same length, at least 1")
    bars = tuple(
        Bar(
            x=4 + STEP * rank,
            y=f"{BASE - height:.1f}",
            height=f"{height:.1f}",
            counted=rank >= len(values) - counted,
        )
        for rank, value in enumerate(values)
        if value is not None
        for height in [max(value * HEIGHT / 100, 0.8)]
    )
    last_x = 4 + STEP * (len(months) - 1) + WIDTH // 2
    return Multiple(
        title=title,
        bars=bars,
        target_y=f"{BASE - target * HEIGHT / 100:.1f}",
        width=4 + STEP * len(months),
        first=months[0],
        last=months[-1],
        last_x=last_x,
    )
