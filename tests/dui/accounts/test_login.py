"""Logging in through the simulated Pro Santé Connect, and every login that must open nothing."""

from __future__ import annotations

import datetime
import json

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import get_resolver, reverse

from amarre.cast import persona
from amarre.dui.access.actors import SESSION_ESSMS
from amarre.dui.access.roles import Role
from amarre.dui.accounts.models import User
from amarre.dui.accounts.services.purge_sessions import KEPT, purge_sessions
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import now
from amarre.dui.core.readonly import writes_on_get
from amarre.dui.organisations.models import Essms, OrganismeGestionnaire
from amarre.sandbox.app import Sandbox
from tests.dui import factories
from tests.dui.accounts.conftest import begin, come_back
from tests.sandbox.services.psc.browser import Browser

pytestmark = pytest.mark.django_db

LOIC = persona("loic-bremond")


@pytest.fixture
def loic(essms: Essms) -> User:
    user = factories.make_user("Loïc", "BREMOND", rpps=LOIC.rpps)
    factories.give_role(user, essms, Role.SOINS)
    return user


def logged_in(site: Client) -> bool:
    return "_auth_user_id" in site.session


def refusal_codes() -> list[str]:
    rows = Trace.objects.filter(verb="accounts.login_refused").order_by("pk")
    return [str(row.details["code"]) for row in rows]


def test_a_persona_logs_in_and_goes_where_she_wanted(sandbox: Sandbox, site: Client, loic: User) -> None:
    back = come_back(sandbox, begin(site, "/etablissements/"), LOIC.subject_name_id)
    before = site.session.session_key
    response = site.get(back)
    assert (response.status_code, response["Location"]) == (302, "/etablissements/")
    assert site.session["_auth_user_id"] == str(loic.pk)
    assert site.session.session_key != before
    trace = Trace.objects.get(verb="accounts.logged_in")
    assert (trace.actor_id, trace.essms_id) == (loic.pk, loic.memberships.get().essms_id)
    assert trace.means == "psc:eidas3:mobile"
    assert site.get("/etablissements/").status_code == 200


def test_the_access_token_is_kept_nowhere(sandbox: Sandbox, site: Client, loic: User) -> None:
    site.get(come_back(sandbox, begin(site), LOIC.subject_name_id))
    given = next(item for item in sandbox.journal.list("psc") if item.verdict.operation == "jetons")
    tokens = json.loads(given.response)
    kept = json.dumps(dict(site.session.items()))
    assert tokens["access_token"] not in kept
    assert tokens["id_token"] in kept  # the hint that closes the session at Pro Santé Connect


def test_the_establishment_is_the_one_of_the_activities(
    sandbox: Sandbox, site: Client, organisme: OrganismeGestionnaire, essms: Essms
) -> None:
    # First by name, but Pro Santé Connect says that the person works at 990000002.
    here = factories.make_essms(organisme, "Zone d’intervention", finess_eg="990000002")
    user = factories.make_user("Loïc", "BREMOND", rpps=LOIC.rpps)
    for place in (essms, here):
        factories.give_role(user, place, Role.SOINS)
    site.get(come_back(sandbox, begin(site), LOIC.subject_name_id))
    assert site.session[SESSION_ESSMS] == here.pk


def test_nobody_enters_without_an_account_and_none_is_created(sandbox: Sandbox, site: Client) -> None:
    response = site.get(come_back(sandbox, begin(site), LOIC.subject_name_id))
    assert response.status_code == 403
    assert "pas de compte dans Amarre" in response.content.decode()
    assert not User.objects.exists()
    assert not logged_in(site)
    assert refusal_codes() == ["PSC-030"]


def test_a_closed_account_stays_closed(sandbox: Sandbox, site: Client, loic: User) -> None:
    User.objects.filter(pk=loic.pk).update(is_active=False)
    response = site.get(come_back(sandbox, begin(site), LOIC.subject_name_id))
    assert "est fermé" in response.content.decode()
    assert not logged_in(site)
    assert refusal_codes() == ["PSC-031"]


def test_an_account_without_role_opens_nothing(sandbox: Sandbox, site: Client) -> None:
    factories.make_user("Loïc", "BREMOND", rpps=LOIC.rpps)
    response = site.get(come_back(sandbox, begin(site), LOIC.subject_name_id))
    assert response.status_code == 403
    assert not logged_in(site)
    assert refusal_codes() == ["PSC-032"]


def test_the_same_return_opens_one_session_only(sandbox: Sandbox, site: Client, loic: User) -> None:
    back = come_back(sandbox, begin(site), LOIC.subject_name_id)
    site.get(back)
    site.post("/deconnexion/")
    response = site.get(back)
    assert response.status_code == 422
    assert not logged_in(site)
    assert refusal_codes() == ["PSC-001"]


def test_a_return_given_to_another_browser_opens_nothing(sandbox: Sandbox, site: Client, loic: User) -> None:
    """Session fixation: the attacker begins, the victim's browser follows the return."""
    back = come_back(sandbox, begin(site), LOIC.subject_name_id)
    victim = Client(headers={"host": "localhost:8000"})
    begin(victim)
    assert victim.get(back).status_code == 422
    assert not logged_in(victim)


@pytest.mark.parametrize(
    "query",
    ["", "state=&code=x", "state=a&state=b&code=x", "code=x", "error=access_denied", "a=1&" * 50 + "state=b"],
)
def test_a_return_that_answers_nothing_opens_nothing(
    sandbox: Sandbox, site: Client, loic: User, query: str
) -> None:
    begin(site)
    assert site.get(f"/connexion/retour/?{query}").status_code == 422
    assert not logged_in(site)


def test_a_login_begun_too_long_ago_is_over(sandbox: Sandbox, site: Client, loic: User) -> None:
    back = come_back(sandbox, begin(site), LOIC.subject_name_id)
    session = site.session
    for pending in session["psc_pending"].values():
        pending["at"] = "2020-01-01T00:00:00+00:00"
    session.save()
    assert "plus de 10 minutes" in site.get(back).content.decode()
    assert refusal_codes() == ["PSC-019"]


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("nonce-faux", "PSC-007"),
        ("mauvaise-audience", "PSC-005"),
        ("emetteur-faux", "PSC-006"),
        ("emetteur-du-retour-faux", "PSC-006"),
        ("sans-signature", "PSC-008"),
        ("hs256", "PSC-008"),
        ("cle-inconnue", "PSC-008"),
        ("jeton-expire", "PSC-003"),
        ("horloge-en-avance", "PSC-004"),
        ("acr-absent", "PSC-009"),
        ("jeton-d-acces-substitue", "PSC-020"),
        ("autre-personne", "PSC-016"),
        ("sans-identifiant", "PSC-017"),
        ("code-perime", "PSC-002"),
        ("refus-e-cps", "PSC-010"),
        ("state-faux", "PSC-001"),
        ("compte-inconnu", "PSC-030"),
        ("indisponible", "PSC-013"),
        ("coupure-avant", "PSC-034"),
    ],
)
def test_each_attack_and_failure_opens_nothing_and_is_explained(
    sandbox: Sandbox, site: Client, loic: User, situation: str, code: str
) -> None:
    url = begin(site)
    sandbox.choose("psc", situation)
    response = site.get(come_back(sandbox, url, LOIC.subject_name_id))
    assert response.status_code >= 400
    assert not logged_in(site)
    assert refusal_codes() == [code]
    page = response.content.decode()
    assert f"{code}-" in page
    assert "Connexion impossible" in page


def test_the_service_down_at_the_door_is_explained(sandbox: Sandbox, site: Client) -> None:
    sandbox.choose("psc", "indisponible")
    response = site.get("/connexion/psc/")
    assert response.status_code == 502
    assert "indisponible" in response.content.decode()


@pytest.mark.parametrize(
    "target",
    [
        "https://ailleurs.example/",
        "//ailleurs.example/",
        "/\\ailleurs.example",
        "javascript:alert(1)",
        "ailleurs",
    ],
)
def test_the_way_on_never_leaves_the_site(sandbox: Sandbox, site: Client, loic: User, target: str) -> None:
    response = site.get(come_back(sandbox, begin(site, target), LOIC.subject_name_id))
    assert response["Location"] == "/"


def test_a_login_begun_under_another_name_moves_to_the_declared_one(sandbox: Sandbox) -> None:
    response = Client(headers={"host": "127.0.0.1:8000"}).get("/connexion/psc/", {"next": "/plus/"})
    assert response["Location"] == "http://localhost:8000/connexion/psc/?next=%2Fplus%2F"


def test_logging_out_closes_both_sessions(sandbox: Sandbox, site: Client, loic: User) -> None:
    site.get(come_back(sandbox, begin(site), LOIC.subject_name_id))
    response = site.post("/deconnexion/")
    page = response.content.decode()
    assert "Session fermée" in page
    assert not logged_in(site)
    assert Trace.objects.filter(verb="accounts.logged_out", actor_id=loic.pk).count() == 1
    address = page.split('content="0; url=')[1].split('"')[0].replace("&amp;", "&")
    status, headers, _ = Browser(sandbox).request("GET", address)
    assert (status, headers["location"]) == (303, "http://localhost:8000/connexion/")


def test_logging_out_works_when_the_service_is_down(sandbox: Sandbox, site: Client, loic: User) -> None:
    from amarre.dui.accounts import psc

    site.get(come_back(sandbox, begin(site), LOIC.subject_name_id))
    sandbox.choose("psc", "indisponible")
    psc.forget_metadata()
    assert site.post("/deconnexion/")["Location"] == "/connexion/"
    assert not logged_in(site)


def test_logging_out_by_a_link_does_nothing(sandbox: Sandbox, site: Client, loic: User) -> None:
    site.get(come_back(sandbox, begin(site), LOIC.subject_name_id))
    assert site.get("/deconnexion/").status_code == 405
    assert logged_in(site)


@pytest.mark.parametrize("closed", ["idle", "past_its_date"])
def test_an_idle_session_is_explained_on_the_login_page(site: Client, bob: User, closed: str) -> None:
    site.force_login(bob)
    session = site.session
    if closed == "idle":
        session["seen_at"] = 1
        session.save()
    else:
        Session.objects.update(expire_date=now() - datetime.timedelta(seconds=1))
    response = site.get("/etablissements/")
    assert response["Location"] == "/connexion/?next=%2Fetablissements%2F&fin=session"
    page = site.get(response["Location"]).content.decode()
    assert "20 minutes sans activité" in page.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_form_sent_too_late_does_not_come_back_as_a_get(site: Client, bob: User) -> None:
    site.force_login(bob)
    session = site.session
    session["seen_at"] = 1
    session.save()
    response = site.post("/etablissements/choisir/")
    assert response["Location"] == "/connexion/?fin=session"


def test_closed_sessions_are_forgotten_after_a_day(site: Client, bob: User) -> None:
    site.force_login(bob)
    Session.objects.create(session_key="old", expire_date=now() - KEPT - datetime.timedelta(minutes=1))
    Session.objects.create(session_key="late", expire_date=now() - datetime.timedelta(minutes=1))
    assert purge_sessions() == 1
    assert logged_in(site)
    assert Session.objects.filter(session_key="late").exists()


def test_the_session_page_names_the_person(site: Client, bob: User) -> None:
    site.force_login(bob)
    page = site.get(reverse("accounts:session")).content.decode()
    assert bob.get_full_name() in page
    assert "Changer d’utilisateur" in page


def test_the_return_is_the_only_get_that_may_write() -> None:
    @writes_on_get
    def marked() -> None: ...

    assert marked.writes_on_get  # type: ignore[attr-defined]
    found = {
        pattern.name
        for pattern in _patterns(get_resolver().url_patterns)
        if getattr(pattern.callback, "writes_on_get", False)
    }
    assert found == {"return_from_psc"}


def _patterns(entries: list[object]) -> list[object]:
    flat: list[object] = []
    for entry in entries:
        nested = getattr(entry, "url_patterns", None)
        flat += _patterns(nested) if nested is not None else [entry]
    return flat
