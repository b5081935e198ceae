"""« Envois arrêtés »: causes, one button for all of one cause; « Annuler » on the card; who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from amarre.dui.access.roles import Role
from amarre.dui.accounts.models import User
from amarre.dui.exchanges import handlers
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.models import Essms
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.exchanges.conftest import FakeService, make_due, reload
from tests.dui.exchanges.test_exchange_views import LIST, one, text_of

Ask = Callable[..., Exchange]
STOPPED = "/envois/arretes/"


@pytest.fixture
def nurse(essms: Essms) -> User:
    user = factories.make_user("Loïc", "Bremond")
    factories.give_role(user, essms, Role.SOINS)
    return user


@pytest.fixture
def client(nurse: User, client_for: ClientFor) -> Client:
    return client_for(nurse)


def stop(ask: Ask, far_side: FakeService, count: int) -> list[Exchange]:
    far_side.script = [far_side.broken_settings] * count
    stopped = [ask(f"k{number}", lane=f"lane{number}") for number in range(count)]
    drain()
    return stopped


def test_one_button_resumes_everything_of_one_cause(client: Client, ask: Ask, far_side: FakeService) -> None:
    stopped = stop(ask, far_side, 3)
    assert "3 envois arrêtés" in text_of(client, LIST)
    text = text_of(client, STOPPED)
    for part in ("Un réglage manque.", "Complétez.", "Reprendre les 3 envois", "Vos données"):
        assert part in text
    response = client.post(STOPPED, {"cause": "TST-004", "service": "test"})
    assert (response.status_code, response["Location"]) == (302, STOPPED)
    drain()
    assert {reload(exchange).state for exchange in stopped} == {State.ACCEPTE}
    after = text_of(client, STOPPED)
    assert "Aucun envoi arrêté" in after
    assert client.post(STOPPED, {"cause": "TST-004", "service": "test"}).status_code == 409


def test_the_page_of_one_of_them_offers_the_others(client: Client, ask: Ask, far_side: FakeService) -> None:
    first, *_ = stop(ask, far_side, 2)
    assert "Reprendre les 2 envois" in text_of(client, one("show_exchange", first))
    client.post(one("retry_exchange", first))
    drain()
    text = text_of(client, STOPPED)
    assert "Reprendre l'envoi" in text


def test_the_cost_does_not_grow_with_the_causes(
    client: Client, ask: Ask, far_side: FakeService, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stop(ask, far_side, 7)
    # Session, account, places; causes, their words, the newest, trace, whom to call (one by role); frame:
    # counter, services, whom to call; session kept alive, in its savepoint.
    with django_assert_num_queries(14):
        assert text_of(client, STOPPED).count("<li><a href=") >= 7


def test_a_cancelled_exchange_says_who_cancelled_it(client: Client, ask: Ask, far_side: FakeService) -> None:
    exchange = ask()
    page = one("show_exchange", exchange)
    assert "Annuler l'envoi" in text_of(client, page)
    assert client.post(one("cancel_exchange", exchange))["Location"] == page
    assert drain() == 0
    text = text_of(client, page)
    assert "annulé avant de partir, par Loïc" in text
    for absent in ("Annuler l'envoi", "Réessayer", "Classer sans suite"):
        assert absent not in text
    assert "Annulé" in text_of(client, f"{LIST}?etat=termines")
    assert '<li class="am-ligne">' not in text_of(client, LIST)


def test_what_left_offers_no_cancelling_and_refuses_it(
    client: Client, ask: Ask, far_side: FakeService
) -> None:
    far_side.script = [far_side.accept_then_lose]
    exchange = ask()
    drain()
    page = one("show_exchange", exchange)
    assert "Annuler l'envoi" not in text_of(client, page)
    response = client.post(one("cancel_exchange", exchange))
    assert response.status_code == 409
    assert "trop tard pour l" in response.content.decode()


def test_who_goes_after_another_is_told_so(client: Client, ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.down]
    first, second = ask("a1", lane="a"), ask("a2", lane="a")
    drain()
    assert "Il partira après un autre envoi" in text_of(client, one("show_exchange", second))
    assert "Prochain essai" in text_of(client, one("show_exchange", first))
    make_due(first)
    drain()
    assert reload(second).state == State.ACCEPTE


def test_a_kind_that_nobody_handles_is_still_shown(
    client: Client, ask: Ask, far_side: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = ask()
    monkeypatch.delitem(handlers._HANDLERS, far_side.kind)
    drain(2)
    assert "ne sait pas traiter cet envoi" in text_of(client, one("show_exchange", exchange))
    assert '<li class="am-ligne">' in text_of(client, LIST)
    assert "Reprendre l'envoi" in text_of(client, STOPPED)


def test_a_question_of_the_software_is_not_listed(
    client: Client, ask: Ask, far_side: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far_side, "is_quiet", True, raising=False)
    ask()
    assert '<li class="am-ligne">' not in text_of(client, f"{LIST}?etat=tous")


def test_only_who_may_resume_sees_what_stopped(
    essms: Essms, ask: Ask, far_side: FakeService, client_for: ClientFor, charlie: User
) -> None:
    stopped = stop(ask, far_side, 1)
    maud = factories.make_user("Maud", "Keravel")
    factories.give_role(maud, essms, Role.REFERENT_IDENTITE)
    reader = client_for(maud)
    assert reader.get(STOPPED).status_code == 403
    assert reader.post(STOPPED, {"cause": "TST-004", "service": "test"}).status_code == 403
    assert reader.post(one("cancel_exchange", stopped[0])).status_code == 403
    stranger = client_for(charlie)
    assert "Aucun envoi arrêté" in text_of(stranger, STOPPED)
    assert stranger.post(STOPPED, {"cause": "TST-004", "service": "test"}).status_code == 409
    assert stranger.post(one("cancel_exchange", stopped[0])).status_code == 404
    assert reverse("exchanges:stopped") == STOPPED
