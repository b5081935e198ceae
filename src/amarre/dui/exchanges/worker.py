"""The worker: a few threads that empty the outbox, and the periodic tasks. Same code on N machines."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections, connection

from amarre.dui.exchanges.services.periodic import run_due_tasks
from amarre.dui.exchanges.services.process import process_next

logger = logging.getLogger("amarre.exchanges")


class Worker:
    """Runs until `stop()`; what a thread holds when stopped is finished first."""

    def __init__(self, threads: int = 4, pause_seconds: float = 0.5) -> None:
        self._threads = threads
        self._pause = pause_seconds
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask the threads to end after what they hold."""
        self._stopping.set()

    def run(self) -> None:
        """Block until stopped."""
        threads = [
            threading.Thread(target=self._empty_outbox, name=f"outbox-{n}") for n in range(self._threads)
        ]
        for thread in threads:
            thread.start()
        while not self._stopping.is_set():
            self._going_on(run_due_tasks)
            self._stopping.wait(self._pause)
        for thread in threads:
            thread.join()
        connection.close()

    def _empty_outbox(self) -> None:
        while not self._stopping.is_set():
            if not self._going_on(process_next):
                self._stopping.wait(self._pause)
        connection.close()

    def _going_on(self, step: Callable[[], int]) -> int:
        """Run one step; 0 when it failed: the database may be away for a moment (restart, failover)."""
        try:
            close_old_connections()
            return step()
        except Exception:
            # The edge of the process: nothing may end a thread in silence.
            logger.exception("worker: a step failed; waiting")
            connection.close()
            return 0


def drain(limit: int = 10_000) -> int:
    """Process what is due now, in this thread, and return how many exchanges were processed."""
    count = 0
    while count < limit and process_next():
        count += 1
    return count
