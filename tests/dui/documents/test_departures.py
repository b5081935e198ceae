"""What left is told as what may have left, given up in doubt included."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from amarre.dui.access.scope import system_scope
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.departures import departures
from amarre.dui.documents.mssante_chain import message_progress
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Exchange
from amarre.dui.usagers.chain import LinkState
from tests.dui.connected import House
from tests.dui.documents.mail import send

pytestmark = pytest.mark.django_db


def end(state: State, *, unknown: bool) -> None:
    with system_scope("test"):
        Exchange.objects.update(state=state, outcome_unknown=unknown)


@pytest.fixture
def page_of(house: House, rf: RequestFactory) -> Callable[[], HttpRequest]:
    def opened() -> HttpRequest:
        request = rf.get("/")
        request.user = house.loic
        request.actor = house.actor  # type: ignore[attr-defined]
        return request

    return opened


@pytest.mark.parametrize("state", [State.A_REFAIRE, State.EN_FILE])
def test_what_was_given_up_in_doubt_may_have_left(house: House, state: State) -> None:
    dossier = house.dossier()
    version = house.filed(dossier)
    deposit_in_dmp(version=version, actor=house.actor)
    send(house, version)
    end(state, unknown=False)
    assert departures([dossier.pk]) == [], "nothing left"
    end(state, unknown=True)
    found = departures([dossier.pk])
    assert [one.kind for one in found] == ["Dépôt au DMP", "Message MSSanté"]
    assert not any(one.certain for one in found)
    assert all(one.to_do.startswith("Vérifiez d’abord") for one in found)


def test_a_message_in_doubt_is_not_said_unsent(house: House, page_of: Callable[[], HttpRequest]) -> None:
    dossier = house.dossier()
    send(house, house.filed(dossier))
    end(State.A_REFAIRE, unknown=False)
    assert "n’est pas parti" in message_progress(page_of(), dossier).sentence
    end(State.A_REFAIRE, unknown=True)
    doubtful = message_progress(page_of(), dossier)
    assert (doubtful.state, doubtful.action) == (LinkState.TO_DO, "Voir le message")
    assert doubtful.sentence.startswith("On ne sait pas si le message")
