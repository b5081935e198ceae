"""Pages and files: who reads what, numbers open their list, pages, formulas in a spreadsheet, queries."""

from __future__ import annotations

import csv
import io
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amarre.dui.access.roles import Role
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.indicators.csv_file import safe_cell
from amarre.dui.indicators.definitions import TBB1
from amarre.dui.organisations.models import Essms
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.indicators.recorded import NOON, Records, paris
from tests.dui.web.page_equality import assert_page_equals_fragment, assert_swap_equals_reload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
URL = "/indicateurs/"


@pytest.fixture
def frozen() -> object:
    with time_machine.travel(paris(2026, 11, 20, 9, 30), tick=False):
        yield


def as_role(client_for: ClientFor, essms: Essms, *roles: Role) -> Client:
    user = factories.make_user("Julie", "Prat")
    factories.give_role(user, essms, *roles)
    return client_for(user)


def one_of_each(records: Records) -> None:
    dossier = records.dossier(number="D-100")
    version = records.version(dossier)
    records.deposit(version)
    records.message(dossier, version)
    records.message(dossier, version, to_usager=True)


def numbers_of(page: str) -> dict[str, int]:
    """The numbers of the table, by code, as their links say."""
    table = page[page.index('id="h-tbb1"') :]
    found = re.findall(r'href="/indicateurs/TBB1\.(\w+)/[^"]*" aria-label="(\d+), ouvrir', table)
    return {code: int(number) for code, number in found}


def test_every_number_opens_its_list(client_for: ClientFor, alice: User, records: Records) -> None:
    one_of_each(records)
    client = client_for(alice)
    numbers = numbers_of(client.get(URL).content.decode())
    assert numbers == {
        "1": 1, "1a": 1, "1b": 0, "2": 2, "2a": 1, "2b": 1, "3a": 1, "3b": 1, "3c": 1, "4": 1,
    }  # fmt: skip
    for code, number in numbers.items():
        page = client.get(f"{URL}TBB1.{code}/").content.decode()
        assert page.count('<li class="am-ligne">') == number
        assert ("Rien n’est compté" in page) == (number == 0)
        assert "Règle TBB.1 v1" in page


def test_the_page_gives_every_rule_and_what_the_va_still_lacks(
    client_for: ClientFor, alice: User, records: Records
) -> None:
    client = client_for(alice)
    page = client.get(URL).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert "Il reste 6 nombres à zéro avant la VA" in page
    assert all(definition.label in page for definition in TBB1)
    assert "sans objet" in page  # nobody in the file active
    assert "Pas encore de relevé" in page
    one_of_each(records)
    page = client.get(URL).content.decode()
    assert "Aucun des nombres demandés pour la VA n’est à zéro" in page
    assert "VA</abbr>" not in client.get(URL, {"periode": "2026-11"}).content.decode()


def test_a_period_narrows_numbers_lists_and_files(
    client_for: ClientFor, alice: User, records: Records
) -> None:
    dossier = records.dossier()
    records.message(dossier, at=paris(2026, 10, 31, 23, 59))
    records.message(dossier, at=paris(2026, 11, 1, 0, 0))
    client = client_for(alice)
    page = client.get(URL, {"periode": "2026-10"}).content.decode()
    assert "du 01/10/2026 au 31/10/2026" in page
    assert '<option value="2026-10" selected>' in page
    assert numbers_of(page)["2"] == 1
    assert "/indicateurs/TBB1.2/?periode=2026-10" in page
    listed = client.get(f"{URL}TBB1.2/", {"periode": "2026-10"}).content.decode()
    assert listed.count('<li class="am-ligne">') == 1
    assert "31/10/2026" in listed
    assert "/indicateurs/TBB1.2/export.csv?periode=2026-10" in listed
    for wrong in ("2026-13", "x"):
        assert client.get(URL, {"periode": wrong}).status_code == 404


@pytest.mark.parametrize("url", [f"{URL}TBB1.9/", f"{URL}x/export.csv", f"{URL}../x/"])
def test_unknown_numbers_do_not_exist(client_for: ClientFor, alice: User, url: str) -> None:
    assert client_for(alice).get(url).status_code == 404


def test_who_may_not_read_indicators(client_for: ClientFor, records: Records, essms: Essms) -> None:
    client = as_role(client_for, essms, Role.AIDE_DOMICILE)
    for url in (URL, f"{URL}TBB1.1/", f"{URL}TBB1.1/export.csv"):
        assert client.get(url).status_code == 403
    assert "/indicateurs/" not in client.get("/etablissements/").content.decode()


def test_a_project_manager_reads_numbers_and_references_never_names(
    client_for: ClientFor, records: Records, essms: Essms, alice: User
) -> None:
    one_of_each(records)
    client = as_role(client_for, essms, Role.CHEF_PROJET)
    assert numbers_of(client.get(URL).content.decode())["4"] == 1
    for code in ("TBB1.1", "TBB1.2", "TBB1.2b", "TBB1.4", "INS.P"):
        page = client.get(f"{URL}{code}/").content.decode()
        assert "D-100" in page
        assert not re.search(r"QUERE|Marie|Sow|Projet personnalisé|/dossiers/|/envois/\d", page), code
    named = client_for(alice).get(f"{URL}TBB1.2/").content.decode()
    assert "Marie QUERE" in named
    assert "Dr Sow" in named
    assert "Mon espace santé" in named
    assert "ECH-TEST-" in named


def test_a_nurse_reads_what_she_asked_for(
    client_for: ClientFor, records: Records, bob: User, alice: User
) -> None:
    dossier = records.dossier()
    records.deposit(records.version(dossier), author=alice)
    records.message(dossier, records.version(dossier))
    client = client_for(bob)
    page = client.get(URL).content.decode()
    assert "vous-même" in page
    assert numbers_of(page)["1"] == 0
    assert numbers_of(page)["2"] == 1
    assert "Relevés mensuels" not in page
    assert "h-ins" not in page
    assert "Rien n’est compté" in client.get(f"{URL}TBB1.1/").content.decode()
    assert client.get(f"{URL}INS.Q/").status_code == 404
    whole = client_for(alice).get(URL).content.decode()
    assert (numbers_of(whole)["1"], numbers_of(whole)["2"]) == (1, 1)


def test_the_identity_referent_reads_identities_only(
    client_for: ClientFor, records: Records, essms: Essms
) -> None:
    one_of_each(records)
    client = as_role(client_for, essms, Role.REFERENT_IDENTITE)
    page = client.get(URL).content.decode()
    assert "h-ins" in page
    assert "h-tbb1" not in page
    assert "vous-même" not in page
    assert "Où en sont les identités" in page
    assert "Relevés mensuels" in page
    assert client.get(f"{URL}TBB1.1/").status_code == 404
    listed = client.get(f"{URL}INS.P/").content.decode()
    assert "D-100" in listed
    assert "Vos envois seulement" not in listed
    both = as_role(client_for, essms, Role.REFERENT_IDENTITE, Role.SOINS).get(URL).content.decode()
    assert "h-ins" in both
    assert numbers_of(both)["1"] == 0


def test_another_establishment_sees_nothing_of_it(
    client_for: ClientFor, charlie: User, records: Records
) -> None:
    one_of_each(records)
    client = client_for(charlie)
    assert set(numbers_of(client.get(URL).content.decode()).values()) == {0}
    assert "D-100" not in client.get(f"{URL}TBB1.4/").content.decode()
    assert "D-100" not in client.get(f"{URL}TBB1.4/export.csv").content.decode()


def test_readings_are_traced_without_any_name(client_for: ClientFor, alice: User, records: Records) -> None:
    one_of_each(records)
    client = client_for(alice)
    client.get(URL, {"periode": "2026"})
    client.get(f"{URL}TBB1.4/")
    client.get(f"{URL}TBB1.4/export.csv")
    lines = list(Trace.objects.filter(verb__startswith="indicators.").order_by("id"))
    assert [(line.verb, line.details) for line in lines] == [
        ("indicators.consulted", {"period": "2026"}),
        ("indicators.list_consulted", {"code": "TBB1.4", "period": ""}),
        ("indicators.exported", {"code": "TBB1.4", "period": "", "rows": 1}),
    ]
    assert {line.actor_id for line in lines} == {alice.pk}


@pytest.mark.parametrize("query", ["", "?periode=2026-11"])
def test_page_equals_fragment(client_for: ClientFor, alice: User, records: Records, query: str) -> None:
    one_of_each(records)
    client = client_for(alice)
    assert_page_equals_fragment(client, URL + query)
    assert_page_equals_fragment(client, f"{URL}TBB1.4/{query}")
    assert_swap_equals_reload(client, URL, f"{URL}?periode=2026-T4", "indicateurs")


def test_a_long_list_comes_in_pages_then_whole_in_a_file(
    client_for: ClientFor, alice: User, records: Records
) -> None:
    dossier = records.dossier()
    for _ in range(120):
        records.message(dossier)  # all accepted at the same instant: the second key decides
    client = client_for(alice)
    url, seen, pages = f"{URL}TBB1.2/", [], 0
    while url:
        page = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in page
        seen += re.findall(r"ECH-TEST-\d+", page)
        pages += 1
        link = re.search(r'rel="next" href="([^"]+)"', page)
        url = link.group(1).replace("&amp;", "&") if link else ""
    assert (pages, len(seen), len(set(seen))) == (3, 120, 120)
    assert len(client.get(f"{URL}TBB1.2/export.csv").content.decode().splitlines()) == 121


def test_the_file_opens_in_a_spreadsheet_and_runs_nothing(
    client_for: ClientFor, alice: User, records: Records
) -> None:
    dossier = records.dossier(number='=1+1;"x"')
    records.message(dossier, records.version(dossier), at=NOON)
    answer = client_for(alice).get(f"{URL}TBB1.3b/export.csv", {"periode": "2026-11"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tbb1-3b-2026-11.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.endswith(b"\r\n")
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert row[:4] == ["TBB1.3b", "TBB.1 v1 (2026-11)", "du 01/11/2026 au 30/11/2026", "bac_a_sable"]
    assert row[4] == '\'=1+1;"x"'
    assert row[5:7] == ["10/11/2026 12:00", "1"]
    assert len(head) == len(row)
    assert "QUERE" not in answer.content.decode()


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", " =1", "\u00a0@x", "\r=1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [safe_cell(cell) for cell in ("D-1", "12", "", "du 1 au 2")] == ["D-1", "12", "", "du 1 au 2"]


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("size", [1, 30])
def test_queries_do_not_grow_with_the_list(
    client_for: ClientFor, alice: User, records: Records, size: int
) -> None:
    for _ in range(size):
        one_of_each_numbered(records)
    client = client_for(alice)
    # Session, person, rights, what the frame shows: a page that asks nothing else.
    client.get("/etablissements/")
    frame = queries(client, "/etablissements/")
    own = {
        # 3 counts, 2 for the months, 1 for identities, 1 for the months of snapshots (none: no second one).
        URL: 7,
        f"{URL}TBB1.1/": 2,
        f"{URL}TBB1.2/": 1,
        f"{URL}TBB1.3a/": 2,
        f"{URL}TBB1.4/": 3,
        f"{URL}INS.P/": 1,
    }
    # Besides: the establishment, its connector profile, the trace.
    assert {url: queries(client, url) - frame - 3 for url in own} == own
    # Session, person, rights; those three; the rows and their acts of both kinds.
    assert queries(client, f"{URL}TBB1.4/export.csv") == 3 + 3 + 3


def one_of_each_numbered(records: Records) -> None:
    dossier = records.dossier()
    version = records.version(dossier)
    records.deposit(version)
    records.message(dossier, version)
    records.message(dossier, version, to_usager=True)
