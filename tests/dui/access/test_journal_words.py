"""The journal in French: no code is left where a person reads, and a dossier is named for who may see it."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.detail_words import in_words
from amarre.dui.audit.models import Trace
from amarre.dui.audit.value_words import is_said, say, word_of
from amarre.dui.core.clock import today
from amarre.dui.usagers.models import Discrepancy, EvidenceCopy, InsiSearch
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.interop.ins import DEVICES
from amarre.interop.ins.status import Attribute
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.connected import House
from tests.dui.usagers.cases import asked, opened

NBSP, NARROW = "\u00a0", "\u202f"
CODES = re.compile(
    r"[:,] (?:[a-z_]+\.[a-z_.]+|[A-Z]{2,5}|eidas\d|[a-z]+_[a-z_]+|found|several|traits_changed)\b"
)


def test_a_word_of_the_verb_wins_and_an_unknown_code_stays() -> None:
    say("words.test", outcome={"found": "trouvé"})
    say("", outcome={"found": "partout", "x": "croix"})
    assert word_of("words.test", "outcome", "found") == "trouvé"
    assert word_of("words.other", "outcome", "x") == "croix"
    assert word_of("words.other", "outcome", "zzz") == "zzz"
    assert (
        in_words({"outcome": ["found", "x"], "version": 2}, "words.test")
        == "réponse : trouvé, croix, version : 2"
    )


@pytest.mark.parametrize(
    ("verb", "detail", "codes"),
    [
        ("identity.evidence_recorded", "device", [one.code for one in DEVICES]),
        ("insi.answered", "outcome", [code for code in InsiSearch.Outcome.values if code]),
        ("insi.requested", "means", InsiSearch.Means.values),
        ("discrepancy.opened", "kind", Discrepancy.Kind.values),
        ("discrepancy.settled", "decision", [code for code in Discrepancy.Decision.values if code]),
        ("evidence.copy_erased", "end", [code for code in EvidenceCopy.End.values if code]),
        ("exchange.accepted", "kind", ["insi.search", "insi.verification", "dmp.deposit"]),
        ("accounts.logged_in", "acr", ["eidas1", "eidas2", "eidas3"]),
        ("accounts.logged_in", "mode", ["CARD", "MOBILE"]),
    ],
)
def test_every_code_has_a_word(verb: str, detail: str, codes: list[str]) -> None:
    assert [code for code in codes if not is_said(verb, detail, code)] == []


@pytest.mark.django_db
def test_what_a_referent_does_is_read_in_french_with_the_name(house: House, client_for: ClientFor) -> None:
    dossier = opened(house)
    accept_insi_search(search=asked(house, dossier), actor=house.referent)
    record_evidence(dossier=dossier, device="CN", seen_on=today(), actor=house.referent)
    mark_identity(dossier=dossier, attribute=Attribute.HOMONYME, held=True, reason="x", actor=house.referent)
    lines = [in_words(trace.details, trace.verb) for trace in Trace.objects.all()]
    assert [line for line in lines if CODES.search(f": {line}")] == []
    page = html.unescape(client_for(house.maud).get("/journal-des-acces/").content.decode())
    page = page.replace(NBSP, " ").replace(NARROW, " ")
    assert "Carte nationale d’identité" in page
    assert "réponse : identité trouvée" in page
    assert f"Dossier {dossier.number}, " in page
    assert f"/dossiers/{dossier.pk}/" in page


@pytest.mark.django_db
def test_a_dossier_is_named_only_for_who_may_see_it(house: House, client_for: ClientFor) -> None:
    dossier = opened(house)
    with system_scope("test"):
        before = Trace.objects.filter(dossier_id=str(dossier.pk)).count()
    assert before
    admin = factories.make_user("Théo", "Lambert")
    factories.give_role(admin, house.essms, Role.ADMINISTRATEUR)
    page = client_for(admin).get("/journal-des-acces/").content.decode()
    assert "KERVELLA" not in page.upper()
    assert f"Dossier {dossier.number}" not in page


@pytest.mark.django_db
def test_names_are_one_question_whatever_the_number_of_lines(house: House, client_for: ClientFor) -> None:
    def asked_with(count: int) -> int:
        for number in range(count):
            opened(house, nom_naissance=f"LE BIHAN {'ABCDEFGH'[number]}{'ABCDEFGH'[count - 1]}")
        client = client_for(house.maud)
        client.get("/journal-des-acces/")
        with CaptureQueriesContext(connection) as counted:
            client.get("/journal-des-acces/")
        return len(counted)

    assert asked_with(1) == asked_with(6)
