"""The order of a lane when a person puts an old exchange back in it; the probe of a service that recovers."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.exchanges import handlers
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import NothingToResume, StaleLease
from amarre.dui.exchanges.handlers import Job, Outcome
from amarre.dui.exchanges.models import Circuit, Exchange
from amarre.dui.exchanges.services.before_send import keep_late_parts
from amarre.dui.exchanges.services.circuits import take_probe
from amarre.dui.exchanges.services.claim import claim_next
from amarre.dui.exchanges.services.resume import resume_cause, resume_exchange
from amarre.dui.exchanges.services.settle import settle_accepted, settle_failed
from amarre.dui.exchanges.stopped import stopped_causes
from amarre.dui.exchanges.worker import drain
from tests.dui.exchanges.conftest import FakeService, NeedsFix, make_due, reload

Ask = Callable[..., Exchange]


def stop(ask: Ask, far_side: FakeService, key: str, lane: str = "a") -> Exchange:
    far_side.script = [far_side.broken_settings]
    exchange = ask(key, lane=lane)
    drain()
    assert reload(exchange).state == State.A_REFAIRE
    return exchange


def test_a_resumed_exchange_never_plays_beside_another_of_its_lane(
    ask: Ask, far_side: FakeService, author: Actor
) -> None:
    first = stop(ask, far_side, "a1")
    second = ask("a2", lane="a")
    playing = claim_next()
    assert playing is not None
    assert playing.job.exchange_id == second.pk
    resume_exchange(exchange=first, actor=author)
    assert claim_next() is None, "the older one waits for the one under way"
    settle_accepted(playing, far_side.send(playing.job))
    drain()
    assert far_side.received == ["a2", "a1"]


def test_a_resumed_exchange_and_one_in_doubt_do_not_wait_for_each_other(
    ask: Ask, far_side: FakeService, author: Actor
) -> None:
    first = stop(ask, far_side, "a1")
    far_side.script = [far_side.accept_then_lose]
    second = ask("a2", lane="a")
    drain()
    resume_exchange(exchange=first, actor=author)
    third = ask("a3", lane="a")
    make_due(second)
    drain()
    assert [reload(one).state for one in (first, second, third)] == [State.ACCEPTE] * 3
    assert far_side.received == ["a2", "a1", "a3"]


def test_everything_that_stopped_for_one_cause_is_resumed_in_one_go_and_in_order(
    ask: Ask, far_side: FakeService, author: Actor
) -> None:
    far_side.script = [far_side.broken_settings] * 3 + [far_side.refuse]
    stopped = [ask("a1", lane="a"), ask("a2", lane="a"), ask("b1", lane="b"), ask("c1", lane="c")]
    drain()
    causes = stopped_causes(author)
    assert [(cause.code, cause.count, len(cause.rows), cause.more) for cause in causes] == [
        ("TST-004", 3, 3, 0)
    ], "a refusal by the service is no cause to resume"
    assert resume_cause(cause="TST-004", service="test", actor=author) == 3
    drain()
    assert far_side.received == ["a1", "a2", "b1"]
    assert reload(stopped[3]).state == State.REFUSE
    with pytest.raises(NothingToResume):
        resume_cause(cause="TST-004", service="test", actor=author)


def test_the_probe_that_learns_nothing_leaves_its_place(
    ask: Ask, far_side: FakeService, author: Actor
) -> None:
    ask("k1", lane="a")
    ask("k2", lane="b")
    Circuit.objects.create(essms_id=author.essms_id, service="test", failures=5, open_until=timezone.now())
    probe = claim_next()
    assert probe is not None
    assert probe.is_probe
    assert claim_next() is None
    settle_failed(probe, NeedsFix(), outcome_unknown=False)
    second = claim_next()
    assert second is not None
    assert second.is_probe, "the service was not called: the next one tries it"


@pytest.mark.needs("postgresql")
@pytest.mark.django_db(transaction=True)
def test_two_workers_never_probe_together(ask: Ask, far_side: FakeService) -> None:
    """Each sees a service whose rest has just ended: one of them only may try it."""
    exchange = ask()
    Circuit.objects.create(essms_id=exchange.essms_id, service="test", failures=5, open_until=timezone.now())
    start, at = threading.Barrier(4), timezone.now()
    taken: list[bool] = []

    def worker() -> None:
        start.wait()
        try:
            with transaction.atomic():
                taken.append(take_probe(exchange.essms_id, "test", at))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(taken) == [False, False, False, True]


class CompletedService(FakeService):
    """Its bytes need an answer from outside before they are whole."""

    kind = "test.completed"

    def __init__(self) -> None:
        super().__init__()
        self.answers = ["one", "two", "three"]

    def complete(self, job: Job) -> dict[str, bytes]:
        return {} if "late" in job.parts else {"late": self.answers.pop(0).encode()}

    def accept(self, job: Job) -> None:
        self.received.append(job.parts["late"].decode())

    def find(self, job: Job) -> Outcome | None:
        self.queries += 1
        return Outcome("là") if job.parts.get("late", b"").decode() in self.received else None


@pytest.fixture
def completed(monkeypatch: pytest.MonkeyPatch, far_side: FakeService) -> CompletedService:
    service = CompletedService()
    monkeypatch.setitem(handlers._HANDLERS, far_side.kind, service)
    return service


def test_bytes_completed_by_an_answer_are_frozen_before_they_leave(
    ask: Ask, completed: CompletedService
) -> None:
    completed.script = [completed.lose_before, completed.down]
    exchange = ask()
    for _ in range(3):
        make_due(exchange)
        Circuit.objects.all().delete()
        drain()
    assert reload(exchange).state == State.ACCEPTE
    assert completed.received == ["one"], "every attempt sent the bytes of the first"


def test_bytes_completed_by_an_answer_are_made_anew_once_nothing_can_have_arrived(
    ask: Ask, completed: CompletedService, author: Actor
) -> None:
    completed.script = [completed.broken_settings]
    exchange = ask()
    drain()
    resume_exchange(exchange=exchange, actor=author)
    drain()
    assert completed.received == ["two"]


def test_a_worker_whose_lease_ended_completes_nothing(ask: Ask, completed: CompletedService) -> None:
    exchange = ask()
    zombie = claim_next()
    assert zombie is not None
    with system_scope("test"):
        Exchange.objects.update(lease_until=timezone.now())
    drain()
    with pytest.raises(StaleLease):
        keep_late_parts(zombie, {"late": b"other"})
    assert [bytes(part.data) for part in exchange.parts.filter(late=True)] == [b"one"]
