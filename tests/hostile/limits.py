"""The common measure of every parser: two seconds of processor, 64 MiB above what the process held."""

from __future__ import annotations

import ctypes
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 2.0
MEBIBYTES = 64


@contextmanager
def bounded(what: str, seconds: float = SECONDS, mebibytes: float = MEBIBYTES) -> Iterator[None]:
    """Fail when the block takes more processor time, or more memory, than a hostile input may cost.

    Memory is the peak of resident pages (Linux; elsewhere only time is judged).
    """
    before = _settle()
    start = time.process_time()
    yield
    spent = time.process_time() - start
    assert spent < seconds, f"{what}: {spent:.2f} s"
    if before is not None:
        grown = (_field("VmHWM") - before) / 1024
        assert grown < mebibytes, f"{what}: {grown:.0f} MiB"


def _settle() -> int | None:
    """Give free memory back, set the peak to what is held now, and return it (KiB); None where unknown."""
    # What the tests before left alive stays: looking at it again each time would take most of the run.
    gc.collect()
    gc.freeze()
    try:
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
    except (OSError, AttributeError):
        return None
    return _field("VmRSS")


def _field(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(name)).split()[1])
