"""Bruno counts, and opens every number; Théo keeps the connectors; a stranger sees nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from amarre.cast import establishment
from tests.journeys.thread.conftest import Eye
from tests.journeys.thread.given import Given

if TYPE_CHECKING:
    from playwright.sync_api import Page

BRUNO, THEO, INES = "bruno-allard", "theo-lambert", "ines-carvalho"
PLACE = "domicile"


def test_every_number_opens_its_list(
    given: Given, visit: Callable[..., Page], eye: Callable[[str], Eye]
) -> None:
    from playwright.sync_api import expect

    # No other journey deposits or sends anything from this establishment.
    filed = given.filed(given.qualified("pierre-abgrall", PLACE), PLACE)
    given.deposited(filed, PLACE)
    given.sent(filed, PLACE)
    look = eye(BRUNO)
    page = visit("/", BRUNO, PLACE)
    page.get_by_role("link", name="Indicateurs").first.click()
    look.both(page, "indicateurs", "Indicateurs")
    codes = page.locator("#indicateurs table a").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    numbers = page.locator("#indicateurs table a").all_inner_texts()
    assert len(codes) >= 8
    for number, code in zip(numbers, codes, strict=True):
        page.goto(given.site + code)
        lines = page.locator("#actes .am-ligne")
        expect(page.locator("#actes")).to_be_visible()
        if "TBB1" in code:
            assert lines.count() == int(number), code
            assert lines.count() <= 1, code
    page.goto(given.site + "/indicateurs/TBB1.1/")
    look.both(page, "indicateurs-documents", "Total documents DMP")
    page.locator("#actes .am-ligne a").last.click()
    expect(page.get_by_text("Le document est au DMP.")).to_be_visible()
    look(page, "indicateurs-acte", "Où en est")


def test_the_connectors_of_theo(given: Given, visit: Callable[..., Page], eye: Callable[[str], Eye]) -> None:
    from playwright.sync_api import expect

    look = eye(THEO)
    page = visit("/", THEO, PLACE)
    page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Réglages").click()
    expect(page.get_by_role("heading", name="État des connecteurs")).to_be_visible()
    expect(page.get_by_text("Prêt", exact=True).first).to_be_visible()
    look.both(page, "reglages")
    page.goto(given.site + "/journal-des-acces/")
    look.both(page, "journal")
    page.goto(f"{given.site}/personnes/")
    expect(page.get_by_role("main")).not_to_contain_text("ADRUN")
    look(page, "personnes-refusees")


def test_a_stranger_sees_nothing(given: Given, visit: Callable[..., Page], eye: Callable[[str], Eye]) -> None:
    from playwright.sync_api import expect

    dossier = given.dossier("zoe-adrun", PLACE)
    look = eye(INES)
    page = visit("/personnes/", INES, "ehpad", size="telephone")
    expect(page.get_by_role("main")).not_to_contain_text("ADRUN")
    look(page, "personnes")
    page.get_by_role("searchbox").fill("adrun")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("main").get_by_role("link", name="ADRUN")).to_have_count(0)
    look(page, "recherche-vide")
    for path in ("", "identite/", "projet/", "documents/", "messages/"):
        answer = page.goto(f"{given.site}/dossiers/{dossier}/{path}")
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("main")).not_to_contain_text("ADRUN")
    look(page, "dossier-d-ailleurs")
    expect(page.get_by_text(establishment(PLACE).name)).to_have_count(0)
