"""The stepper of an exchange: à valider → en file → envoyé → accepté → remis → lu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

# A deposit stops at « accepté »: no reading receipt exists for it.
DEPOSIT = ("À valider", "En file", "Envoyé", "Accepté")
MESSAGE = (*DEPOSIT, "Remis", "Lu")


class Mark(StrEnum):
    """State of one step: also the CSS class of its item."""

    DONE = "fait"
    HERE = "ici"
    TO_COME = "avenir"
    REFUSED = "refus"
    UNKNOWN = "doute"


@dataclass(frozen=True, slots=True)
class Step:
    """One step with its time as text (``11 h 05``), or an empty one."""

    label: str
    mark: Mark
    time: str = ""


def stepper(
    names: Sequence[str],
    reached: str,
    times: Mapping[str, str] | None = None,
    broken: str = "",
    mark: Mark = Mark.REFUSED,
) -> list[Step]:
    """Return the steps of an exchange that has reached the step `reached` (one of `names`).

    `broken` replaces the next step where the exchange stopped (« Refusé »), with `mark` REFUSED or UNKNOWN;
    nothing follows it. Raises ValueError when `reached` is not in `names`.
    """
    times = times or {}
    at = list(names).index(reached)
    steps = [Step(name, Mark.DONE, times.get(name, "")) for name in names[: at + 1]]
    if broken:
        return [*steps, Step(broken, mark, times.get(broken, ""))]
    last = steps[-1]
    steps[-1] = Step(last.label, Mark.HERE, last.time)
    return [*steps, *(Step(name, Mark.TO_COME) for name in names[at + 1 :])]
