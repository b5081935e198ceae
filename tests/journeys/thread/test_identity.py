"""Maud qualifies: the card compared, INSi asked in the background, the answer beside ours, her decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.journeys.thread.conftest import Eye
from tests.journeys.thread.given import Given
from tests.journeys.thread.keyboard import go_to

if TYPE_CHECKING:
    from playwright.sync_api import Page

MAUD = "maud-keravel"
SOON = 20_000
ACCEPT = "Reprendre les traits d’INSi et l’INS"


def play(page: Page, control: str, service: str, situation: str, times: str = "") -> None:
    """Choose a situation on the control page of the sandbox, as the person who demonstrates does."""
    page.goto(f"{control}/services/{service}")
    page.get_by_label("Situation à jouer").select_option(situation)
    page.get_by_label("Nombre d’échanges").fill(times)
    page.get_by_role("button", name="Jouer cette situation").click()
    page.wait_for_url("**/bac-a-sable/")


@pytest.mark.parametrize(("size", "key"), [("bureau", "zoe-adrun"), ("telephone", "anthony-corse")])
def test_from_the_card_to_the_qualified_identity(
    given: Given, visit: Callable[..., Page], eye: Callable[[str], Eye], size: str, key: str
) -> None:
    from playwright.sync_api import expect

    look = eye(f"{MAUD}-{size}")
    page = visit(f"/dossiers/{given.dossier(key, 'domicile')}/", MAUD, size=size)
    look(page, "dossier-a-qualifier", "Où en est ce dossier")
    page.goto(f"{page.url}identite/")
    page.get_by_label("Pièce vue").select_option("CN")
    page.get_by_role("button", name="Enregistrer la pièce").click()
    expect(page.get_by_text("Un point est à corriger")).to_be_visible()
    look(page, "piece-pas-comparee")
    page.get_by_label("J’ai comparé l’original").check()
    page.get_by_role("button", name="Enregistrer la pièce").click()
    expect(page.get_by_text("La pièce est enregistrée")).to_be_visible()
    look(page, "identite-validee")
    # The first call is cut: the waiting is seen, and the next call leaves by itself.
    given.play("insi", "coupure-avant", 1)
    page.get_by_role("button", name="Appeler INSi").click()
    waiting = page.locator("#insi-attente")
    expect(waiting.get_by_role("progressbar")).to_be_visible()
    look(page, "insi-attente")
    # The answer comes by itself: nobody presses anything.
    expect(page.get_by_role("heading", name="INSi a trouvé une identité")).to_be_visible(timeout=SOON)
    look(page, "insi-comparaison")
    page.get_by_role("button", name=ACCEPT).click()
    expect(page.get_by_role("main")).to_contain_text("Identité qualifiée")
    look(page, "identite-qualifiee")


@pytest.mark.parametrize(
    ("key", "place", "size", "heading"),
    [
        ("pierre-houilles", "domicile", "bureau", "INSi ne trouve personne avec ces traits"),
        ("leonardo-de-vinci", "ime", "telephone", "INSi trouve plusieurs personnes avec ces traits"),
    ],
)
def test_nobody_or_several(
    given: Given,
    visit: Callable[..., Page],
    eye: Callable[[str], Eye],
    key: str,
    place: str,
    size: str,
    heading: str,
) -> None:
    from playwright.sync_api import expect

    page = visit(f"/dossiers/{given.dossier(key, place)}/identite/", MAUD, place, size=size)
    page.get_by_role("button", name="Appeler INSi").click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=SOON)
    expect(page.locator(".am-msg--att li").first).to_be_visible()
    eye(MAUD).both(page, f"insi-{'personne' if size == 'bureau' else 'plusieurs'}")


def test_insi_is_away_then_comes_back(
    given: Given, visit: Callable[..., Page], open_page: Callable[..., Page], eye: Callable[[str], Eye]
) -> None:
    from playwright.sync_api import expect

    control = open_page()
    play(control, given.control, "insi", "indisponible")
    eye("bac-a-sable")(control, "insi-indisponible")
    look = eye(MAUD)
    page = visit(f"/dossiers/{given.dossier('tom-guivarch', 'ime')}/identite/", MAUD, "ime")
    page.get_by_role("button", name="Appeler INSi").click()
    # What happened, what becomes of it, when: without a click.
    expect(page.get_by_role("heading", name="Amarre rappelle INSi à")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("vous n’avez rien à relancer")).to_be_visible()
    look(page, "insi-indisponible")
    play(control, given.control, "insi", "")
    expect(page.get_by_role("heading", name="INSi a trouvé une identité")).to_be_visible(timeout=2 * SOON)
    look(page, "insi-revenu")
    control.reload()
    eye("bac-a-sable-apres")(control, "insi-revenu")


def test_the_qualification_with_the_keyboard_alone(given: Given, visit: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    page = visit(f"/dossiers/{given.dossier('catarina-tchitchi', 'domicile')}/identite/", MAUD)
    go_to(page, "Aller au contenu")
    page.keyboard.press("Enter")
    go_to(page, "Pièce vue")
    page.keyboard.type("Carte nationale")
    go_to(page, "J’ai comparé l’original")
    page.keyboard.press("Space")
    go_to(page, "Enregistrer la pièce")
    page.keyboard.press("Enter")
    expect(page.get_by_text("La pièce est enregistrée")).to_be_visible()
    go_to(page, "Appeler INSi")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="INSi a trouvé une identité")).to_be_visible(timeout=SOON)
    go_to(page, ACCEPT)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Identité qualifiée")
