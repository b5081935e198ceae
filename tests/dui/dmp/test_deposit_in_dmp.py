"""A deposit from the button to the DMP: what leaves, what is refused, what is kept."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.worker import drain
from tests.dui.connected import House


def held(house: House) -> dict[str, dict[str, Any]]:
    """What the DMP holds, by uniqueId."""
    assert house.sandbox is not None
    state: Any = house.sandbox.state()["dmp"]
    return dict(state["documents"])


def reload(deposit: DmpDeposit) -> DmpDeposit:
    with system_scope("test"):
        return DmpDeposit.objects.select_related("exchange", "version").get(pk=deposit.pk)


@pytest.mark.req("issue 2, DMP")
def test_a_document_is_deposited_once_and_its_acknowledgement_kept(house: House) -> None:
    version = house.filed()
    deposit = deposit_in_dmp(version=version, actor=house.actor)
    assert deposit.exchange.state == State.EN_FILE
    assert drain() == 1
    done = reload(deposit)
    assert (done.exchange.state, done.exchange.explanation) == (State.ACCEPTE, {})
    assert done.accepted_at is not None
    kept = bytes(done.exchange.parts.get(name="answer").data)
    assert b"ResponseStatusType:Success" in kept
    assert done.acknowledgement_sha256 == hashlib.sha256(kept).hexdigest()
    assert list(held(house)) == [version.unique_id]
    assert done.exchange.result == {"replaced": False, "warnings": []}
    verbs = set(Trace.objects.filter(exchange_id=done.exchange.reference).values_list("verb", flat=True))
    assert verbs == {"dmp.deposit_requested", "exchange.accepted", "dmp.deposited"}


def test_pressing_twice_is_one_deposit(house: House) -> None:
    version = house.filed()
    first = deposit_in_dmp(version=version, actor=house.actor)
    assert deposit_in_dmp(version=version, actor=house.actor).pk == first.pk
    drain()
    assert deposit_in_dmp(version=version, actor=house.actor).pk == first.pk
    assert len(held(house)) == 1
