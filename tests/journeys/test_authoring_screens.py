"""« Écrire un document » in a browser: the whole way, looked at on every size; once without script."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from amarre.dui.access.roles import Role
from amarre.dui.authoring.services.write_standard_text import StandardTextDraft, write_standard_text
from amarre.dui.organisations.services.update_letterhead import make_logo, update_letterhead
from tests.dui import factories
from tests.dui.connected import House

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def logo() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (340, 190), "#0E5068").save(kept, "PNG")
    return kept.getvalue()


@pytest.fixture
def furnished(house: House) -> House:
    """The house with a letterhead and two standard texts."""
    head = factories.make_user("Alice", "Tassin")
    factories.give_role(head, house.essms, Role.DIRECTION)
    actor = factories.actor_for(head, house.essms)
    update_letterhead(
        actor=actor,
        essms=house.essms,
        address_lines="",
        footer="Association loi 1901",
        logo=make_logo(logo()),
    )
    for title, body in (
        ("Formule de politesse", "Je vous prie de recevoir, Docteur, mes salutations.\n{auteur}"),
        ("Présentation", "{civilite} {prenom} {nom}, {age}, est accompagné{e} depuis le {date d'entree}."),
    ):
        write_standard_text(essms=house.essms, draft=StandardTextDraft(title, body), actor=actor)
    return house


def test_the_whole_way_is_looked_at(
    live_server: LiveServer, logged_in: Callable[..., Page], judged: Callable[..., None], furnished: House
) -> None:
    dossier = furnished.dossier()
    page = logged_in(Role.SOINS)
    page.goto(f"{live_server.url}/dossiers/{dossier.pk}/documents/")
    judged(page, "ecrire-documents")
    page.get_by_role("link", name="Écrire un document").click()
    judged(page, "ecrire-choisir")
    page.get_by_role("button", name="Courrier").first.click()
    page.get_by_label("Destinataire", exact=True).fill(
        "Docteur Aminata SOW\nMaison de santé du Port\n99100 Port-Amarre"
    )
    page.get_by_label("Texte type pour Texte").select_option(label="Présentation")
    page.get_by_role("button", name="Insérer dans Texte").click()
    # Saved by itself, a few seconds after the last letter.
    page.get_by_label("Objet", exact=True).fill("Demande de rendez-vous")
    page.get_by_text("Enregistré à").wait_for()
    judged(page, "ecrire-texte")
    page.get_by_role("button", name="Relire avant de valider").click()
    page.get_by_alt_text("Page 1 du brouillon").wait_for()
    page.wait_for_load_state("networkidle")
    judged(page, "ecrire-relire")
    page.get_by_role("button", name="Valider et classer").click()
    assert page.get_by_text("Le document est validé et classé").is_visible()
    judged(page, "ecrire-document")
    page.get_by_role("link", name="Écrire une nouvelle version").click()
    judged(page, "ecrire-version")


def test_what_is_missing_and_what_a_colleague_wrote(
    live_server: LiveServer, logged_in: Callable[..., Page], judged: Callable[..., None], furnished: House
) -> None:
    dossier = furnished.dossier(qualified=False)
    page, other = logged_in(Role.SOINS), logged_in(Role.SOINS)
    page.goto(f"{live_server.url}/dossiers/{dossier.pk}/ecrits/")
    page.get_by_role("button", name="Synthèse de réunion").click()
    other.goto(page.url)
    page.get_by_label("Date de la réunion").fill("32/13/2026")
    page.get_by_role("button", name="Relire avant de valider").click()
    judged(page, "ecrire-erreur")
    page.get_by_label("Date de la réunion").fill("18/11/2026")
    page.get_by_role("button", name="Relire avant de valider").click()
    judged(page, "ecrire-manque")
    other.get_by_label("Présents", exact=True).fill("Loïc, Fatou")
    other.get_by_role("button", name="Enregistrer le brouillon").click()
    judged(other, "ecrire-change")
    assert other.get_by_label("Présents", exact=True).input_value() == "Loïc, Fatou"
    page.goto(f"{live_server.url}/ecrits/mes-brouillons/")
    judged(page, "ecrire-brouillons")


def test_the_whole_way_without_script(
    live_server: LiveServer, logged_in: Callable[..., Page], furnished: House
) -> None:
    dossier = furnished.dossier()
    page = logged_in(Role.SOINS, size="telephone", javascript=False)
    page.goto(f"{live_server.url}/dossiers/{dossier.pk}/ecrits/")
    page.get_by_role("button", name="Attestation d’accompagnement").click()
    assert "née le" in page.get_by_label("Texte", exact=True).input_value()
    page.get_by_label("Texte type pour Texte").select_option(label="Formule de politesse")
    page.get_by_role("button", name="Insérer dans Texte").click()
    page.get_by_role("button", name="Relire avant de valider").click()
    page.get_by_role("button", name="Valider et classer").click()
    assert page.get_by_text("Le document est validé et classé").is_visible()


def test_settings_are_looked_at(
    live_server: LiveServer, logged_in: Callable[..., Page], judged: Callable[..., None], furnished: House
) -> None:
    page = logged_in(Role.DIRECTION)
    page.goto(f"{live_server.url}/etablissement/papier-a-en-tete/")
    judged(page, "reglages-lettre")
    drawing = {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='x'/>"}
    page.set_input_files("input[type=file]", drawing)
    page.get_by_role("button", name="Enregistrer le papier à en-tête").click()
    judged(page, "reglages-lettre-refus")
    page.goto(f"{live_server.url}/etablissement/textes-types/")
    judged(page, "reglages-textes")
    page.get_by_role("link", name="Ajouter un texte type").click()
    judged(page, "reglages-texte")
    page.goto(f"{live_server.url}/etablissement/reglages/")
    page.get_by_role("link", name="Papier à en-tête").click()
