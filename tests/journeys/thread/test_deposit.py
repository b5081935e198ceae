"""The deposit in the DMP: held back, accepted, refused and explained, unknown then found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.journeys.thread.conftest import Eye
from tests.journeys.thread.given import AUTHORS, Given
from tests.journeys.thread.test_identity import play

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOON = 20_000
DEPOSIT = "Déposer au DMP"


@pytest.mark.parametrize(
    ("key", "place", "size"),
    [("germaine-ollivier", "ehpad", "bureau"), ("lucas-berthelot", "ime", "telephone")],
)
def test_held_back_then_accepted(
    given: Given, visit: Callable[..., Page], eye: Callable[[str], Eye], key: str, place: str, size: str
) -> None:
    from playwright.sync_api import expect

    filed = given.filed(given.qualified(key, place), place, informed=False)
    look = eye(AUTHORS[place])
    page = visit(filed.path, AUTHORS[place], place, size=size)
    page.get_by_role("link", name=DEPOSIT).click()
    expect(page.get_by_text("1 bloquant")).to_be_visible()
    expect(page.get_by_text("Envoi retenu")).to_be_visible()
    look(page, "controle-retenu")
    page.get_by_role("link", name="Noter l'information").or_(
        page.get_by_role("link", name="Noter l’information")
    ).first.click()
    look(page, "information-a-noter", "Information sur le")
    page.get_by_label("ne s’oppose pas").or_(page.get_by_label("ne s'oppose pas")).check()
    page.get_by_role("button", name="Noter l’information").click()
    expect(page.get_by_text("En vigueur", exact=True)).to_be_visible()
    look(page, "information-notee")
    page.goto(given.site + filed.path + "deposer-au-dmp/")
    expect(page.get_by_text("rien de bloquant")).to_be_visible()
    look(page, "controle-bon")
    page.get_by_role("button", name=DEPOSIT).click()
    look(page, "depot-en-file", "Où en est la version")
    # The card follows by itself.
    expect(page.get_by_text("Le document est au DMP.")).to_be_visible(timeout=SOON)
    look(page, "depot-accepte")
    assert len(given.received("dmp")["documents"]) == 1
    page.goto(given.site + "/envois/?etat=tous")
    look(page, "envois")


def test_a_closed_dmp_is_refused_and_explained(
    given: Given, visit: Callable[..., Page], open_page: Callable[..., Page], eye: Callable[[str], Eye]
) -> None:
    from playwright.sync_api import expect

    filed = given.filed(given.qualified("michelangelo-nessi", "ime"), "ime")
    control = open_page()
    play(control, given.control, "dmp", "dmp-ferme")
    look = eye("karim-benali").both
    page = visit(filed.path + "deposer-au-dmp/", "karim-benali", "ime")
    page.get_by_role("button", name=DEPOSIT).click()
    expect(page.get_by_role("main")).to_contain_text("fermé", timeout=SOON)
    look(page, "depot-refuse")
    page.goto(given.site + "/")
    look(page, "ma-journee-apres-refus")
    page.goto(given.site + "/envois/")
    look(page, "envois-refuse")
    page.locator(".am-ligne .am-lien").first.click()
    look(page, "envoi-refuse", "Où en est cet envoi")
    control.goto(given.control + "/")
    seen = eye("bac-a-sable").both
    seen(control, "accueil")
    control.locator('a[href$="/services/dmp"]').click()
    seen(control, "service")
    control.locator(".echanges a").first.click()
    seen(control, "echange", "Échange n°")
    assert given.received("dmp")["documents"] == {}


def test_the_answer_is_lost_and_the_document_is_there_once(
    given: Given, visit: Callable[..., Page], eye: Callable[[str], Eye]
) -> None:
    from playwright.sync_api import expect

    filed = given.filed(given.qualified("pierre-alain-dartagnan", "ime"), "ime")
    given.play("dmp", "depot-perdu", 1)
    look = eye("karim-benali-perdu")
    page = visit(filed.path + "deposer-au-dmp/", "karim-benali", "ime", size="telephone")
    page.get_by_role("button", name=DEPOSIT).click()
    expect(page.get_by_role("main")).to_contain_text("Issue inconnue", timeout=SOON)
    look(page, "depot-issue-inconnue")
    expect(page.get_by_text("Le document est au DMP.")).to_be_visible(timeout=SOON)
    look.both(page, "depot-retrouve")
    assert len(given.received("dmp")["documents"]) == 1
