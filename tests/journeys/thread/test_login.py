"""Pro Santé Connect: the twelve personas come in, others do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amarre.cast import PERSONAS, Persona, persona
from tests.journeys.thread.conftest import Eye
from tests.journeys.thread.given import Given

if TYPE_CHECKING:
    from playwright.sync_api import Page

ENTER = "Se connecter avec Pro Santé Connect"
CONFIRM = "Valider dans l’application e-CPS"
TEAM = [
    "Ma journée",
    "Personnes",
    "Documents à valider",
    "Envois",
    "Dépôts au DMP",
    "Indicateurs",
    "Annuaire",
    "Mes établissements",
]
SETTINGS = ["Journal des accès", "Réglages", "Prêt pour le DMP ?", "Mes établissements"]
# What the menu of each role offers, in its order: docs/reference/habilitations.md, read by hand.
MENUS = {
    "referent_identite": [
        "Ma journée",
        "Personnes",
        "Identités",
        "Envois",
        "Indicateurs",
        "Importer une liste",
        "Journal des accès",
        "Mes établissements",
    ],
    "secretariat": [*TEAM[:-1], "Importer une liste", "Mes établissements"],
    "soins": TEAM,
    "accompagnement": TEAM,
    "mandataire": TEAM,
    "direction": ["Ma journée", "Personnes", "Envois", "Indicateurs", "Annuaire", *SETTINGS],
    "aide_domicile": ["Ma journée", "Personnes", "Annuaire", "Mes établissements"],
    "chef_projet": ["Ma journée", "Indicateurs", "Mes établissements"],
    "administrateur": ["Ma journée", "Indicateurs", *SETTINGS],
}
# Those who work standing hold a telephone.
ON_THE_PHONE = {"ines-carvalho", "fatou-diallo", "loic-bremond", "karim-benali"}


def choose(page: Page, given_name: str, family_name: str) -> None:
    """Go through the pages of the provider."""
    page.get_by_role("button", name=f"{given_name} {family_name}").click()


@pytest.mark.parametrize("who", PERSONAS, ids=lambda who: who.key)
def test_every_persona_comes_in(
    given: Given, open_page: Callable[..., Page], eye: Callable[[str], Eye], who: Persona
) -> None:
    from playwright.sync_api import expect

    size = "telephone" if who.key in ON_THE_PHONE else "bureau"
    look = eye(who.key)
    page = open_page(size=size)
    page.goto(given.site)
    page.get_by_role("link", name=ENTER).click()
    choose(page, who.given_name, who.family_name)
    page.get_by_role("button", name=CONFIRM).click()
    expect(page.get_by_role("heading", name=f"Bonjour {who.given_name}")).to_be_visible()
    look(page, "ma-journee")
    if size == "telephone":
        page.get_by_role("navigation", name="Navigation du téléphone").get_by_role(
            "link", name="Plus"
        ).click()
        look(page, "plus", "Plus")
    else:
        menu = page.get_by_role("navigation", name="Navigation principale").get_by_role("link")
        shown = [words.split("\n")[0].rstrip("0123456789 ").strip() for words in menu.all_inner_texts()]
        assert shown == MENUS[who.role]


@pytest.mark.parametrize("size", ["bureau", "telephone"])
def test_from_the_door_to_the_end_of_the_session(
    given: Given, open_page: Callable[..., Page], eye: Callable[[str], Eye], size: str
) -> None:
    from playwright.sync_api import expect

    look = eye("porte")
    page = open_page(size=size)
    page.goto(given.site + "/personnes/")
    look(page, "connexion", "Se connecter")
    page.get_by_role("link", name=ENTER).click()
    look(page, "psc-qui", "Qui se connecte")
    choose(page, "Sylvie", "MORVAN")
    look(page, "psc-e-cps", "Valider dans l’application")
    page.get_by_role("button", name=CONFIRM).click()
    # Back where she wanted to go.
    expect(page.get_by_role("heading", name="Personnes", exact=True)).to_be_visible()
    page.goto(given.site + "/session/")
    look(page, "session", "Ma session")
    page.get_by_role("main").get_by_role("button", name="Changer d’utilisateur").click()
    page.wait_for_url("**/connexion/**")
    page.goto(given.site + "/personnes/")
    expect(page.get_by_role("link", name=ENTER)).to_be_visible()


def test_a_professional_of_elsewhere_is_refused(
    given: Given, open_page: Callable[..., Page], eye: Callable[[str], Eye]
) -> None:
    from playwright.sync_api import expect

    look = eye("claire-roussel")
    for size in ("bureau", "telephone"):
        page = open_page(size=size)
        page.goto(given.site)
        page.get_by_role("link", name=ENTER).click()
        choose(page, "Claire", "ROUSSEL")
        page.get_by_role("button", name=CONFIRM).click()
        expect(page.get_by_role("heading", name="Connexion impossible")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("vous n’avez pas de compte dans Amarre")
        look(page, "refusee")
        page.goto(given.site + "/personnes/")
        expect(page.get_by_role("link", name=ENTER)).to_be_visible()


def test_the_request_refused_on_the_telephone(
    given: Given, open_page: Callable[..., Page], eye: Callable[[str], Eye]
) -> None:
    from playwright.sync_api import expect

    page = open_page()
    page.goto(given.site)
    page.get_by_role("link", name=ENTER).click()
    choose(page, "Loïc", "BREMOND")
    page.get_by_role("button", name="Refuser").click()
    eye("loic-bremond")(page, "e-cps-refusee", "Connexion impossible")
    expect(page.get_by_role("link", name="Revenir à la page de connexion")).to_be_visible()


@pytest.mark.parametrize("size", ["bureau", "telephone"])
def test_login_without_script(
    given: Given, open_page: Callable[..., Page], eye: Callable[[str], Eye], size: str
) -> None:
    from playwright.sync_api import expect

    look = eye(f"fatou-diallo-{size}")
    page = open_page(size=size, javascript=False)
    page.goto(given.site)
    look.plain(page, "connexion")
    page.get_by_role("link", name=ENTER).click()
    choose(page, "Fatou", "DIALLO")
    page.get_by_role("button", name=CONFIRM).click()
    expect(page.get_by_role("heading", name="Bonjour Fatou")).to_be_visible()
    look.plain(page, "ma-journee")


def test_login_with_the_keyboard_alone(given: Given, open_page: Callable[..., Page]) -> None:
    from playwright.sync_api import expect

    from tests.journeys.thread.keyboard import go_to

    page = open_page()
    page.goto(given.site)
    go_to(page, ENTER)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Qui se connecte")).to_be_visible()
    who = persona("maud-keravel")
    go_to(page, f"{who.given_name} {who.family_name}")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name=CONFIRM)).to_be_visible()
    go_to(page, CONFIRM)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bonjour Maud")).to_be_visible()
