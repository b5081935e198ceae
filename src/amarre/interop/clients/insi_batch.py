"""Plays a verification of many identities: by lots, one exchange per step, or one by one with bounded
concurrency.

Nothing is kept here: the state comes in and goes out as a value, saved by the caller after each step. Only
verification may be played in bulk; retrieval is one person at a time, at a visit (RNIV, GI-INS).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from amarre.interop.common.clock import IdSource
from amarre.interop.common.errors import AmarreError, Retry
from amarre.interop.ins.insi import LotUnknown, QuotaExceeded, VerificationRefused
from amarre.interop.ins.verification import VerificationPort, VerificationRequest, VerificationResult
from amarre.interop.ins.verification_batch import (
    BatchLot,
    BatchState,
    LotStage,
    deposited,
    forgotten,
    received,
)


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """Limits of a batch. `per_second` 0: no limit. `give_up_after` failures in a row stop the batch."""

    concurrency: int = 8
    per_second: float = 0.0
    open_lots: int = 3
    give_up_after: int = 5
    quota_retries: int = 3


@dataclass(frozen=True, slots=True)
class BatchEvent:
    """One identity done: a result, or the error that prevented it (it stays to do)."""

    reference: str
    result: VerificationResult | None
    error: AmarreError | None = None


class RateLimiter:
    """At most `per_second` starts each second, evenly spaced; 0 lets everything start. Safe between
    threads."""

    def __init__(
        self,
        per_second: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 1 / per_second if per_second > 0 else 0.0
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next = 0.0

    def start(self) -> None:
        """Wait for the next start."""
        if self._gap:
            with self._lock:
                at = max(self._next, self._now())
                self._next = at + self._gap
            self._pause(at)

    def hold(self, seconds: float) -> None:
        """Start nothing for that long: the service asked to wait."""
        with self._lock:
            self._next = max(self._next, self._now() + seconds)
            if not self._gap:
                # Without a rate, nothing else looks at _next: whoever was told to wait waits.
                at = self._next
        if not self._gap:
            self._pause(at)

    def _pause(self, at: float) -> None:
        left = at - self._now()
        if left > 0:
            self._sleep(left)


def verify_each(
    port: VerificationPort,
    requests: Iterable[VerificationRequest],
    options: BatchOptions | None = None,
    limiter: RateLimiter | None = None,
) -> Iterator[BatchEvent]:
    """Verify identities one call each and yield them as they end; at most `concurrency` calls are under way.

    Give only those without a result yet: that is how a batch is resumed. `requests` is read as calls start,
    so it may be a database cursor. Stops after `give_up_after` failures in a row that may pass later.
    Closing the iterator waits for the calls under way and starts no other.
    """
    chosen = options or BatchOptions()
    pace = limiter or RateLimiter(chosen.per_second)
    source = iter(requests)
    failures = 0
    with ThreadPoolExecutor(chosen.concurrency, thread_name_prefix="insi-verification") as pool:
        running: set[Future[BatchEvent]] = set()
        while failures < chosen.give_up_after or running:
            while len(running) < chosen.concurrency and failures < chosen.give_up_after:
                request = next(source, None)
                if request is None:
                    break
                pace.start()
                running.add(pool.submit(_one, port, request, pace, chosen.quota_retries))
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                event = future.result()
                again = event.error is not None and event.error.retry is Retry.LATER
                failures = failures + 1 if again else 0
                yield event


def _one(port: VerificationPort, request: VerificationRequest, pace: RateLimiter, retries: int) -> BatchEvent:
    """Verify one identity; a quota makes every call wait, then this one is played again."""
    attempt = 0
    while True:
        try:
            return BatchEvent(request.reference, port.verify(request))
        except QuotaExceeded as error:
            attempt += 1
            if attempt > retries:
                return BatchEvent(request.reference, None, error)
            pace.hold(float(error.params.get("seconds", 1)))
            pace.start()
        except AmarreError as error:
            return BatchEvent(request.reference, None, error)


def step(
    port: VerificationPort,
    state: BatchState,
    requests: Mapping[str, VerificationRequest],
    ids: IdSource,
    options: BatchOptions | None = None,
) -> BatchState:
    """Play one exchange of a batch by lots and return the new state, to be saved before the next step.

    Deposits a planned lot while fewer than `open_lots` are at the service, else reads the next results of
    the one deposited first. `requests` gives the identities of the references without a result; a reference
    that is not there any more (identity gone, not allowed) leaves its lot. A lot the service lost is planned
    again. Returns the same state when nothing is left. Raises AmarreError: the state given is still the
    right one.
    """
    chosen = options or BatchOptions()
    open_lots = deque(lot for lot in state.lots if lot.stage is LotStage.DEPOSITED)
    planned = [lot for lot in state.lots if lot.stage is LotStage.PLANNED]
    if planned and len(open_lots) < chosen.open_lots:
        return _deposit(port, state, planned[0], requests, ids)
    if not open_lots:
        return state
    lot = open_lots[0]
    try:
        report = port.fetch(lot.lot_id, lot.next_line)
    except LotUnknown:
        return forgotten(state, lot.lot_id, ids)
    after = received(state, report)
    if report.all_read:
        port.close(lot.lot_id)
    return after


def _deposit(
    port: VerificationPort,
    state: BatchState,
    lot: BatchLot,
    requests: Mapping[str, VerificationRequest],
    ids: IdSource,
) -> BatchState:
    """Deposit a planned lot; one that has become empty is done at once.

    When a process was killed between a deposit and its saving, and identities changed since, the service
    knows the number with another content: that lot is dropped and planned again.
    """
    content = [requests[name] for name in lot.references if name in requests]
    if content:
        try:
            port.deposit(lot.lot_id, content)
        except VerificationRefused as error:
            if error.remote_code != "lot_different":
                raise
            port.close(lot.lot_id)
            return forgotten(state, lot.lot_id, ids)
    return deposited(state, lot.lot_id, tuple(request.reference for request in content))
