"""The tab « DMP » in a browser: what may be read, the list, a document, the answer of the person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amarre.dui.access.roles import Role
from amarre.dui.organisations.enums import DmpReading
from tests.dui.connected import House
from tests.dui.dmp.reading import STRONG, agree, fill_dmp, readable

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def strong(logged_in: Callable[..., Page]) -> Callable[..., Page]:
    """Return ``strong(**options)``: the browser of Loïc, logged in with his card."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore

    from amarre.dui.access.actors import SESSION_MEANS

    def opened(**options: object) -> Page:
        page = logged_in(Role.SOINS, **options)
        cookies = {one["name"]: one["value"] for one in page.context.cookies()}
        session = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
        session[SESSION_MEANS] = STRONG
        session.save()
        return page

    return opened


def test_screens_are_judged_everywhere(
    live_server: LiveServer,
    strong: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
) -> None:
    fill_dmp(house)
    dossier = readable(house)
    page = strong()
    tab = f"{live_server.url}/dossiers/{dossier.pk}/dmp/"

    def look(address: str, name: str, filled_at_most: int = 1) -> None:
        page.goto(address)
        judged(page, f"dmp-{name}", filled_at_most)

    look(tab, "onglet")
    page.get_by_role("button", name="Consulter le DMP").click()
    page.get_by_text("documents au DMP").wait_for()
    judged(page, "dmp-liste")
    look(f"{tab}?periode=2&etat=archives&tri=groupe&chercher=1", "liste-groupee")
    page.get_by_role("link", name="Lettre de liaison, service de gériatrie").click()
    judged(page, "dmp-document-structure")
    page.goto(f"{tab}documents/2.25.291820351847205913.900.2.4/")
    page.wait_for_timeout(500)
    judged(page, "dmp-document-pdf")
    look(f"{tab}reponse/", "reponse")
    look(f"{tab}donnees-administratives/", "donnees-administratives")
    other = house.dossier("pierre-abgrall")
    look(f"{live_server.url}/dossiers/{other.pk}/dmp/", "avant-de-consulter")
    agree(house, other)
    look(f"{live_server.url}/dossiers/{other.pk}/dmp/?periode=2&chercher=1", "acces-a-declarer")
    house.profile.dmp_reading = DmpReading.NONE
    house.profile.save()
    look(tab, "sans-connecteur")
    assert house.sandbox is not None
    house.profile.dmp_reading = DmpReading.AIR
    house.profile.save()
    house.sandbox.choose("dmp", "indisponible")
    look(f"{tab}?periode=5&chercher=1", "injoignable")
