"""The worker goes on: a database away, a task in defect, an exchange that kills whoever holds it."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges import handlers
from amarre.dui.exchanges import worker as worker_module
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import StaleLease
from amarre.dui.exchanges.handlers import Periodic
from amarre.dui.exchanges.models import Circuit, Exchange
from amarre.dui.exchanges.services.before_send import note_departure
from amarre.dui.exchanges.services.claim import claim_next
from amarre.dui.exchanges.services.periodic import due_tasks, run_if_due
from amarre.dui.exchanges.services.resume import resume_exchange
from amarre.dui.exchanges.worker import Bulkhead, Worker, drain
from tests.dui.exchanges.conftest import Down, FakeService, NeedsFix, make_due, reload

Ask = Callable[..., Exchange]


def test_a_database_away_does_not_end_the_periodic_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(threads=0, pause_seconds=0)
    passes: list[str] = []

    def tasks() -> int:
        passes.append("pass")
        if len(passes) == 1:
            raise OperationalError
        worker.stop()
        return 1

    monkeypatch.setattr(worker, "_play_due_tasks", tasks)
    monkeypatch.setattr(worker_module, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker_module.connection, "close", lambda: None)
    worker.run()
    assert len(passes) == 2


def test_an_exchange_that_kills_its_workers_ends_in_front_of_a_person(
    ask: Ask, far_side: FakeService
) -> None:
    exchange = ask()
    with system_scope("test"):
        Exchange.objects.update(attempts_allowed=3)
    for _ in range(3):
        assert claim_next() is not None, "claimed, then the worker dies"
        with system_scope("test"):
            Exchange.objects.update(lease_until=now() - datetime.timedelta(seconds=1))
    drain()
    stopped = reload(exchange)
    assert (stopped.state, stopped.outcome_unknown) == (State.A_REFAIRE, True)
    assert stopped.explanation["code"] == "EXC-005"
    assert far_side.received == [], "no fourth try"
    assert far_side.gave_up == ["k1"]


@pytest.mark.parametrize(
    ("failure", "state", "advice"),
    [(Down, State.INCONNU, "Amarre demandera s'il est arrivé"), (NeedsFix, State.A_REFAIRE, "Complétez.")],
)
def test_a_failed_question_does_not_say_that_nothing_left(
    ask: Ask, far_side: FakeService, failure: type[Down | NeedsFix], state: State, advice: str
) -> None:
    far_side.script = [far_side.accept_then_lose]
    far_side.query_script = [failure()]
    exchange = ask()
    drain()
    make_due(exchange)
    drain()
    doubtful = reload(exchange)
    assert doubtful.state == state
    assert doubtful.explanation["data_state"] == "L'envoi est gardé. Il est peut-être déjà arrivé."
    assert advice in doubtful.explanation["advice"]


def test_the_last_failure_does_not_promise_another_try(ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.down] * 10
    exchange = ask()
    for _ in range(10):
        make_due(exchange)
        Circuit.objects.update(open_until=None, failures=0)
        drain()
    stopped = reload(exchange)
    assert stopped.state == State.A_REFAIRE
    assert stopped.explanation["what"] == Down.what
    assert stopped.explanation["advice"].startswith("Amarre n'essaie plus, après 10 tentatives.")


def test_a_slow_task_holds_no_other_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each periodic task has its thread; one that is still under way is not started a second time."""
    worker = Worker(threads=0, pause_seconds=0.01)
    slow_may_end, quick_ran = threading.Event(), threading.Event()
    started: list[str] = []

    def play(task: Periodic) -> int:
        started.append(task.name)
        return task.run() or 1  # type: ignore[func-returns-value, return-value]

    def quick() -> None:
        if started.count("quick") == 3:
            quick_ran.set()

    tasks = [Periodic("slow", 1, slow_may_end.wait), Periodic("quick", 1, quick)]
    monkeypatch.setattr(worker_module, "due_tasks", lambda: tasks)
    monkeypatch.setattr(worker_module, "run_if_due", play)
    monkeypatch.setattr(worker_module, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker_module.connection, "close", lambda: None)
    running = threading.Thread(target=worker.run)
    running.start()
    try:
        assert quick_ran.wait(10), "the quick one went on while the slow one waited"
        assert started.count("slow") == 1
    finally:
        worker.stop()
        slow_may_end.set()
        running.join(10)


def test_a_task_is_due_until_somebody_takes_it(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    task = Periodic("test.task", 60, lambda: ran.append("once"))
    monkeypatch.setattr(handlers, "_PERIODIC", {task.name: task})
    assert due_tasks() == [task]
    assert run_if_due(task) == 1
    assert run_if_due(task) == 0, "taken: another worker does not run it too"
    assert (due_tasks(), ran) == ([], ["once"])


def test_a_service_that_stalls_leaves_a_thread_to_the_others(
    ask: Ask, far_side: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        ask(f"k{number}", lane=f"lane{number}")
    other = ask("other", lane="other")
    with system_scope("test"):
        Exchange.objects.filter(pk=other.pk).update(service="quick")
    bulkhead = Bulkhead(threads=3)
    stalled = [bulkhead.claim(), bulkhead.claim()]
    assert [claim and claim.service for claim in stalled] == ["test", "test"]
    third = bulkhead.claim()
    assert third is not None
    assert third.service == "quick", "two of three threads wait for the same service"
    assert bulkhead.claim() is None
    assert stalled[0] is not None
    bulkhead.release(stalled[0])
    again = bulkhead.claim()
    assert again is not None
    assert again.service == "test"


def test_a_worker_of_one_thread_serves_everyone(ask: Ask, far_side: FakeService) -> None:
    ask()
    assert Bulkhead(threads=1).claim() is not None


def test_a_kind_that_nobody_handles_ends_in_front_of_a_person(
    ask: Ask, far_side: FakeService, monkeypatch: pytest.MonkeyPatch, author: Actor
) -> None:
    """An update half made: the exchange stops with a sentence, and goes on once the update is complete."""
    exchange = ask()
    monkeypatch.delitem(handlers._HANDLERS, far_side.kind)
    drain(3)
    stopped = reload(exchange)
    assert (stopped.state, stopped.cause, stopped.attempts_made) == (State.A_REFAIRE, "EXC-003", 1)
    monkeypatch.setitem(handlers._HANDLERS, far_side.kind, far_side)
    resume_exchange(exchange=stopped, actor=author)
    drain()
    assert reload(exchange).state == State.ACCEPTE


def test_a_worker_that_wakes_up_before_sending_sends_nothing(ask: Ask, far_side: FakeService) -> None:
    """Its attempt is ended by whoever took over: a mail would go twice otherwise."""
    far_side.recognises_resends = False
    exchange = ask()
    zombie = claim_next()
    assert zombie is not None
    with system_scope("test"):
        Exchange.objects.update(lease_until=now() - datetime.timedelta(seconds=1))
    drain()
    with pytest.raises(StaleLease):
        note_departure(zombie)
    assert far_side.received == ["k1"]
    departures = [attempt.departed_at is not None for attempt in exchange.attempts.all()]
    assert departures == [False, True]
