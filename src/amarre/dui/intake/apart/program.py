"""Start an optional program with bounds: `python -m amarre.dui.intake.apart.program PROGRAM ARGUMENTS…`.

It has no network where the system lets an account leave it (Linux, user namespaces); what it opens holds
nothing to fetch in any case (`office_archive`).
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys

from amarre.dui.intake.apart.limits import (
    PROGRAM_CPU_SECONDS,
    PROGRAM_FILE_BYTES,
    PROGRAM_MEMORY_BYTES,
)

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def leave_network() -> bool:
    """Leave the network of the machine; say whether the system allowed it."""
    if not sys.platform.startswith("linux"):
        return False
    return ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0


def main(arguments: list[str]) -> None:
    """Bound this process, then become the program."""
    leave_network()
    bounds = (
        (resource.RLIMIT_AS, PROGRAM_MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROGRAM_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, PROGRAM_FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    )
    for limit, value in bounds:
        resource.setrlimit(limit, (value, value))
    os.execv(arguments[0], arguments)  # noqa: S606 - the program of the settings, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
