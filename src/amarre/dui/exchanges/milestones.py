"""Named points of the worker's path, between two steps that could be separated by a crash.

In a database made for tests only (setting `AMARRE_FAULT_INJECTION`), the environment variable
`AMARRE_KILL_AT=<name>` makes the process kill itself there: this is how "nothing lost, nothing doubled" is
proved at every point. `AMARRE_STOP_AT=<name>` freezes it there instead, as a machine that sleeps too long.
`AMARRE_KILL_SKIP=<n>` lets the first n passages through. In any other installation, reaching a milestone does
nothing.
"""

from __future__ import annotations

import itertools
import os
import signal

from django.conf import settings

# Passages of the milestone that is watched, in this process.
_passages = itertools.count()

NAMES = (
    # Inside the transaction of the claim, then after it.
    "claiming",
    "claimed",
    "queried",
    # A part that needed an answer: the answer is here, then written.
    "completing",
    "completed",
    "before-send",
    # Inside the handler of deposits: TD0.2 answered, TD2.1 answered, TD3.1b answered.
    "existence-known",
    "submitted",
    "number-known",
    "after-send",
    "before-settle",
    # Inside the transaction of the settlement, before and after its consequences.
    "settling",
    "applied",
    "settled",
    "before-receipt",
    "after-receipt",
)


def reach(name: str) -> None:
    """Pass a milestone; raises KeyError for a name that is not declared."""
    if name not in NAMES:
        raise KeyError(name)
    if not settings.AMARRE_FAULT_INJECTION:
        return
    for variable, number in (("AMARRE_KILL_AT", signal.SIGKILL), ("AMARRE_STOP_AT", signal.SIGSTOP)):
        if os.environ.get(variable) == name and next(_passages) >= int(
            os.environ.get("AMARRE_KILL_SKIP", "0")
        ):
            os.kill(os.getpid(), number)
