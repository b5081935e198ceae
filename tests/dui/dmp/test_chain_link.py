"""The chain of a dossier says where its document and its deposit are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from amarre.dui.dmp.chain_link import deposit_progress
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.chain_link import document_progress
from amarre.dui.exchanges.services.close import close_exchange
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers.chain import LinkState
from tests.dui.connected import House
from tests.dui.dmp.test_deposit_in_dmp import reload


@pytest.fixture
def request_of(house: House, rf: RequestFactory) -> Callable[[], HttpRequest]:
    """Each call is a page opened anew: within one page, what was read is not read again."""

    def opened() -> HttpRequest:
        request = rf.get("/")
        request.user = house.loic
        request.actor = house.actor  # type: ignore[attr-defined]
        return request

    return opened


def test_from_nothing_to_deposited(house: House, request_of: Callable[[], HttpRequest]) -> None:
    dossier = house.dossier()
    assert document_progress(request_of(), dossier).state is LinkState.TO_DO
    assert deposit_progress(request_of(), dossier).action == ""
    version = house.filed(dossier)
    assert document_progress(request_of(), dossier).state is LinkState.DONE
    assert deposit_progress(request_of(), dossier).action == "Déposer au DMP"
    deposit_in_dmp(version=version, actor=house.actor)
    assert deposit_progress(request_of(), dossier).state is LinkState.GOING
    drain()
    assert deposit_progress(request_of(), dossier).state is LinkState.DONE


def test_a_refusal_is_said_until_a_person_closes_it(
    house: House, request_of: Callable[[], HttpRequest]
) -> None:
    dossier = house.dossier()
    deposit = deposit_in_dmp(version=house.filed(dossier), actor=house.actor)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", "dmp-ferme", 1)
    drain()
    refused = deposit_progress(request_of(), dossier)
    assert (refused.state, refused.action) == (LinkState.TO_DO, "Voir le refus")
    assert refused.sentence == "Le DMP de cette personne est fermé à sa demande."
    close_exchange(exchange=reload(deposit).exchange, actor=house.actor)
    assert deposit_progress(request_of(), dossier).state is LinkState.BLOCKED


def test_a_document_made_before_qualification_asks_for_a_new_version(
    house: House, request_of: Callable[[], HttpRequest]
) -> None:
    dossier = house.dossier()
    version = house.filed(dossier)
    version.identity_qualified = False
    version.save()
    assert "sans INS" in document_progress(request_of(), dossier).sentence
