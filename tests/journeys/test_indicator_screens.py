"""Indicators, their lists, with and without acts, by role: axe, pictures, keyboard, without script."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import PARIS, now, today
from amarre.dui.indicators.periods import last_closed_month, months_before
from amarre.dui.indicators.services.take_snapshots import take_snapshots
from amarre.dui.organisations.models import Essms
from tests.dui.connected import House
from tests.dui.indicators.recorded import Records

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def half_a_year(house: House) -> None:
    """Acts that grow month after month, then the snapshots of the closed months."""
    with system_scope("test"):
        Essms.objects.filter(pk=house.essms.pk).update(created_at=now() - datetime.timedelta(days=400))
    records = Records(house.essms, house.loic)
    months = months_before(today(), 6)
    for rank, month in enumerate(months):
        assert month.first is not None
        at = datetime.datetime.combine(month.first, datetime.time(9, 30), tzinfo=PARIS)
        for _ in range(rank + 1):
            dossier = records.dossier()
            version = records.version(dossier)
            records.deposit(version, at=at)
            records.message(dossier, version, at=at)
            if rank % 2:
                records.message(dossier, version, at=at, to_usager=True)
    house.dossier()
    take_snapshots(month=months[-3])
    take_snapshots(month=last_closed_month(today()))


def opened(page: Page) -> None:
    """Open every fold of the page, then come back to its top."""
    for summary in page.locator("main details > summary").all():
        summary.click()
    # The bar of the telephone covers half of whatever the last click scrolled to.
    page.evaluate("window.scrollTo(0, 0)")


def test_screens_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
) -> None:
    page = logged_in(Role.DIRECTION)

    def look(path: str, name: str) -> None:
        page.goto(f"{live_server.url}/indicateurs/{path}")
        opened(page)
        judged(page, f"indicateurs-{name}")

    look("", "vide")
    look("TBB1.1/", "liste-vide")
    half_a_year(house)
    look("", "tout")
    for code in ("TBB1.1", "TBB1.2", "TBB1.4", "INS.P"):
        look(f"{code}/", f"liste-{code}")


@pytest.mark.parametrize("role", [Role.SOINS, Role.REFERENT_IDENTITE, Role.CHEF_PROJET])
def test_each_role_sees_its_own_screen(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    picture: Callable[..., None],
    house: House,
    role: Role,
) -> None:
    half_a_year(house)
    page = logged_in(role, size="etroit")
    page.goto(f"{live_server.url}/indicateurs/")
    opened(page)
    fits(page)
    axe(page)
    picture(page, f"indicateurs-{role.value}", whole=True)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_month_is_chosen_then_its_list_is_kept(
    live_server: LiveServer, logged_in: Callable[..., Page], house: House, javascript: bool
) -> None:
    half_a_year(house)
    page = logged_in(Role.DIRECTION, javascript=javascript)
    month = months_before(today(), 2)[0]
    page.goto(f"{live_server.url}/indicateurs/")
    page.get_by_label("Période").select_option(month.key)
    page.get_by_role("button", name="Afficher la période").click()
    page.wait_for_url(f"**/indicateurs/?periode={month.key}")
    assert page.get_by_label("Période").input_value() == month.key
    page.get_by_role("link", name="5, ouvrir la liste : Total documents DMP").click()
    assert page.locator("#actes li").count() == 5
    with page.expect_download() as download:
        page.get_by_role("link", name="Exporter en CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 6
    page.get_by_role("link", name="Indicateurs", exact=True).last.click()
    assert page.get_by_label("Période").input_value() == month.key
