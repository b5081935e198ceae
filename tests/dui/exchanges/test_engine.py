"""The outbox: one intention, one effect, whatever fails."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable

import pytest
from django.db import transaction

from amarre.dui.access.errors import AccessError
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.backoff import LONGEST_SECONDS, delay
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import IllegalTransition, OutsideTransaction, StaleLease
from amarre.dui.exchanges.handlers import Outcome
from amarre.dui.exchanges.models import Circuit, Exchange
from amarre.dui.exchanges.services.claim import claim_next
from amarre.dui.exchanges.services.enqueue import enqueue
from amarre.dui.exchanges.services.process import process_next
from amarre.dui.exchanges.services.resume import resume_exchange
from amarre.dui.exchanges.services.settle import settle_accepted
from amarre.dui.exchanges.transitions import TRANSITIONS, Event, next_state
from amarre.dui.exchanges.worker import drain
from tests.dui.exchanges.conftest import Down, FakeService, make_due, reload

Ask = Callable[..., Exchange]


def test_sent_and_accepted(ask: Ask, far_side: FakeService) -> None:
    exchange = ask()
    assert drain() == 1
    done = reload(exchange)
    assert (done.state, done.result) == (State.ACCEPTE, {"text": "accepté"})
    assert far_side.received == ["k1"]
    assert far_side.applied == ["k1"]
    assert Trace.objects.filter(verb="exchange.accepted", exchange_id=done.reference).count() == 1


def test_same_intention_twice_is_one_row(ask: Ask, far_side: FakeService) -> None:
    assert ask("k1").pk == ask("k1").pk
    drain()
    assert far_side.received == ["k1"]


@pytest.mark.django_db(transaction=True)
def test_asking_outside_the_transaction_of_the_act_is_refused(author: Actor, far_side: FakeService) -> None:
    with pytest.raises(OutsideTransaction):
        enqueue(kind="test.send", actor=author, essms_id=author.essms_id or 0, key="k", lane="l")


def test_lost_answer_is_asked_about_and_not_sent_again(ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.accept_then_lose]
    exchange = ask()
    drain()
    assert reload(exchange).state == State.INCONNU
    make_due(exchange)
    drain()
    assert reload(exchange).state == State.ACCEPTE
    assert far_side.received == ["k1"]
    assert far_side.queries == 1


def test_lost_before_effect_is_asked_about_then_sent(ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.lose_before]
    exchange = ask()
    drain()
    make_due(exchange)
    drain()
    assert reload(exchange).state == State.ACCEPTE
    assert (far_side.received, far_side.queries) == (["k1"], 1)


def test_a_failed_question_stays_unknown(ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.accept_then_lose]
    far_side.query_script = [Down()]
    exchange = ask()
    drain()
    make_due(exchange)
    drain()
    assert reload(exchange).state == State.INCONNU
    make_due(exchange)
    drain()
    assert reload(exchange).state == State.ACCEPTE
    assert far_side.received == ["k1"]


def test_dead_worker_is_followed_by_a_question(ask: Ask, far_side: FakeService) -> None:
    """The worker sent, then died before writing: its lease ends, the next one asks."""
    exchange = ask()
    claim = claim_next()
    assert claim is not None
    far_side.send(claim.job)
    assert process_next() is False, "the lease still holds"
    with system_scope("test"):
        Exchange.objects.update(lease_until=now() - datetime.timedelta(seconds=1))
    drain()
    assert reload(exchange).state == State.ACCEPTE
    assert (far_side.received, far_side.queries) == (["k1"], 1)


@pytest.mark.req("quality-bars F10")
def test_a_resumed_zombie_is_refused(ask: Ask, far_side: FakeService) -> None:
    exchange = ask()
    zombie = claim_next()
    assert zombie is not None
    with system_scope("test"):
        Exchange.objects.update(lease_until=now() - datetime.timedelta(seconds=1))
    drain()
    with pytest.raises(StaleLease):
        settle_accepted(zombie, Outcome("trop tard"))
    assert reload(exchange).state == State.ACCEPTE
    assert far_side.applied == ["k1"]


def test_unreachable_service_is_retried_later(ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.down]
    exchange = ask()
    drain()
    waiting = reload(exchange)
    assert waiting.state == State.EN_FILE
    assert waiting.due_at > now()
    assert waiting.explanation["what"] == "Le service ne répond pas."
    assert drain() == 0, "not before its time"


def test_business_refusal_is_final_and_explained(ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.refuse]
    exchange = ask()
    drain()
    refused = reload(exchange)
    assert refused.state == State.REFUSE
    assert refused.explanation["reference"] == refused.reference
    assert refused.attempts.get().remote_code == "R42"
    assert far_side.gave_up == ["k1"]


def test_broken_settings_wait_for_a_person(ask: Ask, far_side: FakeService, author: Actor) -> None:
    far_side.script = [far_side.broken_settings]
    exchange = ask()
    drain()
    assert reload(exchange).state == State.A_REFAIRE
    resume_exchange(exchange=exchange, actor=author)
    drain()
    assert reload(exchange).state == State.ACCEPTE


def test_resume_is_refused_without_the_right(ask: Ask, far_side: FakeService, author: Actor) -> None:
    far_side.script = [far_side.refuse]
    exchange = ask()
    drain()
    stranger = Actor(kind=author.kind, name="x", essms_id=author.essms_id, roles=frozenset())
    with pytest.raises(AccessError):
        resume_exchange(exchange=exchange, actor=stranger)


def test_a_defect_of_ours_is_kept_and_does_not_stop_the_others(ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.crash]
    broken, fine = ask("k1", lane="a"), ask("k2", lane="b")
    drain()
    assert reload(broken).state == State.INCONNU
    assert reload(broken).explanation["code"] == "EXC-004"
    assert reload(fine).state == State.ACCEPTE


def test_attempts_are_bounded_and_the_question_comes_first_after_resuming(
    ask: Ask, far_side: FakeService, author: Actor
) -> None:
    exchange = ask()
    far_side.script = [far_side.accept_then_lose]
    far_side.query_script = [Down() for _ in range(9)]
    for _ in range(10):
        make_due(exchange)
        Circuit.objects.update(open_until=None, failures=0)
        drain()
    stopped = reload(exchange)
    assert (stopped.state, stopped.attempts_made) == (State.A_REFAIRE, 10)
    assert stopped.explanation["code"] == "EXC-005"
    Circuit.objects.update(open_until=None, failures=0)
    resume_exchange(exchange=stopped, actor=author)
    drain()
    assert reload(exchange).state == State.ACCEPTE
    assert far_side.received == ["k1"]


def test_order_is_kept_within_a_lane_and_a_blocked_lane_blocks_nobody(
    ask: Ask, far_side: FakeService
) -> None:
    far_side.script = [far_side.down]
    first, second, other = ask("a1", lane="a"), ask("a2", lane="a"), ask("b1", lane="b")
    drain()
    assert reload(first).state == State.EN_FILE
    assert reload(second).attempts_made == 0
    assert reload(other).state == State.ACCEPTE
    make_due(first)
    drain()
    assert far_side.received == ["b1", "a1", "a2"]


def test_a_refused_exchange_frees_its_lane(ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.refuse]
    ask("a1", lane="a")
    second = ask("a2", lane="a")
    drain()
    assert reload(second).state == State.ACCEPTE


@pytest.mark.req("quality-bars §2.2 rule 7")
def test_circuit_opens_at_the_fifth_failure_then_one_probe(ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.down] * 5
    for number in range(8):
        ask(f"k{number}", lane=f"lane{number}")
    drain()
    assert len(far_side.script) == 0
    assert far_side.received == [], "the service rests: the others wait"
    Circuit.objects.update(open_until=now() - datetime.timedelta(seconds=1))
    probe = claim_next()
    assert probe is not None
    assert claim_next() is None, "one probe at a time"
    settle_accepted(probe, far_side.send(probe.job))
    drain()
    assert len(far_side.received) == 3


def test_frozen_bytes_are_resent_as_they_were(ask: Ask, far_side: FakeService) -> None:
    exchange = ask(body=b"frozen")
    claim = claim_next()
    assert claim is not None
    assert claim.job.parts == {"body": b"frozen"}
    assert exchange.parts.get().sha256 == hashlib.sha256(b"frozen").hexdigest()


def test_every_pair_outside_the_table_is_illegal() -> None:
    for state in State:
        for event in Event:
            if (state, event) in TRANSITIONS:
                assert next_state(state, event) == TRANSITIONS[(state, event)]
            else:
                with pytest.raises(IllegalTransition):
                    next_state(state, event)


def test_delays_grow_to_a_ceiling_with_a_stable_jitter() -> None:
    seconds = [delay(n, "key", 30).total_seconds() for n in range(1, 15)]
    for number, value in enumerate(seconds, 1):
        expected = min(LONGEST_SECONDS, 30 * 2 ** (number - 1))
        assert 0.8 * expected <= value <= 1.2 * expected
    assert delay(3, "key", 30) == delay(3, "key", 30)
    assert delay(3, "key", 30) != delay(3, "other", 30)


def test_nothing_is_written_when_the_act_is_rolled_back(author: Actor, far_side: FakeService) -> None:
    class Cancelled(Exception):
        pass

    def act() -> None:
        with transaction.atomic():
            enqueue(kind="test.send", actor=author, essms_id=author.essms_id or 0, key="k", lane="l")
            raise Cancelled

    with pytest.raises(Cancelled):
        act()
    assert drain() == 0
