"""Documents to deposit, agreement, control of reception, rules, readiness: axe, pictures, without script."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.dmp.models import DepositProposal
from amarre.dui.dmp.rules import Moment
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.dmp.services.set_rule import set_rule
from amarre.dui.dmp.services.settle_reception import ask_reception
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.cancel import cancel_exchange
from amarre.dui.exchanges.worker import drain
from tests.dui import factories
from tests.dui.connected import House
from tests.dui.dmp.far_dmp import forget

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

PROJET = "80788-3"


def set_moment(house: House, moment: Moment) -> None:
    user = factories.make_user("Bruno", "Allard")
    factories.give_role(user, house.essms, Role.DIRECTION)
    actor = factories.actor_for(user, house.essms)
    set_rule(essms=house.essms, type_code=PROJET, moment=moment, follows_versions=True, actor=actor)


def deposit(house: House, key: str, situation: str = "") -> DmpDeposit:
    """Deposit a document under a situation of the DMP, to its first answer."""
    made = deposit_in_dmp(version=house.filed(house.dossier(key)), actor=house.actor)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", situation)
    drain(1)
    house.sandbox.choose("dmp", "")
    with system_scope("test"):
        return DmpDeposit.objects.select_related("exchange", "version").get(pk=made.pk)


def address(version: DocumentVersion, end: str = "") -> str:
    with system_scope("test"):
        return f"/dossiers/{version.document.dossier_id}/documents/{version.document_id}/{end}"


def test_screens_of_who_deposits_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
) -> None:
    there = deposit(house, "marie-therese-quere")
    gone = deposit(house, "zoe-adrun")
    stopped = [deposit(house, key, "certificat-signature") for key in ("pierre-abgrall", "catarina-tchitchi")]
    cancelled = deposit_in_dmp(version=house.filed(house.dossier("jean-riou")), actor=house.actor)
    cancel_exchange(exchange=cancelled.exchange, actor=house.actor)
    forget(house, gone.version.unique_id)
    with system_scope("test"):
        ask_reception(deposits=[there, gone], actor=house.actor)
        Exchange.objects.update(due_at=now() - datetime.timedelta(seconds=1))
    drain()
    house.filed(house.dossier("germaine-ollivier"))
    blocked = house.filed(house.dossier("rene-caradec", informed=False))
    page = logged_in(Role.SOINS)

    def look(path: str, name: str) -> None:
        page.goto(live_server.url + path)
        judged(page, f"depots-{name}")

    look("/dmp/a-deposer/", "a-deposer")
    look("/dmp/reception/", "reception")
    look("/envois/arretes/", "arretes")
    look(f"/envois/{stopped[0].exchange_id}/", "arrete-un")
    look(f"/envois/{cancelled.exchange_id}/", "annule")
    with system_scope("test"):
        dossier_id = blocked.document.dossier_id
    look(f"/dossiers/{dossier_id}/pret-pour-le-dmp/", "personne")
    with system_scope("test"):
        DepositProposal.objects.all().delete()
    look("/dmp/a-deposer/", "a-deposer-vide")


def test_screens_of_the_direction_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
) -> None:
    set_moment(house, Moment.ACCORD)
    version = house.filed()
    with system_scope("test"):
        waiting = DmpDeposit.objects.get(version=version)
    factories.give_role(factories.make_user("Nadia", "Perrot"), house.essms, Role.SOINS)
    page = logged_in(Role.DIRECTION)

    def look(path: str, name: str) -> None:
        page.goto(live_server.url + path)
        judged(page, f"depots-{name}")

    look("/dmp/a-valider/", "a-valider")
    look(f"/dmp/a-valider/{waiting.pk}/", "accord")
    look("/etablissement/regles-de-depot/", "regles")
    look(f"/etablissement/regles-de-depot/{PROJET}/", "regle")
    house.profile.root_oid = ""
    house.profile.save()
    look("/etablissement/pret-pour-le-dmp/", "pret")
    look("/dmp/droits/", "droits")
    look("/etablissement/pret-pour-le-dmp/noter/notice/", "pret-noter")


def test_the_whole_way_without_script(
    live_server: LiveServer, logged_in: Callable[..., Page], house: House
) -> None:
    house.filed()
    house.filed(house.dossier("zoe-adrun", informed=False))
    page = logged_in(Role.SOINS, size="telephone", javascript=False)
    page.goto(f"{live_server.url}/dmp/a-deposer/")
    page.get_by_role("button", name="Déposer le document prêt").click()
    assert page.get_by_text("1 dépôt demandé").is_visible()
    page.get_by_role("button", name="Ne pas déposer").click()
    assert page.get_by_text("Rien à déposer").is_visible()
    page.goto(f"{live_server.url}/envois/?etat=en-cours")
    page.get_by_role("link", name="Dépôt :").click()
    page.get_by_role("button", name="Annuler l’envoi").click()
    assert page.get_by_text("annulé avant de partir").is_visible()
    assert drain() == 0
