"""« Importer une liste »: four pages without script, a file kept an hour for one person in one place."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.importing import stash
from amarre.dui.usagers.importing.errors import DraftGone
from amarre.dui.usagers.models import Dossier
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.usagers.import_samples import HEADINGS, LE_GOFF, PRIGENT, csv_of, usual

pytestmark = pytest.mark.django_db

FILE = "/usagers/importer/"
COLUMNS = "/usagers/importer/colonnes/"
PREVIEW = "/usagers/importer/apercu/"
RESULT = "/usagers/importer/resultat/"
REFUSED = "/usagers/importer/lignes-refusees/"
BAD = ("Dup0nt", "Paul", "M", "01/01/1950", "", "")


@pytest.fixture(autouse=True)
def storage(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / stash.FOLDER


@pytest.fixture
def clerk(essms: Essms) -> User:
    user = factories.make_user("Nolwenn", "Secrétaire")
    factories.give_role(user, essms, Role.SECRETARIAT)
    return user


@pytest.fixture
def browser(client_for: ClientFor, clerk: User, essms: Essms) -> Client:
    return client_for(clerk, essms)


def send(browser: Client, data: bytes, name: str = "liste.csv") -> HttpResponse:
    return browser.post(FILE, {"file": SimpleUploadedFile(name, data)})


def accept_columns(browser: Client, **answers: str) -> HttpResponse:
    form = browser.get(COLUMNS).context["form"]
    found = {name: field.initial or "" for name, field in form.fields.items()}
    return browser.post(COLUMNS, found | answers)


def confirm(browser: Client) -> HttpResponse:
    return browser.post(PREVIEW, {"apercu": browser.get(PREVIEW).context["shown"]})


def test_from_the_file_to_the_dossiers(browser: Client, storage: Path) -> None:
    assert browser.get(FILE).status_code == 200
    assert send(browser, usual(LE_GOFF, PRIGENT, BAD)).headers["Location"] == COLUMNS
    assert accept_columns(browser).headers["Location"] == PREVIEW
    page = browser.get(PREVIEW).content.decode()
    assert "LE GOFF" in page
    assert "Ouvrir 2 dossiers" in page
    assert "n’est pas admis" in page
    refused = browser.get(REFUSED)
    assert refused.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert b"Dup0nt" in refused.content
    assert confirm(browser).headers["Location"] == RESULT
    result = browser.get(RESULT).content.decode()
    with system_scope("test"):
        opened = list(Dossier.objects.order_by("pk"))
    assert len(opened) == 2
    for dossier in opened:
        assert reverse("usagers:show_identity", kwargs={"dossier_id": dossier.pk}) in result
    assert browser.get(REFUSED).content == refused.content
    # Only the refused rows are still kept.
    assert len(list(storage.iterdir())) == 1


def test_confirming_twice_creates_nothing_twice(browser: Client) -> None:
    send(browser, usual(LE_GOFF))
    accept_columns(browser)
    assert confirm(browser).status_code == 302
    assert browser.post(PREVIEW).status_code == 410
    send(browser, usual(LE_GOFF))
    accept_columns(browser)
    assert "Aucun dossier à ouvrir" in browser.get(PREVIEW).content.decode()
    with system_scope("test"):
        assert Dossier.objects.count() == 1


def test_a_list_chosen_in_another_tab_is_not_imported_unseen(browser: Client) -> None:
    send(browser, usual(LE_GOFF))
    accept_columns(browser)
    first_tab = browser.get(PREVIEW).context["shown"]
    send(browser, usual(PRIGENT))
    accept_columns(browser)
    for stale in ({"apercu": first_tab}, {}):
        assert browser.post(PREVIEW, stale).headers["Location"] == PREVIEW
        assert "dans un autre onglet" in browser.get(PREVIEW).content.decode()
    with system_scope("test"):
        assert not Dossier.objects.exists()
    assert confirm(browser).headers["Location"] == RESULT


def test_nom_is_a_question_of_the_page(browser: Client) -> None:
    send(browser, csv_of(("Nom", *HEADINGS[1:]), LE_GOFF).encode())
    page = accept_columns(browser)
    assert page.status_code == 422
    assert "le nom de naissance ou le nom utilisé" in page.content.decode()
    # With « mixte » another column must hold the birth name.
    assert accept_columns(browser, nom="mixte").status_code == 422
    assert accept_columns(browser, nom="naissance").status_code == 302


def test_columns_are_mapped_by_hand(browser: Client) -> None:
    send(browser, csv_of(("A", "B", "C", "D"), ("Le Goff", "Anne", "F", "03/03/1938")).encode())
    assert accept_columns(browser).status_code == 422
    by_hand = {"c0": "nom_naissance", "c1": "prenom", "c2": "sexe", "c3": "date_naissance"}
    assert accept_columns(browser, **by_hand).headers["Location"] == PREVIEW
    assert accept_columns(browser, **(by_hand | {"c3": "sexe"})).status_code == 422


def test_a_national_number_cannot_be_mapped(browser: Client) -> None:
    send(browser, csv_of((*HEADINGS, "N° SS"), (*LE_GOFF, "238032915100112")).encode())
    page = browser.get(COLUMNS).content.decode()
    assert "238032915100112" not in page
    assert accept_columns(browser, c6="numero_local").status_code == 422


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"Nom;Pr\x00", b"x" * 5_300_000], ids=["empty", "pdf", "nul", "big"]
)
def test_what_is_no_list_is_explained_on_the_page(browser: Client, data: bytes) -> None:
    page = send(browser, data)
    assert page.status_code == 422
    assert "Aucun dossier n’a été créé" in page.content.decode()
    assert "IMP-0" in page.content.decode()


def test_no_file_is_a_form_error(browser: Client) -> None:
    page = browser.post(FILE, {})
    assert page.status_code == 422
    assert "Choisissez le fichier" in page.content.decode()


def test_pages_without_their_file_say_so(browser: Client) -> None:
    for address in (COLUMNS, PREVIEW, RESULT, REFUSED):
        answer = browser.get(address)
        assert answer.status_code == 410
        assert "IMP-014" in answer.content.decode()
    send(browser, usual(LE_GOFF))
    assert browser.get(PREVIEW).headers["Location"] == COLUMNS


def test_giving_up_erases_the_file(browser: Client, storage: Path) -> None:
    send(browser, usual(LE_GOFF))
    assert len(list(storage.iterdir())) == 1
    browser.post("/usagers/importer/abandon/")
    assert list(storage.iterdir()) == []
    assert browser.get(COLUMNS).status_code == 410


def test_another_file_replaces_the_first(browser: Client, storage: Path) -> None:
    send(browser, usual(LE_GOFF))
    send(browser, usual(PRIGENT))
    assert len(list(storage.iterdir())) == 1


def test_the_file_is_sealed_for_one_person_in_one_place(browser: Client, storage: Path) -> None:
    send(browser, usual(LE_GOFF))
    (kept,) = storage.iterdir()
    assert b"Le Goff" not in kept.read_bytes()
    token = browser.session["usagers_import"]["token"]
    assert token not in kept.name
    assert "Le Goff" not in str(dict(browser.session))


def test_a_draft_opens_for_its_owner_only_and_for_an_hour(director: Actor, stranger: Actor) -> None:
    token = stash.put(director, stash.Draft({"name": "x"}, b"data"))
    assert stash.get(director, token).data == b"data"
    for who, key in ((stranger, token), (director, "other"), (director, "")):
        with pytest.raises(DraftGone):
            stash.get(who, key)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=61)):
        with pytest.raises(DraftGone):
            stash.get(director, token)
    assert default_storage.listdir(stash.FOLDER)[1] == []


def test_forgotten_drafts_are_removed(director: Actor) -> None:
    stash.put(director, stash.Draft({}, b"data"))
    stash.purge_expired()
    assert len(default_storage.listdir(stash.FOLDER)[1]) == 1
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=2)):
        stash.purge_expired()
    assert default_storage.listdir(stash.FOLDER)[1] == []


def test_who_has_not_the_right_sees_neither_entry_nor_page(
    client_for: ClientFor, bob: User, essms: Essms, browser: Client
) -> None:
    nurse = client_for(bob, essms)
    assert nurse.get(FILE).status_code == 403
    assert send(nurse, usual(LE_GOFF)).status_code == 403
    assert FILE not in nurse.get("/plus/").content.decode()
    assert FILE in browser.get("/plus/").content.decode()


def test_the_preview_is_traced_as_a_search_and_writes_nothing_else(browser: Client) -> None:
    send(browser, usual(LE_GOFF))
    accept_columns(browser)
    browser.get(PREVIEW)
    assert Trace.objects.filter(verb="identity.searched").count() == 1
    with system_scope("test"):
        assert Dossier.objects.count() == 0


def cost(browser: Client, data: bytes) -> int:
    """Return how many statements the preview of a list takes."""
    send(browser, data)
    accept_columns(browser)
    with CaptureQueriesContext(connection) as captured:
        browser.get(PREVIEW)
    return len(captured)


def test_the_preview_asks_the_database_the_same_number_of_questions(browser: Client) -> None:
    assert cost(browser, usual(LE_GOFF)) == cost(browser, usual(LE_GOFF, PRIGENT, BAD))
