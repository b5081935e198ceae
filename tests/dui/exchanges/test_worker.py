"""The worker goes on: a database away, a task in defect, an exchange that kills whoever holds it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import OperationalError

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.exchanges import worker as worker_module
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Circuit, Exchange
from amarre.dui.exchanges.services.claim import claim_next
from amarre.dui.exchanges.worker import Worker, drain
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

    monkeypatch.setattr(worker_module, "run_due_tasks", tasks)
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
