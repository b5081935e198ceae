"""« Journal des accès »."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.db import transaction

from amarre.dui.access.roles import Role
from amarre.dui.accounts.models import User
from amarre.dui.audit import registry
from amarre.dui.audit.models import Trace
from amarre.dui.audit.registry import Verb
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.models import Essms
from tests.dui import factories
from tests.dui.conftest import ClientFor

registry.register(
    Verb("usager.opened_for_test", "a ouvert un dossier d’essai", details=frozenset({"fields"}))
)


def act(actor: Actor, **about: object) -> None:
    with transaction.atomic():
        record(actor, "usager.opened_for_test", **about)


def test_the_director_reads_their_establishment_only(
    client_for: ClientFor, alice: User, actor: Actor, stranger: Actor
) -> None:
    act(actor, dossier_id=7, reason="essai", details={"fields": ["nom"]})
    act(stranger)
    page = client_for(alice).get("/journal-des-acces/").content.decode()
    assert "Bob Morvan" in page
    assert "a ouvert un dossier d’essai" in page
    assert "Motif" in page
    assert "Charlie" not in page
    assert Trace.objects.filter(verb="audit.consulted", actor_id=alice.pk).count() == 1


def test_who_may_not_read_it_is_refused_and_traced(client_for: ClientFor, bob: User) -> None:
    response = client_for(bob).get("/journal-des-acces/")
    assert response.status_code == 403
    assert "Votre fonction ne permet pas cette action" in response.content.decode()
    line = Trace.objects.get()
    assert (line.verb, line.outcome) == ("access.refused", "refused")
    assert line.details == {
        "code": "ACC-001",
        "permission": "journal_acces.lire",
        "page": "access:journal",
    }


@pytest.mark.parametrize(("role", "expected"), [(Role.REFERENT_IDENTITE, True), (Role.ADMINISTRATEUR, False)])
def test_some_roles_read_a_part_of_it(
    client_for: ClientFor, actor: Actor, essms: Essms, role: Role, expected: bool
) -> None:
    act(actor)
    user = factories.make_user("Théo", "Lambert")
    factories.give_role(user, essms, role)
    page = client_for(user).get("/journal-des-acces/").content.decode()
    assert ("Bob Morvan" in page) is expected


def test_a_dossier_opens_its_own_journal(client_for: ClientFor, alice: User, actor: Actor) -> None:
    act(actor, dossier_id=7)
    page = client_for(alice).get("/dossiers/7/journal/", follow=True).content.decode()
    assert "Qui a lu ou modifié ce dossier." in page
    assert "Bob Morvan" in page


def test_filters_and_pages(client_for: ClientFor, alice: User, actor: Actor) -> None:
    start = datetime.datetime(2026, 11, 18, 9, tzinfo=datetime.UTC)
    with time_machine.travel(start, tick=False) as traveller:
        for n in range(120):
            traveller.move_to(start + datetime.timedelta(minutes=n))
            act(actor, dossier_id=n % 2)
    client = client_for(alice)
    url, seen = "/journal-des-acces/?dossier=1", 0
    while url:
        page = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in page
        seen += page.count("a ouvert un dossier")
        link = re.search(r'rel="next" href="([^"]+)"', page)
        url = link.group(1).replace("&amp;", "&") if link else ""
    assert seen == 60
    none = client.get("/journal-des-acces/?since=19/11/2026&verb=usager.opened_for_test").content.decode()
    assert "Aucune ligne pour ces critères" in none
    wrong = client.get("/journal-des-acces/?since=19/11/2026&until=18/11/2026").content.decode()
    assert "La fin ne peut pas précéder le début" in wrong


@pytest.mark.parametrize("period", ["since=0001-01-01", "until=9999-12-31", "since=01/01/0001"])
def test_the_ends_of_the_calendar_are_said_and_break_nothing(
    client_for: ClientFor, alice: User, period: str
) -> None:
    response = client_for(alice).get(f"/journal-des-acces/?{period}")
    assert response.status_code == 200
    assert "Écrivez une date" in response.content.decode()
