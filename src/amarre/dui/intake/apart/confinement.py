"""What this process may still do once its modules are loaded: compute, and answer.

No new file descriptor can be opened: no file, no socket, no pipe. No child, no file written. The memory and
the CPU time are bounded. Kept to what POSIX gives to an ordinary account, so that it holds on every machine.
"""

from __future__ import annotations

import contextlib
import resource
import signal

from amarre.dui.intake.apart.limits import MAX_ANSWER_BYTES, MAX_CPU_SECONDS

# Standard input, output and errors stay open; nothing else may be.
_OPEN_DESCRIPTORS = 3


def confine(memory_bytes: int, cpu_seconds: float) -> None:
    """Bound this process; `cpu_seconds` may be given again by `allow_cpu`, up to a hard limit."""
    with contextlib.suppress(ValueError):
        # macOS knows this limit and refuses to set it.
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_ANSWER_BYTES, MAX_ANSWER_BYTES))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_DESCRIPTORS, _OPEN_DESCRIPTORS))
    allow_cpu(cpu_seconds)


def allow_cpu(seconds: float) -> None:
    """Allow `seconds` of CPU time from now on; then the system ends this process, wherever it is."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
