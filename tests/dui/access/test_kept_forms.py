"""A form sent after its session had closed: kept, read again, sent again, by its author alone."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from amarre.dui.access import kept_forms
from amarre.dui.access.actors import SESSION_ESSMS
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.access.views import resume_views
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.authoring.models import StandardText
from amarre.dui.core.clock import now
from amarre.dui.core.middleware import WATCH_HEADER
from amarre.dui.organisations.models import Essms, OrganismeGestionnaire
from tests.dui import factories
from tests.dui.conftest import ClientFor

TEXTS = "/etablissement/textes-types/nouveau/"
TYPED = {"title": "Accueil", "body": "Bonjour <b>Madame</b>,\r\nvotre chambre est prête.", "place": "partout"}
LOGIN_WITH_TEXT = "/connexion/?next=%2Freprendre%2F&fin=texte"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "formulaires-en-attente"


def send(site: Client, path: str, fields: dict[str, str], **headers: str) -> Any:
    return site.post(path, urlencode(fields), content_type=kept_forms.FORM, headers=headers)


def idle(site: Client) -> None:
    """The twenty minutes passed, and the server sees it at the next request."""
    session = site.session
    session["seen_at"] = 1
    session.save()


def outlived(site: Client) -> None:
    """The session's own date passed: its row is still there, nothing reads it any more."""
    Session.objects.update(expire_date=now() - datetime.timedelta(seconds=1))


def fields_of(page: str) -> dict[str, str]:
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in pairs if name != kept_forms.TOKEN_FIELD}


@pytest.mark.parametrize("close", [idle, outlived])
def test_what_was_typed_is_sent_again_after_the_login(
    client_for: ClientFor, alice: User, essms: Essms, media: Path, close: Callable[[Client], None]
) -> None:
    site = client_for(alice, essms)
    close(site)
    late = send(site, TEXTS, TYPED)
    assert late["Location"] == LOGIN_WITH_TEXT
    (sealed,) = media.iterdir()
    assert b"Madame" not in sealed.read_bytes()
    login = site.get(late["Location"]).content.decode()
    assert "est gardé une heure" in login
    assert "Madame" not in login
    site.force_login(alice)
    page = site.get("/reprendre/").content.decode()
    assert "Bonjour &lt;b&gt;Madame&lt;/b&gt;," in page
    assert fields_of(page) == TYPED
    again = send(site, "/reprendre/", fields_of(page))
    assert (again.status_code, again["Location"]) == (307, TEXTS)
    assert send(site, again["Location"], fields_of(page)).status_code == 302
    with system_scope("test"):
        assert StandardText.objects.get(essms=essms).body.splitlines() == TYPED["body"].splitlines()
    assert "Rien à reprendre" in site.get("/reprendre/").content.decode()
    assert list(media.iterdir()) == []
    assert Trace.objects.filter(verb="access.form_resumed").count() == 1


def test_what_the_page_refuses_stays_kept(
    client_for: ClientFor, alice: User, essms: Essms, media: Path
) -> None:
    site = client_for(alice, essms)
    idle(site)
    untitled = TYPED | {"title": ""}
    send(site, TEXTS, untitled)
    site.force_login(alice)
    assert send(site, "/reprendre/", untitled).status_code == 307
    assert send(site, TEXTS, untitled).status_code == 422
    assert "Madame" in site.get("/reprendre/").content.decode()
    assert send(site, "/etablissements/choisir/", {"essms_id": str(essms.pk)}).status_code == 302
    assert len(list(media.iterdir())) == 1
    assert send(site, TEXTS, TYPED).status_code == 302
    assert list(media.iterdir()) == []
    assert site.cookies[kept_forms.COOKIE].value == ""


@pytest.mark.parametrize("close", [idle, outlived])
def test_what_is_sent_again_too_late_stays_kept_for_its_page(
    client_for: ClientFor, alice: User, essms: Essms, close: Callable[[Client], None]
) -> None:
    site = client_for(alice, essms)
    idle(site)
    send(site, TEXTS, TYPED)
    site.force_login(alice)
    close(site)
    assert send(site, "/reprendre/", TYPED)["Location"] == LOGIN_WITH_TEXT
    site.force_login(alice)
    assert send(site, "/reprendre/", TYPED)["Location"] == TEXTS


def test_nobody_else_reads_it(client_for: ClientFor, alice: User, bob: User, essms: Essms) -> None:
    site = client_for(alice, essms)
    idle(site)
    send(site, TEXTS, TYPED)
    site.force_login(bob)
    page = site.get("/reprendre/").content.decode()
    assert "Rien à reprendre" in page
    assert "Madame" not in page
    assert send(site, "/reprendre/", TYPED).status_code == 200


def test_it_is_forgotten_on_demand(client_for: ClientFor, alice: User, essms: Essms, media: Path) -> None:
    site = client_for(alice, essms)
    idle(site)
    send(site, TEXTS, TYPED)
    site.force_login(alice)
    assert site.post("/reprendre/oublier/")["Location"] == "/"
    assert list(media.iterdir()) == []


def test_it_is_forgotten_after_an_hour(client_for: ClientFor, alice: User, essms: Essms, media: Path) -> None:
    site = client_for(alice, essms)
    idle(site)
    send(site, TEXTS, TYPED)
    with time_machine.travel(now() + kept_forms.LIFETIME + datetime.timedelta(minutes=1)):
        site.force_login(alice)
        assert "Rien à reprendre" in site.get("/reprendre/").content.decode()
        kept_forms.purge_expired()
    assert list(media.iterdir()) == []


def test_it_goes_back_to_the_establishment_it_was_written_for(
    client_for: ClientFor, alice: User, essms: Essms, organisme: OrganismeGestionnaire
) -> None:
    elsewhere = factories.make_essms(organisme, "Autre service")
    factories.give_role(alice, elsewhere, Role.DIRECTION)
    site = client_for(alice, essms)
    idle(site)
    send(site, TEXTS, TYPED)
    site.force_login(alice)
    session = site.session
    session[SESSION_ESSMS] = elsewhere.pk
    session.save()
    assert f"Écrit pour {essms.name}" in unescape(site.get("/reprendre/").content.decode()).replace(
        "\xa0", " "
    )
    assert send(site, "/reprendre/", TYPED).status_code == 307
    assert site.session[SESSION_ESSMS] == essms.pk
    traced = Trace.objects.filter(verb__in=["access.essms_chosen", "access.form_resumed"])
    assert list(traced.order_by("id").values_list("verb", "essms_id")) == [
        ("access.essms_chosen", essms.pk),
        ("access.form_resumed", essms.pk),
    ]


def test_a_move_is_not_traced_without_what_it_was_for(
    client_for: ClientFor,
    alice: User,
    essms: Essms,
    organisme: OrganismeGestionnaire,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = factories.make_essms(organisme, "Autre service")
    factories.give_role(alice, elsewhere, Role.DIRECTION)
    site = client_for(alice, elsewhere)
    idle(site)
    send(site, TEXTS, TYPED)
    site.force_login(alice)
    session = site.session
    session[SESSION_ESSMS] = essms.pk
    session.save()

    def fails(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(resume_views, "record", fails)
    assert send(site, "/reprendre/", TYPED).status_code == 503
    assert site.session[SESSION_ESSMS] == essms.pk
    assert not Trace.objects.filter(verb="access.essms_chosen").exists()


def test_what_a_page_saves_by_itself_goes_back_to_the_page(
    client_for: ClientFor, alice: User, essms: Essms
) -> None:
    site = client_for(alice, essms)
    idle(site)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{TEXTS}"}
    late = send(site, "/etablissements/choisir/", TYPED, **headers)
    assert (late.status_code, late["HX-Redirect"]) == (204, LOGIN_WITH_TEXT)
    site.force_login(alice)
    assert send(site, "/reprendre/", TYPED)["Location"] == TEXTS


@pytest.mark.parametrize("current", ["https://mechant.example/x", "//mechant.example/x"])
def test_it_never_leads_to_another_site(
    client_for: ClientFor, alice: User, essms: Essms, current: str
) -> None:
    site = client_for(alice, essms)
    idle(site)
    send(site, TEXTS, TYPED, **{"HX-Request": "true", "HX-Current-URL": current})
    site.force_login(alice)
    assert send(site, "/reprendre/", TYPED)["Location"] == TEXTS


@pytest.mark.parametrize(
    ("current", "sent_to"),
    [
        ("//mechant.example/x", "/%2Fmechant.example/x"),
        ("/\\mechant.example/x", "/%5Cmechant.example/x"),
        ("/\t/mechant.example/x", "/%2Fmechant.example/x"),
        ("", "/"),
        ("/etablissement/?page=2#bas", "/etablissement/?page=2"),
    ],
    ids=["slashes", "backslash", "tab", "no_path", "query"],
)
def test_the_page_stays_on_this_site(
    client_for: ClientFor, alice: User, essms: Essms, current: str, sent_to: str
) -> None:
    site = client_for(alice, essms)
    idle(site)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{current}"}
    send(site, "/etablissements/choisir/", TYPED, **headers)
    site.force_login(alice)
    assert send(site, "/reprendre/", TYPED)["Location"] == sent_to


@pytest.mark.parametrize("path", ["//mechant.example/x", "/%5Cmechant.example/x"])
def test_the_address_of_a_form_stays_on_this_site(rf: RequestFactory, path: str) -> None:
    request = rf.generic("POST", path, urlencode(TYPED), content_type=kept_forms.FORM)
    request.path = unquote(path)
    response = HttpResponse()
    assert kept_forms.keep(request, response, kept_forms.Holder(1, None))
    request.COOKIES[kept_forms.COOKIE] = response.cookies[kept_forms.COOKIE].value
    kept = kept_forms.kept_form(request, 1)
    assert kept is not None
    assert re.match(r"/(%2F|%5C)mechant", kept.path)


@pytest.mark.parametrize("close", [idle, outlived])
def test_a_form_in_another_tab_than_the_one_that_saw_the_session_close(
    client_for: ClientFor,
    alice: User,
    essms: Essms,
    media: Path,
    settings: Settings,
    close: Callable[[Client], None],
) -> None:
    site = client_for(alice, essms)
    close(site)
    watching = {WATCH_HEADER: "1", "HX-Request": "true", "HX-Current-URL": "http://testserver/plus/"}
    closed = site.get("/plus/", headers=watching)
    assert (closed.status_code, closed["HX-Redirect"]) == (204, "/connexion/?next=%2Fplus%2F&fin=session")
    del site.cookies[settings.SESSION_COOKIE_NAME]  # as a browser does
    assert site.get(closed["HX-Redirect"]).status_code == 200
    assert not media.exists()
    assert send(site, TEXTS, TYPED)["Location"] == LOGIN_WITH_TEXT
    # One form is kept: the next one must not take its place.
    assert send(site, TEXTS, TYPED | {"title": "Adieu"})["Location"] != LOGIN_WITH_TEXT
    site.force_login(alice)
    assert fields_of(site.get("/reprendre/").content.decode()) == TYPED


@pytest.mark.parametrize("altered", ["signature", "an_hour_later"])
def test_whose_session_closed_is_believed_signed_and_for_an_hour(
    client_for: ClientFor, alice: User, essms: Essms, media: Path, altered: str
) -> None:
    site = client_for(alice, essms)
    idle(site)
    site.get("/plus/")
    later = datetime.timedelta(minutes=1)
    if altered == "signature":
        site.cookies[kept_forms.CLOSED_COOKIE] = site.cookies[kept_forms.CLOSED_COOKIE].value[:-1]
    else:
        later += kept_forms.LIFETIME
    with time_machine.travel(now() + later):
        assert send(site, TEXTS, TYPED)["Location"] != LOGIN_WITH_TEXT
    assert not media.exists()


def test_a_session_closed_on_purpose_keeps_nothing(
    client_for: ClientFor, alice: User, essms: Essms, media: Path
) -> None:
    site = client_for(alice, essms)
    site.post("/deconnexion/")
    assert kept_forms.CLOSED_COOKIE not in site.cookies
    send(site, TEXTS, TYPED)
    assert not media.exists()


def test_a_stranger_stores_nothing(essms: Essms, media: Path) -> None:
    site = Client()
    site.cookies["amarre_session"] = "a" * 32
    assert send(site, TEXTS, TYPED)["Location"] == "/connexion/?fin=session"
    assert not media.exists()


@pytest.mark.parametrize("sent", ["nothing", "no_prose", "too_much", "a_file"])
def test_what_is_not_kept(client_for: ClientFor, alice: User, essms: Essms, media: Path, sent: str) -> None:
    site = client_for(alice, essms)
    idle(site)
    late = {
        "nothing": lambda: send(site, TEXTS, {}),
        "no_prose": lambda: send(site, TEXTS, {"decision": "refuser", "at": "2026-11-20 10:00", "code": "4"}),
        "too_much": lambda: send(site, TEXTS, {"body": "deux mots" + "a" * kept_forms.MOST_BYTES}),
        "a_file": lambda: site.post(TEXTS, TYPED),
    }[sent]()
    assert late["Location"] == "/connexion/?fin=session"
    assert not media.exists()


def test_a_form_without_its_token_is_not_kept(alice: User, essms: Essms, media: Path) -> None:
    site = Client(enforce_csrf_checks=True)
    site.force_login(alice)
    idle(site)
    assert send(site, TEXTS, TYPED).status_code == 403
    assert not media.exists()
