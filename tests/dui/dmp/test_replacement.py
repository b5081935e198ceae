"""A version that replaces another: its number is asked by the worker, the whole is frozen before it leaves.

Also what keeps two versions of a document from standing side by side at the DMP.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.dmp.services.queue_deposit import PART, PART_WITHOUT_NUMBER
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Circuit, Exchange, ExchangePart
from amarre.dui.exchanges.services.cancel import cancel_exchange
from amarre.dui.exchanges.services.resume import resume_exchange
from amarre.dui.exchanges.worker import drain
from amarre.interop.dmp import FrozenSubmission
from tests.dui.connected import House
from tests.dui.dmp.far_dmp import forget, renumber
from tests.dui.dmp.test_deposit_in_dmp import held, reload
from tests.dui.dmp.test_dmp_situations import make_due
from tests.dui.dmp.transport_watch import Watch, watch

__all__ = ["watch"]


def deposit_next(house: House, first: DmpDeposit) -> DmpDeposit:
    """File the next version of the document and ask for its deposit."""
    with system_scope("test"):
        dossier = first.version.document.dossier
    return deposit_in_dmp(version=house.filed(house.reload(dossier)), actor=house.actor)


def deposited(house: House) -> DmpDeposit:
    deposit = deposit_in_dmp(version=house.filed(), actor=house.actor)
    drain()
    assert reload(deposit).exchange.state == State.ACCEPTE
    return deposit


def in_the_dmp(house: House, deposit: DmpDeposit) -> dict[str, Any]:
    return held(house)[reload(deposit).version.unique_id]


def parts_of(deposit: DmpDeposit) -> dict[str, bytes]:
    rows = ExchangePart.objects.filter(exchange=deposit.exchange_id)
    return {part.name: bytes(part.data) for part in rows}


def test_asking_a_replacement_calls_nobody_from_the_page(house: House, watch: Watch) -> None:
    first = deposited(house)
    watch.calls.clear()
    second = deposit_next(house, first)
    assert watch.calls == [], "the worker asks the number, not the page"
    assert list(parts_of(second)) == [PART_WITHOUT_NUMBER]
    drain()
    assert watch.calls == ["dmp-td3.1b", "dmp-td0.2", "dmp-td2.1"]
    assert in_the_dmp(house, first)["status"].endswith("Deprecated")
    assert in_the_dmp(house, second)["replaces"] == in_the_dmp(house, first)["entry_uuid"]
    assert reload(second).exchange.result["replaced"] is True


def test_a_version_waits_for_the_one_before_and_replaces_it(house: House) -> None:
    first = deposit_in_dmp(version=house.filed(), actor=house.actor)
    second = deposit_next(house, first)
    third = deposit_next(house, first)
    assert drain() == 3
    assert [reload(one).exchange.state for one in (first, second, third)] == [State.ACCEPTE] * 3
    assert in_the_dmp(house, second)["replaces"] == in_the_dmp(house, first)["entry_uuid"]
    assert in_the_dmp(house, third)["replaces"] == in_the_dmp(house, second)["entry_uuid"]
    current = [name for name, one in held(house).items() if one["status"].endswith("Approved")]
    assert current == [reload(third).version.unique_id]


def test_a_version_that_follows_one_refused_is_an_ordinary_deposit(house: House) -> None:
    first = deposit_in_dmp(version=house.filed(), actor=house.actor)
    second = deposit_next(house, first)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "dmp-ferme", 1)
    drain()
    assert reload(first).exchange.state == State.REFUSE
    assert reload(second).exchange.state == State.ACCEPTE, reload(second).exchange.explanation
    assert in_the_dmp(house, second)["replaces"] == ""


def test_a_version_that_follows_one_never_deposited_is_an_ordinary_deposit(house: House) -> None:
    first = house.filed()
    second = house.filed(first.document.dossier)
    deposit = deposit_in_dmp(version=second, actor=house.actor)
    assert list(parts_of(deposit)) == [PART]
    drain()
    assert in_the_dmp(house, deposit)["replaces"] == ""


def test_a_number_that_changed_since_is_asked_again(house: House) -> None:
    """Somebody hid the document: its entryUUID is another one (TD3.3a). Nothing kept here says so."""
    first = deposited(house)
    second = deposit_next(house, first)
    changed = "urn:uuid:00000000-0000-4000-8000-000000000042"
    renumber(house, reload(first).version.unique_id, changed)
    drain()
    assert reload(second).exchange.state == State.ACCEPTE, reload(second).exchange.explanation
    assert in_the_dmp(house, second)["replaces"] == changed


@pytest.mark.parametrize("situation", ["reponse-perdue", "indisponible", "page-html"])
def test_a_question_without_answer_leaves_no_doubt_about_the_deposit(house: House, situation: str) -> None:
    first = deposited(house)
    second = deposit_next(house, first)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", situation, 1)
    drain(1)
    waiting = reload(second).exchange
    assert (waiting.state, waiting.outcome_unknown) == (State.EN_FILE, False), waiting.explanation
    assert "Rien" in waiting.explanation["data_state"]
    assert PART not in parts_of(second)
    make_due()
    drain()
    assert reload(second).exchange.state == State.ACCEPTE


def test_every_attempt_of_a_replacement_sends_the_same_bytes(house: House) -> None:
    first = deposited(house)
    second = deposit_next(house, first)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "depot-perdu", 1)
    drain(1)
    frozen = parts_of(second)[PART]
    assert reload(second).exchange.state == State.INCONNU
    make_due()
    drain()
    assert parts_of(second)[PART] == frozen
    assert reload(second).exchange.state == State.ACCEPTE
    assert len(held(house)) == 2
    draft = FrozenSubmission.from_bytes(parts_of(second)[PART_WITHOUT_NUMBER])
    assert draft.document == FrozenSubmission.from_bytes(frozen).document


def test_a_version_that_the_dmp_lost_waits_for_a_person_who_asks_the_usager(house: House) -> None:
    first = deposited(house)
    forget(house, reload(first).version.unique_id)
    second = deposit_next(house, first)
    drain()
    stopped = reload(second).exchange
    assert (stopped.state, stopped.explanation["code"]) == (State.A_REFAIRE, "DMP-073")
    assert not held(house)


def test_an_older_version_never_leaves_once_a_newer_one_did(house: House) -> None:
    first = deposit_in_dmp(version=house.filed(), actor=house.actor)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "dmp-absent", 1)
    drain()
    second = deposit_next(house, first)
    drain()
    assert reload(second).exchange.state == State.ACCEPTE
    resume_exchange(exchange=reload(first).exchange, actor=house.actor)
    drain()
    refused = reload(first).exchange
    assert (refused.state, refused.explanation["code"]) == (State.A_REFAIRE, "DMP-075")
    assert list(held(house)) == [reload(second).version.unique_id]


def test_a_version_does_not_follow_one_given_up_in_doubt(house: House) -> None:
    """Only an order broken from outside leads here: the control blocks it, the lane keeps it."""
    first = deposit_in_dmp(version=house.filed(), actor=house.actor)
    second = deposit_next(house, first)
    with system_scope("test"):
        Exchange.objects.filter(pk=first.exchange_id).update(state=State.A_REFAIRE, outcome_unknown=True)
    drain()
    stopped = reload(second).exchange
    assert (stopped.state, stopped.explanation["code"]) == (State.A_REFAIRE, "DMP-072")
    assert not held(house)


def test_a_cancelled_deposit_may_be_asked_again_by_another_colleague(house: House) -> None:
    version = house.filed()
    first = deposit_in_dmp(version=version, actor=house.actor)
    cancelled = first.exchange
    cancel_exchange(exchange=cancelled, actor=house.actor)
    again = deposit_in_dmp(version=version, actor=house.actor)
    assert (again.pk, again.exchange_id == cancelled.pk) == (first.pk, False)
    assert drain() == 1
    assert reload(again).exchange.state == State.ACCEPTE
    cancel_twice = deposit_in_dmp(version=version, actor=house.actor)
    assert cancel_twice.exchange_id == again.exchange_id, "deposited: nothing is asked anew"
    with system_scope("test"):
        states = list(Exchange.objects.order_by("pk").values_list("state", flat=True))
    assert states == [State.ANNULE, State.ACCEPTE]


def test_a_deposit_cancelled_twice_has_three_intentions(house: House) -> None:
    version = house.filed()
    for _ in range(2):
        cancel_exchange(
            exchange=deposit_in_dmp(version=version, actor=house.actor).exchange, actor=house.actor
        )
    deposit_in_dmp(version=version, actor=house.actor)
    drain()
    assert len(held(house)) == 1
    with system_scope("test"):
        keys = list(Exchange.objects.order_by("pk").values_list("key", flat=True))
    assert keys == [f"dmp:{version.pk}", f"dmp:{version.pk}:1", f"dmp:{version.pk}:2"]


def test_the_handler_completes_once(house: House) -> None:
    first = deposited(house)
    second = deposit_next(house, first)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "indisponible", 2)
    for _ in range(2):
        drain(1)
        Circuit.objects.all().delete()
        with system_scope("test"):
            Exchange.objects.update(due_at=now() - datetime.timedelta(seconds=1))
    drain()
    assert reload(second).exchange.state == State.ACCEPTE
    assert ExchangePart.objects.filter(exchange=second.exchange_id, late=True).count() == 1
