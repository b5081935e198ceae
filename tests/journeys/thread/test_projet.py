"""Loïc and Karim write the projet with the person, validate it, read the document."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pikepdf
import pytest

from tests.journeys.thread.conftest import Eye
from tests.journeys.thread.given import AUTHORS, Given

if TYPE_CHECKING:
    from playwright.sync_api import Page


def read(page: Page, url: str | None) -> bytes:
    """Return the PDF behind a link of the page."""
    assert url is not None
    answer = page.request.get(page.url.split("/dossiers/")[0] + url)
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


@pytest.mark.parametrize(
    ("key", "place", "size", "javascript"),
    [
        ("marie-therese-quere", "domicile", "bureau", True),
        ("ines-haddad", "ime", "telephone", True),
        ("rene-caradec", "ehpad", "bureau", False),
        ("dominique-adrtrois", "ime", "telephone", False),
    ],
)
def test_from_the_blank_page_to_the_document(
    given: Given,
    visit: Callable[..., Page],
    eye: Callable[[str], Eye],
    key: str,
    place: str,
    size: str,
    javascript: bool,
) -> None:
    from playwright.sync_api import expect

    dossier = given.qualified(key, place)
    look = eye(AUTHORS[place])
    seen = look if javascript else look.plain
    page = visit(f"/dossiers/{dossier}/", AUTHORS[place], place, size=size, javascript=javascript)
    seen(page, "dossier", "Où en est ce dossier")
    page.get_by_role("link", name="Projet", exact=True).click()
    seen(page, "projet-vide", "pas encore de projet")
    page.get_by_role("link", name="Écrire le projet").click()
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.locator(".am-msg--dan").first).to_be_visible()
    seen(page, "projet-incomplet")
    page.get_by_label("Attentes de la personne").fill("« Voir la mer, et cuisiner le dimanche. »")
    page.get_by_label("Objectif", exact=True).first.fill("Cuisiner chaque dimanche")
    page.get_by_label("Actions").first.fill("Choisir la recette le vendredi, faire les courses à deux.")
    page.get_by_label("Accord", exact=False).first.check()
    page.get_by_label("Avis recueilli le").fill(page.get_by_label("À partir du").input_value())
    page.get_by_role("button", name="Ajouter un objectif").click()
    expect(page.get_by_role("group", name="Objectif 2")).to_be_visible()
    expect(page.get_by_label("Attentes de la personne")).to_have_value(
        "« Voir la mer, et cuisiner le dimanche. »"
    )
    seen(page, "projet-ecrire")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    seen(page, "projet-brouillon", "Brouillon")
    page.get_by_role("button", name="Valider le projet").click()
    expect(page.get_by_role("main")).to_contain_text("Porte l’INS et son Datamatrix")
    seen(page, "document")
    link = page.get_by_role("link", name="Lire le PDF")
    with pikepdf.open(io.BytesIO(read(page, link.get_attribute("href")))) as pdf:
        assert len(pdf.pages) >= 1
    page.goto(page.url.split("/documents/")[0] + "/documents/")
    seen(page, "documents", "Documents")
    page.goto(page.url.replace("/documents/", "/projet/"))
    seen(page, "projet-valide", "Projet en vigueur")
