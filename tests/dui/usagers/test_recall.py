"""« À appeler à la prochaine venue »: who is in it, in which order; one call is one person."""

from __future__ import annotations

import ast
import datetime
import html
import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

import amarre.dui
from amarre.dui.access.errors import NotAllowed
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import today
from amarre.dui.exchanges.models import Exchange
from amarre.dui.usagers.errors import RecallDateInThePast, RecallNotNeeded
from amarre.dui.usagers.models import InsiSearch, RecallNote
from amarre.dui.usagers.selectors.recall_queue import count_expected, recall_page
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.dui.usagers.services.note_recall import close_recall, note_recall
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.interop.ins.status import Attribute
from tests.dui.connected import House
from tests.dui.usagers.cases import opened

pytestmark = pytest.mark.django_db

ClientFor = Callable[..., Client]


def names(house: House) -> tuple[list[str], list[str]]:
    page = recall_page(house.referent, today())
    return [line.name for line in page.expected], [line.name for line in page.others]


def text(response: HttpResponse) -> str:
    return html.unescape(response.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


def test_who_has_no_ins_is_in_it_next_visits_first(house: House) -> None:
    house.dossier("jean-riou")
    late, soon = opened(house, "zoe-adrun"), opened(house, "pierre-houilles")
    opened(house)
    doubtful = opened(house, "rene-caradec")
    mark_identity(
        dossier=doubtful, attribute=Attribute.DOUTEUSE, held=True, reason="Doute", actor=house.referent
    )
    day = datetime.timedelta(days=1)
    note_recall(dossier=late, expected_on=today() + 9 * day, note="", actor=house.referent)
    note_recall(dossier=soon, expected_on=today(), note="Apporter la carte", actor=house.referent)
    expected, others = names(house)
    assert [name.split()[-1] for name in expected] == ["HOUILLES", "ADRUN"]
    assert [name.split()[-1] for name in others] == ["KERVELLA"]
    assert count_expected(house.referent, today()) == 1


def test_added_by_hand_though_it_has_an_ins_then_taken_away(house: House) -> None:
    dossier = house.dossier("jean-riou")
    note_recall(dossier=dossier, expected_on=None, note="INS à redemander", actor=house.referent)
    assert names(house)[1] == ["Jean RIOU"]
    note_recall(dossier=dossier, expected_on=today(), note="", actor=house.referent)
    with system_scope("test"):
        assert RecallNote.objects.count() == 1, "the line changes, it is not doubled"
    close_recall(dossier=dossier, actor=house.referent)
    assert names(house) == ([], [])
    with pytest.raises(RecallNotNeeded):
        close_recall(dossier=dossier, actor=house.referent)


def test_yesterday_is_no_next_visit_and_care_notes_nothing(house: House) -> None:
    dossier = opened(house)
    with pytest.raises(RecallDateInThePast):
        note_recall(
            dossier=dossier, expected_on=today() - datetime.timedelta(days=1), note="", actor=house.referent
        )
    with pytest.raises(NotAllowed):
        note_recall(dossier=dossier, expected_on=None, note="", actor=house.actor)


def test_a_call_closes_the_note(house: House) -> None:
    dossier = opened(house)
    note_recall(dossier=dossier, expected_on=today(), note="", actor=house.referent)
    request_insi_search(dossier=dossier, actor=house.referent)
    assert not dossier.recall_notes.filter(closed_at=None).exists()
    line = recall_page(house.referent, today()).others[0]
    assert line.state == "en_cours"


def test_pages(house: House, client_for: ClientFor) -> None:
    dossier = opened(house)
    client = client_for(house.maud)
    shown = text(client.get("/identites/a-appeler/"))
    assert "Yvonne KERVELLA" in shown
    url = f"/dossiers/{dossier.pk}/identite/prochaine-venue/"
    assert client.post(url, {"expected_on": "01/01/2020", "note": ""}).status_code == 422
    client.post(url, {"expected_on": f"{today():%d/%m/%Y}", "note": "Livret de famille"})
    shown = text(client.get("/identites/a-appeler/"))
    assert "Aujourd’hui." in shown
    assert "Livret de famille" in shown
    assert "INSi à appeler aujourd’hui" in text(client.get("/"))
    client.post(f"{url}retirer/")
    assert "Livret de famille" not in text(client.get("/identites/a-appeler/"))
    assert client_for(house.loic).get("/identites/a-appeler/").status_code == 403


def test_the_list_makes_the_same_queries_whatever_its_length(
    house: House, client_for: ClientFor, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = client_for(house.maud)
    opened(house)
    client.get("/identites/a-appeler/")

    def count() -> int:
        with django_assert_max_num_queries(40) as counted:  # type: ignore[attr-defined]
            client.get("/identites/a-appeler/")
        return len(counted)

    few = count()
    for letter in "ABCDEFGH":
        opened(house, prenoms=f"YVONNE{letter}", premier_prenom=f"YVONNE{letter}")
    assert count() == few


# --- The law's rule: retrieval is one by one. --------------------------------------------------------------


@pytest.mark.req("issue 3, retrieval only one by one")
def test_one_press_is_one_person_whatever_is_posted(house: House, client_for: ClientFor) -> None:
    first, second = opened(house), opened(house, "zoe-adrun")
    url = f"/dossiers/{first.pk}/identite/insi/appeler/"
    client_for(house.maud).post(url, {"dossier": [first.pk, second.pk], "dossier_id": second.pk, "tous": "1"})
    with system_scope("test"):
        assert [row.dossier_id for row in InsiSearch.objects.all()] == [first.pk]
        assert Exchange.objects.filter(kind="insi.search").count() == 1


@pytest.mark.req("issue 3, retrieval only one by one")
def test_no_address_and_no_button_calls_for_several(house: House, client_for: ClientFor) -> None:
    for letter in "ABC":
        opened(house, prenoms=f"YVONNE{letter}", premier_prenom=f"YVONNE{letter}")
    shown = text(client_for(house.maud).get("/identites/a-appeler/"))
    forms = re.findall(r'<form[^>]+action="([^"]+/insi/appeler/)"', shown)
    assert len(forms) == len(set(forms)) == 3
    assert 'type="checkbox"' not in shown
    routes = [str(route) for route in _routes(get_resolver().url_patterns)]
    assert [one for one in routes if "appeler/" in one and "<int:dossier_id>" not in one] == [
        "identites/a-appeler/"
    ]


def _routes(patterns: list[object], prefix: str = "") -> list[str]:
    found: list[str] = []
    for one in patterns:
        route = prefix + str(getattr(one, "pattern", ""))
        found += _routes(one.url_patterns, route) if hasattr(one, "url_patterns") else [route]
    return found


@pytest.mark.req("issue 3, retrieval only one by one")
def test_no_code_asks_insi_in_a_loop() -> None:
    """`request_insi_search` takes one dossier; nothing calls it, nor the client, within a loop."""
    taken = list(inspect.signature(request_insi_search).parameters)
    assert taken == ["dossier", "actor", "card", "sends_place"]
    asked, looped = [], []
    for path in sorted(Path(amarre.dui.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call) and _called(node) in {"request_insi_search", "search_by_traits"}
            ):
                continue
            asked.append(path.name)
            around = [
                one for one in ast.walk(tree) if isinstance(one, ast.For | ast.While | ast.comprehension)
            ]
            if any(inner is node for loop in around for inner in ast.walk(loop)):
                looped.append(path.name)
        if "management" in path.parts:
            assert "insi_search" not in path.read_text("utf-8"), path
    assert looped == []
    assert {"identity_views.py", "insi_handler.py"} <= set(asked)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
