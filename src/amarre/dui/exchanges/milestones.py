"""Named points of the worker's path, between two steps that could be separated by a crash.

In a database made for tests only (setting `AMARRE_FAULT_INJECTION`), the environment variable
`AMARRE_KILL_AT=<name>` makes the process kill itself there: this is how "nothing lost, nothing doubled" is
proved at every point. `AMARRE_STOP_AT=<name>` freezes it there instead, as a machine that sleeps too long.
In any other installation, reaching a milestone does nothing.
"""

from __future__ import annotations

import os
import signal

from django.conf import settings

NAMES = (
    "claimed",
    "queried",
    "before-send",
    "after-send",
    "before-settle",
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
        if os.environ.get(variable) == name:
            os.kill(os.getpid(), number)
