"""« Annuler »: what waits is stopped and explained; what left, or may have, is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from amarre.dui.access.errors import AccessError
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import AlreadyLeft, ApproverIsAuthor, CancelledByPerson, IllegalTransition
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.cancel import cancel_exchange, stop_waiting
from amarre.dui.exchanges.services.claim import claim_next
from amarre.dui.exchanges.services.confirm import confirm_held
from amarre.dui.exchanges.services.enqueue import enqueue
from amarre.dui.exchanges.services.resume import resume_exchange
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.models import Essms
from tests.dui import factories
from tests.dui.exchanges.conftest import FakeService, make_due, reload

Ask = Callable[..., Exchange]


def colleague(essms: Essms, name: str) -> Actor:
    user = factories.make_user(name, "Keravel")
    factories.give_role(user, essms, Role.SOINS)
    return factories.actor_for(user, essms)


def wait_for_agreement(author: Actor, essms: Essms, key: str = "k1") -> Exchange:
    with transaction.atomic():
        return enqueue(
            kind="test.send", actor=author, essms_id=essms.pk, key=key, lane="test:1",
            parts={"body": key.encode()}, state=State.A_VALIDER,
        )  # fmt: skip


def test_a_cancelled_exchange_never_leaves_and_says_who_stopped_it(
    ask: Ask, far_side: FakeService, author: Actor
) -> None:
    exchange = ask()
    cancel_exchange(exchange=exchange, actor=author)
    assert drain() == 0
    stopped = reload(exchange)
    assert (stopped.state, stopped.cause) == (State.ANNULE, "EXC-011")
    assert "Loïc" in stopped.explanation["what"]
    assert (far_side.received, far_side.gave_up) == ([], ["k1"])
    assert Trace.objects.get(verb="exchange.cancelled").exchange_id == stopped.reference


def test_a_cancelled_exchange_frees_its_lane(ask: Ask, far_side: FakeService, author: Actor) -> None:
    first, second = ask("a1", lane="a"), ask("a2", lane="a")
    cancel_exchange(exchange=first, actor=author)
    drain()
    assert reload(second).state == State.ACCEPTE
    assert far_side.received == ["a2"]


def test_what_was_tried_in_vain_may_still_be_cancelled(
    ask: Ask, far_side: FakeService, author: Actor
) -> None:
    far_side.script = [far_side.down]
    exchange = ask()
    drain()
    cancel_exchange(exchange=exchange, actor=author)
    assert reload(exchange).state == State.ANNULE


def claimed(exchange: Exchange, far_side: FakeService, author: Actor) -> None:
    claim_next()


def lost(exchange: Exchange, far_side: FakeService, author: Actor) -> None:
    far_side.script = [far_side.accept_then_lose]
    drain()


def accepted(exchange: Exchange, far_side: FakeService, author: Actor) -> None:
    drain()


def resumed_in_doubt(exchange: Exchange, far_side: FakeService, author: Actor) -> None:
    lost(exchange, far_side, author)
    with system_scope("test"):
        Exchange.objects.update(attempts_allowed=2)
    far_side.query_script = [far_side.broken()]
    make_due(exchange)
    drain()
    resume_exchange(exchange=exchange, actor=author)


@pytest.mark.parametrize("situation", [claimed, lost, accepted, resumed_in_doubt])
def test_what_left_or_may_have_is_not_cancelled(
    ask: Ask, far_side: FakeService, author: Actor, situation: Callable[..., None]
) -> None:
    exchange = ask()
    situation(exchange, far_side, author)
    before = reload(exchange).state
    with pytest.raises(AlreadyLeft):
        cancel_exchange(exchange=exchange, actor=author)
    with transaction.atomic():
        assert stop_waiting(exchange_ids=[exchange.pk], why=CancelledByPerson(name="x"), actor=author) == []
    assert reload(exchange).state == before


def test_cancelling_twice_is_refused(ask: Ask, author: Actor) -> None:
    exchange = ask()
    cancel_exchange(exchange=exchange, actor=author)
    with pytest.raises(IllegalTransition):
        cancel_exchange(exchange=exchange, actor=author)


def test_without_the_right_nothing_is_cancelled(ask: Ask, author: Actor) -> None:
    exchange = ask()
    powerless = Actor(kind=author.kind, name="x", essms_id=author.essms_id, roles=frozenset())
    with pytest.raises(AccessError):
        cancel_exchange(exchange=exchange, actor=powerless)
    assert reload(exchange).state == State.EN_FILE


def test_a_decision_stops_what_waits_in_its_own_transaction(ask: Ask, author: Actor) -> None:
    exchange = ask()

    class Undone(Exception):
        pass

    def decide() -> None:
        with transaction.atomic():
            stop_waiting(exchange_ids=[exchange.pk], why=CancelledByPerson(name="x"), actor=author)
            raise Undone

    with pytest.raises(Undone):
        decide()
    assert reload(exchange).state == State.EN_FILE


def test_nothing_leaves_before_the_agreement_of_a_second_person(
    author: Actor, essms: Essms, far_side: FakeService
) -> None:
    asker, other = colleague(essms, "Loïc"), colleague(essms, "Maud")
    waiting = wait_for_agreement(asker, essms)
    assert drain() == 0
    with pytest.raises(ApproverIsAuthor), transaction.atomic():
        confirm_held(reload(waiting), asker)
    with transaction.atomic():
        confirm_held(reload(waiting), other)
    drain()
    assert far_side.received == ["k1"]
    with pytest.raises(IllegalTransition), transaction.atomic():
        confirm_held(reload(waiting), other)


def test_what_waits_for_an_agreement_holds_nothing_back_and_joins_the_lane_at_its_end(
    author: Actor, essms: Essms, far_side: FakeService, ask: Ask
) -> None:
    other = colleague(essms, "Maud")
    waiting = wait_for_agreement(author, essms)
    far_side.script = [far_side.down]
    second = ask("k2")
    drain()
    with transaction.atomic():
        confirm_held(reload(waiting), other)
    assert drain() == 0, "the second one goes first: it was there"
    make_due(second)
    drain()
    assert far_side.received == ["k2", "k1"]


def test_an_approval_is_refused_once_it_was_cancelled(
    author: Actor, essms: Essms, far_side: FakeService
) -> None:
    waiting = wait_for_agreement(author, essms)
    with system_scope("test"):
        Exchange.objects.update(state=State.ANNULE, finished_at=now())
    with pytest.raises(IllegalTransition), transaction.atomic():
        confirm_held(reload(waiting), colleague(essms, "Maud"))
