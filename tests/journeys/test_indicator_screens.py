"""Indicators, their lists, with and without acts, by role: axe, pictures, keyboard, without script."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
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

SIZES = [("bureau", "light"), ("telephone", "light"), ("bureau", "dark"), ("telephone", "dark")]


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


def look(
    page: Page,
    url: str,
    name: str,
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    picture: Callable[..., Path],
) -> None:
    page.goto(url)
    picture(page, f"indicateurs-{name}", whole=True)
    for summary in page.locator("main details > summary").all():
        summary.click()
    picture(page, f"indicateurs-{name}-ouvert", whole=True)
    # The bar of the telephone covers half of whatever the last click scrolled to.
    page.evaluate("window.scrollTo(0, 0)")
    fits(page)
    axe(page)
    assert page.locator("main .btn-primary:visible").count() <= 1


@pytest.mark.parametrize(("size", "scheme"), SIZES)
def test_screens_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    picture: Callable[..., Path],
    house: House,
    size: str,
    scheme: str,
) -> None:
    site, shot = live_server.url, f"{size}-{scheme}"
    page = logged_in(Role.DIRECTION, size=size, scheme=scheme)
    look(page, f"{site}/indicateurs/", f"vide-{shot}", axe, fits, picture)
    look(page, f"{site}/indicateurs/TBB1.1/", f"liste-vide-{shot}", axe, fits, picture)
    half_a_year(house)
    look(page, f"{site}/indicateurs/", f"tout-{shot}", axe, fits, picture)
    for code in ("TBB1.1", "TBB1.2", "TBB1.4", "INS.P"):
        look(page, f"{site}/indicateurs/{code}/", f"liste-{code}-{shot}", axe, fits, picture)


@pytest.mark.parametrize("role", [Role.SOINS, Role.REFERENT_IDENTITE, Role.CHEF_PROJET])
def test_each_role_sees_its_own_screen(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    picture: Callable[..., Path],
    house: House,
    role: Role,
) -> None:
    half_a_year(house)
    page = logged_in(role, size="etroit")
    look(page, f"{live_server.url}/indicateurs/", role.value, axe, fits, picture)


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
