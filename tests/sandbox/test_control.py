"""The control page and its API, over plain HTTP."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from lxml import html

from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from tests.sandbox.services.dmp.messages import STRUCTURE, Caller, Paper, deposit, existence

Answer = tuple[int, dict[str, str], bytes]
Call = Callable[..., Answer]
FORM = "application/x-www-form-urlencoded"
HOSTILE = b"<script>alert(1)</script>\xff"


@pytest.fixture
def exchange(sandbox: Sandbox, call: Call) -> int:
    certificate = sandbox.pki.paths(Use.DMP_AUTHENTICATION, "1990000002")
    call("POST", "/si-dmp-server/v2/services/patients", HOSTILE, certificate=certificate)
    return sandbox.journal.list("dmp")[0].id


def test_the_first_page_says_it_is_no_real_service(call: Call, exchange: int) -> None:
    status, headers, body = call("GET", "/bac-a-sable/", secure=False)
    page = html.fromstring(body.decode())
    assert status == 200
    assert page.get("lang") == "fr"
    assert "ne fait pas partie du service réel" in page.text_content()
    assert "default-src 'none'" in headers["content-security-policy"]
    assert f"/bac-a-sable/echanges/{exchange}" in page.xpath("//a/@href")
    assert not page.xpath("//script")
    assert not page.xpath("//*[@style]")
    assert len(page.xpath("//h1")) == 1


def test_the_page_of_a_service_has_a_labelled_form_and_what_it_holds(call: Call) -> None:
    page = html.fromstring(call("GET", "/bac-a-sable/services/dmp", secure=False)[2].decode())
    fields = {item.get("id") for item in page.xpath("//select | //input[not(@type='hidden')]")}
    assert fields == set(page.xpath("//label/@for"))
    assert "documents" in page.xpath("string(//details[pre])")


def test_an_exchange_shows_checks_with_sources_and_escaped_bytes(call: Call, exchange: int) -> None:
    status, _, body = call("GET", f"/bac-a-sable/echanges/{exchange}", secure=False)
    text = body.decode()
    assert status == 200
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "soap.envelope" in text
    assert "SOAP 1.2 Part 1" in text


def test_the_bytes_are_downloaded_as_they_came(call: Call, exchange: int) -> None:
    status, headers, body = call("GET", f"/bac-a-sable/echanges/{exchange}/requete", secure=False)
    assert (status, body) == (200, HOSTILE)
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment")
    assert call("GET", f"/bac-a-sable/echanges/{exchange}/reponse", secure=False)[2].startswith(b"<?xml")


@pytest.mark.parametrize("path", ["echanges/999999", "services/rien", "rien", "echanges/../x"])
def test_what_does_not_exist_is_a_page_in_french(call: Call, path: str) -> None:
    status, _, body = call("GET", f"/bac-a-sable/{path}", secure=False)
    assert status == 404
    assert "bac à sable" in body.decode()


def test_a_situation_is_chosen_by_the_form(sandbox: Sandbox, call: Call) -> None:
    body = b"service=dmp&situation=indisponible&nombre=2"
    status, headers, _ = call("POST", "/bac-a-sable/situation", body, secure=False, content_type=FORM)
    assert (status, headers["location"]) == (303, "/bac-a-sable/")
    assert (sandbox.scenarios.active("dmp"), sandbox.scenarios.remaining("dmp")) == ("indisponible", 2)
    assert "Encore 2 échange" in call("GET", "/bac-a-sable/services/dmp", secure=False)[2].decode()
    for wrong in (b"service=dmp&situation=x", b"service=dmp&situation=indisponible&nombre=0", b""):
        assert call("POST", "/bac-a-sable/situation", wrong, secure=False, content_type=FORM)[0] == 400
    assert call("GET", "/bac-a-sable/situation", secure=False)[0] == 405


def test_the_api_gives_journal_state_situations_and_reset(
    sandbox: Sandbox, call: Call, exchange: int
) -> None:
    found = json.loads(call("GET", "/bac-a-sable/api/journal?service=dmp&after=0", secure=False)[2])
    assert [item["id"] for item in found["exchanges"]] == [exchange]
    assert found["exchanges"][0]["accepted"] is False
    detail = json.loads(call("GET", f"/bac-a-sable/api/journal/{exchange}", secure=False)[2])
    assert base64.b64decode(detail["request"]) == HOSTILE
    state = json.loads(call("GET", "/bac-a-sable/api/state", secure=False)[2])
    assert state["dmp"] == {"documents": {}, "signatures": {}}
    wanted = json.dumps({"service": "dmp", "name": "dmp-ferme", "count": 1}).encode()
    assert call("POST", "/bac-a-sable/api/scenario", wanted, secure=False)[0] == 200
    assert sandbox.scenarios.active("dmp") == "dmp-ferme"
    for wrong in (b"[]", b"{", b'{"service": "dmp", "name": "x"}', b'{"service": 3}'):
        assert call("POST", "/bac-a-sable/api/scenario", wrong, secure=False)[0] == 400
    assert call("POST", "/bac-a-sable/api/reset", secure=False)[0] == 200
    assert sandbox.scenarios.active("dmp") == ""
    assert sandbox.journal.list() == []


def test_the_style_sheet_and_the_redirect(call: Call) -> None:
    assert call("GET", "/bac-a-sable/style.css", secure=False)[1]["content-type"].startswith("text/css")
    assert call("GET", "/", secure=False)[0] == 302
    assert call("GET", "/ailleurs", secure=False)[0] == 404


def test_each_broken_check_says_what_was_expected_received_and_how_to_mend(
    sandbox: Sandbox, call: Call
) -> None:
    caller = Caller(sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE), sandbox.clock.now())
    wrong = caller.but(sector="XX^1", roles=(("10", "1.2.250.1.71.1.2.7"),))
    tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE)
    call("POST", "/si-dmp-server/v2/services/patients", existence(wrong), certificate=tls)
    number = sandbox.journal.list("dmp")[0].id
    page = html.fromstring(call("GET", f"/bac-a-sable/echanges/{number}", secure=False)[2].decode())
    cards = {
        card.xpath("string(.//dd[last()]//code)"): {
            term.text: term.getnext().text_content() for term in card.xpath(".//dt")
        }
        for card in page.xpath("//article")
    }
    assert set(cards) == {"vihf.sector", "vihf.speciality"}
    assert cards["vihf.sector"]["Reçu"] == "XX^1"
    assert cards["vihf.sector"]["Attendu"] == "Le secteur d’activité est dans JDV_J61."
    assert all(card["Corriger"].endswith(".") and card["Source"] for card in cards.values())
    assert page.xpath("string(//section[@aria-label='Verdict'])").count("2 contrôles à corriger") == 1
    assert "Identification (VIHF)" in page.xpath("//details//h3/text()")


def test_what_was_received_is_readable(sandbox: Sandbox, call: Call) -> None:
    caller = Caller(sandbox.pki.paths(Use.DMP_SIGNATURE, STRUCTURE), sandbox.clock.now())
    kind, body = deposit(caller, Paper(1, text="QUJD" * 1000))
    tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, STRUCTURE)
    call("POST", "/si-dmp-server/v2/services/repository", body, certificate=tls, content_type=kind)
    number = sandbox.journal.list("dmp")[0].id
    page = html.fromstring(call("GET", f"/bac-a-sable/echanges/{number}", secure=False)[2].decode())
    shown = page.xpath("//pre/text()")
    assert page.xpath("//pre/@aria-label")[:4] == [
        "Demande reçue : En-têtes", "Demande reçue : Message", "Demande reçue : Partie 2",
        "Demande reçue : Partie 3",
    ]  # fmt: skip
    assert "… 4000 caractères en base64 …" in shown[2]
    assert "\n  <title>Projet personnalisé 2026</title>" in shown[2]
