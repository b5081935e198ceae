"""« Envois »: lists, one exchange, retry, close; who sees what; how many queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import now
from amarre.dui.exchanges.enums import Receipt, State
from amarre.dui.exchanges.models import Circuit, Exchange
from amarre.dui.exchanges.selectors import PAGE_SIZE
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.models import Essms
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.exchanges.conftest import FakeService, reload

Ask = Callable[..., Exchange]
LIST = "/envois/"


@pytest.fixture
def nurse(essms: Essms) -> User:
    user = factories.make_user("Loïc", "Bremond")
    factories.give_role(user, essms, Role.SOINS)
    return user


@pytest.fixture
def client(nurse: User, client_for: ClientFor) -> Client:
    return client_for(nurse)


def text_of(client: Client, url: str, **headers: str) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == 200, response.content[:2000]
    return (
        response.content.decode()
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
        .replace("’", "'")
        .replace("&#x27;", "'")
    )


def one(name: str, exchange: Exchange) -> str:
    return reverse(f"exchanges:{name}", args=[exchange.pk])


def refuse(ask: Ask, far_side: FakeService) -> Exchange:
    far_side.script = [far_side.refuse]
    exchange = ask()
    drain()
    return reload(exchange)


def test_each_shelf_shows_its_own(client: Client, ask: Ask, far_side: FakeService) -> None:
    refused = refuse(ask, far_side)
    ask("k2", lane="b")
    drain()
    waiting = ask("k3", lane="c")
    for shelf, exchanges in {
        "a-traiter": [refused],
        "en-cours": [waiting],
        "tous": list(range(3)),
        "termines": [None],
    }.items():
        text = text_of(client, f"{LIST}?etat={shelf}")
        assert text.count('<li class="am-ligne">') == len(exchanges), shelf
    assert "Le service refuse." in text_of(client, LIST)


def test_the_menu_counts_what_waits_for_someone(client: Client, ask: Ask, far_side: FakeService) -> None:
    exchange = refuse(ask, far_side)
    assert '<span class="am-nb">1' in text_of(client, LIST)
    client.post(one("close_exchange", exchange))
    assert '<span class="am-nb">' not in text_of(client, LIST)


def test_a_message_sent_back_waits_for_someone(client: Client, ask: Ask, far_side: FakeService) -> None:
    exchange = ask()
    drain()
    with system_scope("test"):
        Exchange.objects.filter(pk=exchange.pk).update(receipt=Receipt.REJETE, receipt_at=now())
    assert "Rejeté" in text_of(client, LIST)
    assert "Rejeté" in text_of(client, one("show_exchange", exchange))


def test_one_exchange_says_what_happened_and_whom_to_call(
    client: Client, ask: Ask, far_side: FakeService
) -> None:
    exchange = refuse(ask, far_side)
    text = text_of(client, one("show_exchange", exchange))
    for part in ("Le service refuse.", "Corrigez.", "Vos données", "Qui appeler", exchange.reference, "R42"):
        assert part in text
    assert 'aria-current="step"' in text
    assert Trace.objects.filter(verb="exchange.consulted", exchange_id=exchange.reference).exists()


def test_retry_sends_again(client: Client, ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.broken_settings]
    exchange = ask()
    drain()
    page = one("show_exchange", exchange)
    assert one("retry_exchange", exchange) in text_of(client, page)
    assert client.post(one("retry_exchange", exchange))["Location"] == page
    drain()
    assert reload(exchange).state == State.ACCEPTE
    assert one("retry_exchange", exchange) not in text_of(client, page)


def test_a_closed_exchange_may_be_opened_again(client: Client, ask: Ask, far_side: FakeService) -> None:
    exchange = refuse(ask, far_side)
    assert client.post(one("close_exchange", exchange))["Location"] == LIST
    assert reload(exchange).closed_at is not None
    assert client.post(one("close_exchange", exchange)).status_code >= 400, "closed once"
    assert "La situation a changé" in text_of(client, one("show_exchange", exchange))
    client.post(one("retry_exchange", exchange))
    drain()
    assert (reload(exchange).state, reload(exchange).closed_at) == (State.ACCEPTE, None)


@pytest.mark.parametrize("name", ["retry_exchange", "close_exchange"])
def test_a_press_too_late_is_explained(client: Client, ask: Ask, name: str) -> None:
    exchange = ask()
    drain()
    response = client.post(one(name, exchange))
    assert response.status_code == 409
    words = response.content.decode().replace("&#x27;", "'").replace("’", "'").replace("\u00a0", " ")
    assert "« Accepté »" in words
    assert "L'envoi n'est pas modifié." in words


def test_progress_is_a_fragment_that_stops_when_it_is_over(
    client: Client, ask: Ask, far_side: FakeService
) -> None:
    exchange = ask()
    url = one("show_progress", exchange)
    assert "every 3s" in text_of(client, url, **{"HX-Request": "true"})
    drain()
    over = text_of(client, url, **{"HX-Request": "true"})
    assert "hx-trigger" not in over
    assert f'id="envoi-{exchange.pk}"' in over
    assert client.get(url)["Location"] == one("show_exchange", exchange), "without script: the page"


def test_a_resting_service_is_told(client: Client, ask: Ask, far_side: FakeService) -> None:
    far_side.script = [far_side.down] * 5
    for number in range(6):
        ask(f"k{number}", lane=f"lane{number}")
    drain()
    assert Circuit.objects.get().open_until is not None
    text = text_of(client, LIST)
    assert "Le service d'essai ne répond pas" in text
    assert "6 envois attendent ici et partiront seuls" in text
    assert "Ne répond pas." in text_of(client, reverse("web:services"))


def test_the_stranger_sees_nothing(
    ask: Ask, far_side: FakeService, charlie: User, client_for: ClientFor
) -> None:
    exchange = refuse(ask, far_side)
    stranger = client_for(charlie)
    assert "am-ligne" not in text_of(stranger, f"{LIST}?etat=tous")
    for name in ("show_exchange", "show_progress"):
        assert stranger.get(one(name, exchange)).status_code == 404
    for name in ("retry_exchange", "close_exchange"):
        assert stranger.post(one(name, exchange)).status_code == 404


def test_who_may_read_may_not_always_retry(
    essms: Essms, ask: Ask, far_side: FakeService, client_for: ClientFor
) -> None:
    maud = factories.make_user("Maud", "Keravel")
    factories.give_role(maud, essms, Role.REFERENT_IDENTITE)
    helper = factories.make_user("Fatou", "Diallo")
    factories.give_role(helper, essms, Role.AIDE_DOMICILE)
    exchange = refuse(ask, far_side)
    reader = client_for(maud)
    assert one("retry_exchange", exchange) not in text_of(reader, one("show_exchange", exchange))
    assert reader.post(one("retry_exchange", exchange)).status_code == 403
    assert client_for(helper).get(LIST).status_code == 403


def test_pages_follow_one_another_at_a_constant_cost(
    client: Client, ask: Ask, far_side: FakeService, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(PAGE_SIZE + 3):
        ask(f"k{number}", lane=f"lane{number}")
    drain()
    # Session, account, places, exchanges, trace, resting services; frame: counter, services, whom to call;
    # session kept alive, in its savepoint.
    with django_assert_num_queries(12):
        text = text_of(client, f"{LIST}?etat=tous")
    assert text.count('<li class="am-ligne">') == PAGE_SIZE
    following = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert text_of(client, following).count('<li class="am-ligne">') == 3
