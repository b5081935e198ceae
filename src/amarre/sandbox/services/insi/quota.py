"""How many requests one caller may send in a minute; more, and it is asked to wait."""

from __future__ import annotations

import datetime
import threading
from collections import deque

WINDOW = datetime.timedelta(minutes=1)


class Quota:
    """A sliding window per caller. `limit` 0 accepts everything. Safe between threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._seen: dict[str, deque[datetime.datetime]] = {}

    def wait(self, caller: str, now: datetime.datetime) -> int:
        """Count one request; return 0 when it is accepted, else the seconds to wait."""
        if not self._limit:
            return 0
        with self._lock:
            seen = self._seen.setdefault(caller, deque())
            while seen and seen[0] <= now - WINDOW:
                seen.popleft()
            if len(seen) < self._limit:
                seen.append(now)
                return 0
            return max(1, int((seen[0] + WINDOW - now).total_seconds() + 0.999))

    def reset(self) -> None:
        """Forget every request."""
        with self._lock:
            self._seen.clear()
