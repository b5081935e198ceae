"""The worker: a few threads that empty the outbox, and the periodic tasks. Same code on N machines."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

from django.db import close_old_connections, connection

from amarre.dui.exchanges.handlers import Periodic
from amarre.dui.exchanges.services.claim import Claim, claim_next
from amarre.dui.exchanges.services.periodic import due_tasks, run_if_due
from amarre.dui.exchanges.services.process import process, process_next

logger = logging.getLogger("amarre.exchanges")


class Bulkhead:
    """Keeps one service that stalls from holding every thread: the others always find one.

    Claiming is serialised within the process, so that the count is right.
    """

    def __init__(self, threads: int) -> None:
        self._limit = max(1, threads - 1)
        self._playing: Counter[str] = Counter()
        self._lock = threading.Lock()

    def claim(self) -> Claim | None:
        """Take the next exchange towards a service that may still have a thread of this worker."""
        with self._lock:
            full = [service for service, count in self._playing.items() if count >= self._limit]
            claim = claim_next(full)
            if claim is not None:
                self._playing[claim.service] += 1
        return claim

    def release(self, claim: Claim) -> None:
        """Give the thread of an exchange back."""
        with self._lock:
            self._playing[claim.service] -= 1


class Worker:
    """Runs until `stop()`; what a thread holds when stopped is finished first."""

    def __init__(self, threads: int = 4, pause_seconds: float = 0.5) -> None:
        self._threads = threads
        self._pause = pause_seconds
        self._stopping = threading.Event()
        self._bulkhead = Bulkhead(threads)
        # Periodic tasks under way in this process: each in its own thread, so that a slow one (a mailbox that
        # does not answer) holds no other back.
        self._playing: dict[str, threading.Thread] = {}

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
            self._going_on(self._play_due_tasks)
            self._stopping.wait(self._pause)
        for thread in [*threads, *self._playing.values()]:
            thread.join()
        connection.close()

    def _empty_outbox(self) -> None:
        while not self._stopping.is_set():
            if not self._going_on(self._process_next):
                self._stopping.wait(self._pause)
        connection.close()

    def _process_next(self) -> int:
        claim = self._bulkhead.claim()
        if claim is None:
            return 0
        try:
            process(claim)
        finally:
            self._bulkhead.release(claim)
        return 1

    def _play_due_tasks(self) -> int:
        """Start the tasks that are due and not already under way here; return how many."""
        self._playing = {name: thread for name, thread in self._playing.items() if thread.is_alive()}
        starting = [task for task in due_tasks() if task.name not in self._playing]
        for task in starting:
            thread = threading.Thread(target=self._play, args=(task,), name=f"periodic-{task.name}")
            self._playing[task.name] = thread
            thread.start()
        return len(starting)

    def _play(self, task: Periodic) -> None:
        self._going_on(partial(run_if_due, task))
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
