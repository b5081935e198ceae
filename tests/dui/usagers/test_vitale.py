"""Carte Vitale in the record: offered only where a reader is configured; INSi asked with it; nothing kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.exchanges.models import ExchangePart
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers import card_stash
from amarre.dui.usagers.models import Dossier, InsiSearch
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.interop.ins.insi import CallForbidden, choose, vitale_card_from_json, vitale_query
from amarre.interop.ins.status import Attribute, Status
from tests.dui.conftest import ClientFor
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import fresh, opened

pytestmark = pytest.mark.django_db

FAMILY = "famille-dartagnan"


@pytest.fixture
def cards(sandbox_data: Path, house: House, settings: Any) -> Path:
    """The readers of the demonstration: each file of the sandbox is a card."""
    folder = sandbox_data / "vitale"
    settings.AMARRE_VITALE_READER = "amarre.dui.usagers.vitale.demonstration_cards"
    settings.AMARRE_VITALE_TEST_CARDS = str(folder)
    return folder


def query_of(folder: Path, card: str, rank: int) -> Any:
    read = vitale_card_from_json((folder / f"{card}.json").read_bytes())
    return vitale_query(read, choose(read, rank))


def asked_with(house: House, dossier: Dossier, folder: Path, card: str, rank: int = 1) -> InsiSearch:
    search = request_insi_search(dossier=dossier, actor=house.referent, card=query_of(folder, card, rank))
    drain()
    return fresh(search)


def parts() -> int:
    with system_scope("test"):
        return ExchangePart.objects.count()


@pytest.mark.req("SEL-MP-043 WS_INS1")
def test_a_child_is_found_on_the_card_of_a_parent(house: House, cards: Path) -> None:
    dossier = opened(house, "pierre-alain-dartagnan")
    search = asked_with(house, dossier, cards, FAMILY, 2)
    assert (search.means, search.outcome, search.calls) == ("vitale", "found", 1)
    accept_insi_search(search=search, actor=house.referent, reason="Pièce relue")
    identity = identity_of(dossier)
    assert identity.status is Status.RECUPEREE
    # The child's own number, never the insured person's.
    assert identity.matricule == "1010663220754"


def test_nothing_of_the_card_stays(house: House, cards: Path) -> None:
    dossier = opened(house, "zoe-adrun")
    before = parts()
    search = request_insi_search(dossier=dossier, actor=house.referent, card=query_of(cards, "zoe-adrun", 1))
    assert parts() == before + 1
    drain()
    assert parts() == before
    told = json.dumps([trace.details for trace in Trace.objects.filter(dossier_id=str(dossier.pk))])
    assert "2751263220749" not in told
    assert fresh(search).outcome == "found"


def test_an_answer_about_somebody_else_is_never_stored(house: House, cards: Path) -> None:
    assert house.sandbox is not None
    house.sandbox.choose("insi", "autre-personne", 1)
    dossier = opened(house, "zoe-adrun")
    search = asked_with(house, dossier, cards, "zoe-adrun")
    assert search.outcome == "failed"
    assert search.returned == {}
    assert identity_of(dossier).matricule == ""
    assert parts() == 0


def test_a_card_of_another_person_opens_a_discrepancy(house: House, cards: Path) -> None:
    dossier = opened(house, "pierre-alain-dartagnan")
    asked_with(house, dossier, cards, "zoe-adrun")
    discrepancy = identity_of(dossier).discrepancies.get(state="ouvert")
    assert discrepancy.kind == "blocking"


def test_a_card_needs_no_sex_but_no_doubt(house: House, cards: Path) -> None:
    dossier = opened(house, "zoe-adrun")
    mark_identity(
        dossier=dossier, attribute=Attribute.DOUTEUSE, held=True, reason="Doute", actor=house.referent
    )
    with pytest.raises(CallForbidden):
        request_insi_search(dossier=dossier, actor=house.referent, card=query_of(cards, "zoe-adrun", 1))


def page(client: Client, name: str, *args: object, **sent: str) -> Any:
    url = reverse(f"usagers:{name}", args=args)
    return client.post(url, sent) if sent else client.get(url)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_without_a_reader_nothing_appears(house: House, client_for: ClientFor, settings: Any) -> None:
    settings.AMARRE_VITALE_READER = ""
    dossier = opened(house)
    client = client_for(house.maud)
    for name, args in (("show_identity", (dossier.pk,)), ("create_person", ())):
        shown = text(page(client, name, *args))
        assert "Avec la carte Vitale" not in shown
        assert "Lire une carte Vitale" not in shown
    for name, args in (("ask_with_card", (dossier.pk,)), ("begin_with_card", ())):
        assert page(client, name, *args).status_code == 404


def test_read_choose_ask(house: House, client_for: ClientFor, cards: Path) -> None:
    dossier = opened(house, "pierre-alain-dartagnan")
    client = client_for(house.maud)
    assert "Avec la carte Vitale" in text(page(client, "show_identity", dossier.pk))
    shown = text(page(client, "ask_with_card", dossier.pk, etape="lire", slot=FAMILY))
    assert "PIERRE-ALAIN" in shown
    assert "titulaire de la carte" in shown
    for number in ("1751263220999", "1010663220754"):
        assert number not in shown
    person = "2|D'ARTAGNAN DE L'HERAULT PIERRE-ALAIN, 17/06/2001"
    response = page(client, "ask_with_card", dossier.pk, etape="choisir", slot=FAMILY, person=person)
    assert response.status_code == 302
    drain()
    assert "Recherche INSi avec la carte Vitale" in text(page(client, "show_identity", dossier.pk))
    assert Trace.objects.filter(verb="identity.card_read", dossier_id=str(dossier.pk)).count() == 1


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"etape": "lire"}, 422, "obligatoire"),
        ({"etape": "lire", "slot": "../../pki/ca"}, 422, "choix"),
        ({"etape": "choisir", "slot": FAMILY}, 422, "Choisissez la personne présente"),
        ({"etape": "choisir", "slot": FAMILY, "person": "2|QUELQU'UN D'AUTRE"}, 422, "plus celle"),
    ],
)
def test_what_is_not_chosen_or_changed_is_said(
    house: House, client_for: ClientFor, cards: Path, sent: dict[str, str], status: int, said: str
) -> None:
    dossier = opened(house, "pierre-alain-dartagnan")
    response = page(client_for(house.maud), "ask_with_card", dossier.pk, **sent)
    assert response.status_code == status
    assert said in text(response)
    assert not identity_of(dossier).insi_searches.exists()


def test_a_card_that_cannot_be_read_is_said(
    house: House, client_for: ClientFor, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "abimee.json").write_text("{")
    settings.AMARRE_VITALE_READER = "amarre.dui.usagers.vitale.demonstration_cards"
    settings.AMARRE_VITALE_TEST_CARDS = str(tmp_path)
    response = page(client_for(house.maud), "begin_with_card", etape="lire", slot="abimee")
    assert response.status_code == 422
    assert "carte" in text(response)


def test_a_dossier_begun_with_a_card_calls_insi_once_open(
    house: House, client_for: ClientFor, cards: Path
) -> None:
    client = client_for(house.maud)
    assert "Lire une carte Vitale" in text(page(client, "create_person"))
    response = page(
        client, "begin_with_card", etape="choisir", slot="zoe-adrun", person="1|ADRUN ZOE, 31/12/1975"
    )
    form = response.context["form"]
    values = {name: form.initial.get(name, "") for name in form.fields}
    values |= {"sexe": "F", "entered_on": "02/11/2026", "date_naissance": "31/12/1975", "etape": "creer"}
    assert values["source"] == "vitale"
    assert "2751263220749" not in text(response)
    assert page(client, "create_person", **values).status_code == 302
    drain()
    with system_scope("test"):
        dossier = Dossier.objects.select_related("identity").get()
    assert dossier.identity.changes.get(field="source").after == "carte Vitale lue"
    search = dossier.identity.insi_searches.get()
    assert (search.means, search.outcome) == ("vitale", "found")


def test_the_stash_is_for_its_person_once(house: House, cards: Path) -> None:
    query = query_of(cards, FAMILY, 2)
    token = card_stash.put(house.referent, query)
    assert card_stash.take(house.actor, token) is None
    assert card_stash.take(house.referent, token) == query
    assert card_stash.take(house.referent, token) is None
