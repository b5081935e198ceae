"""Control, deposit, follow-up, « Envois » in a browser: axe, pictures, the path with and without script."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.exchanges.models import Circuit, Exchange
from amarre.dui.exchanges.worker import drain
from tests.dui.connected import House

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def deposited(house: House, key: str, situation: str = "") -> DocumentVersion:
    """File a document and deposit it under a situation of the DMP."""
    version = house.filed(house.dossier(key))
    deposit_in_dmp(version=version, actor=house.actor)
    assert house.sandbox is not None
    house.sandbox.choose("dmp", situation)
    drain(1)
    house.sandbox.choose("dmp", "")
    return version


def address(version: DocumentVersion, end: str = "") -> str:
    return f"/dossiers/{version.document.dossier_id}/documents/{version.document_id}/{end}"


def test_screens_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
) -> None:
    accepted = deposited(house, "marie-therese-quere")
    closed = deposited(house, "zoe-adrun", "dmp-ferme")
    refused = deposited(house, "pierre-abgrall", "type-refuse")
    unknown = deposited(house, "catarina-tchitchi", "depot-perdu")
    ready = house.filed(accepted.document.dossier)
    blocked = house.filed(house.dossier("jean-riou", qualified=False, informed=False))
    page = logged_in(Role.SOINS)

    def look(path: str, name: str) -> None:
        page.goto(live_server.url + path)
        judged(page, f"envois-{name}")

    look(address(ready, "deposer-au-dmp/"), "controle-bon")
    look(address(blocked, "deposer-au-dmp/"), "controle-bloquant")
    look(address(ready), "document-a-deposer")
    look(address(closed), "document-dmp-ferme")
    look(address(refused), "document-refuse")
    look(address(unknown), "document-inconnu")
    look("/envois/", "a-traiter")
    look("/envois/?etat=termines", "termines")
    with system_scope("test"):
        refused_exchange = Exchange.objects.get(dmp_deposit__version=refused)
    look(f"/envois/{refused_exchange.pk}/", "un-envoi")
    Circuit.objects.update(failures=5, open_until=now() + datetime.timedelta(minutes=10))
    look("/envois/?etat=en-cours", "service-arrete")
    look("/envois/?etat=en-cours&service=insi", "vide")


def test_from_the_control_to_the_dmp_the_page_follows_alone(
    live_server: LiveServer, logged_in: Callable[..., Page], house: House
) -> None:
    version = house.filed()
    page = logged_in(Role.SOINS, size="bureau")
    page.goto(live_server.url + address(version))
    page.get_by_role("link", name="Déposer au DMP").click()
    page.get_by_role("button", name="Déposer au DMP").click()
    assert page.get_by_text("Le dépôt est demandé").is_visible()
    drain()
    page.get_by_text("le suivi s’arrête là").wait_for(timeout=10_000)
    assert page.locator(".am-etapes .ici").inner_text().startswith("Accepté")


def test_the_whole_way_without_script(
    live_server: LiveServer, logged_in: Callable[..., Page], house: House
) -> None:
    refused = deposited(house, "zoe-adrun", "certificat-signature")
    page = logged_in(Role.SOINS, size="telephone", javascript=False)
    page.goto(f"{live_server.url}/envois/")
    page.get_by_role("link", name="Dépôt :").click()
    assert page.get_by_text("Théo Lambert").is_visible(), "whom to call, by name"
    page.get_by_role("button", name="Réessayer").click()
    assert page.get_by_text("L’envoi est relancé").is_visible()
    drain()
    page.reload()
    assert page.get_by_text("le suivi s’arrête là").is_visible()
    page.get_by_role("link", name="Voir dans le dossier").click()
    assert page.url.endswith(address(refused))
