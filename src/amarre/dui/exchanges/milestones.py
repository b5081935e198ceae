"""Named points of the worker's path, between two steps that could be separated by a crash.

In a database made for tests only (setting `AMARRE_FAULT_INJECTION`), the environment variable
`AMARRE_KILL_AT=<name>` makes the process kill itself there: this is how "nothing lost, nothing doubled" is
proved at every point. In any other installation, reaching a milestone does nothing.
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
    if settings.AMARRE_FAULT_INJECTION and os.environ.get("AMARRE_KILL_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
