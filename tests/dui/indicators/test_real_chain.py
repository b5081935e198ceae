"""The numbers of acts that really left: services, worker and simulated national services."""

from __future__ import annotations

import dataclasses

import pytest

from amarre.dui.core.clock import today
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.services.read_receipts import read_receipts
from amarre.dui.exchanges.worker import drain
from amarre.dui.indicators import selectors
from amarre.dui.indicators.acts import Lens
from amarre.dui.indicators.periods import BEGINNING, months_before
from tests.dui.connected import House
from tests.dui.documents.mail import send

pytestmark = pytest.mark.django_db


def numbers(house: House) -> dict[str, int]:
    """What is not 0, since the beginning and this month alike."""
    lens = Lens(house.essms.pk, selectors.environment_of(house.essms), BEGINNING)
    this_month = dataclasses.replace(lens, period=months_before(today(), 1)[0])
    found = selectors.tbb1_figures(lens)
    assert found == selectors.tbb1_figures(this_month)
    return {code.removeprefix("TBB1."): one.numerator for code, one in found.items() if one.numerator}


@pytest.mark.req("TBB.1")
def test_one_document_by_the_three_ways(house: House) -> None:
    version = house.filed()
    deposit_in_dmp(version=version, actor=house.actor)
    send(house, version)
    send(house, version, entry=None)
    assert numbers(house) == {}, "what waits is not done"
    drain()
    assert numbers(house) == {
        "1": 1, "1a": 1, "2": 2, "2a": 1, "2b": 1, "3a": 1, "3b": 1, "3c": 1, "4": 1,
    }  # fmt: skip


def test_the_next_version_of_a_document_replaces_it_and_counts_once(house: House) -> None:
    dossier = house.dossier()
    for _ in range(2):
        deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
        drain()
    assert numbers(house) == {"1": 1, "1a": 1, "3a": 1}


def test_a_refused_deposit_counts_nothing(house: House) -> None:
    assert house.sandbox is not None
    deposit_in_dmp(version=house.filed(), actor=house.actor)
    house.sandbox.choose("dmp", "dmp-ferme", 1)
    drain()
    assert numbers(house) == {}


def test_a_message_leaves_the_count_when_it_comes_back(house: House) -> None:
    assert house.sandbox is not None
    house.sandbox.choose("mssante", "boite-inconnue", 1)
    send(house, house.filed())
    drain()
    assert numbers(house) == {"2": 1, "2a": 1, "3b": 1}, "accepted by the operator, no news yet"
    read_receipts()
    assert numbers(house) == {}
