"""When to try again."""

from __future__ import annotations

import datetime
import hashlib

LONGEST_SECONDS = 4_000


def delay(attempt: int, key: str, base_seconds: float) -> datetime.timedelta:
    """Return min(4,000 s, base × 2^(attempt-1)) ± 20 %; `attempt` counts from 1.

    The jitter comes from the exchange's key, so that a run can be replayed and
    neighbours do not wake together.
    """
    seconds = min(LONGEST_SECONDS, base_seconds * 2 ** min(attempt - 1, 12))
    digest = hashlib.sha256(f"{key}:{attempt}".encode()).digest()
    jitter = 0.8 + 0.4 * digest[0] / 255
    return datetime.timedelta(seconds=seconds * jitter)
