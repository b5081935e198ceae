"""Sylvie brings the list her service already has: good rows open dossiers, bad ones say why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amarre.cli.parcours.thread import sample_list
from tests.journeys.thread.conftest import Eye

if TYPE_CHECKING:
    from playwright.sync_api import Page

SYLVIE = "sylvie-morvan"
HEADINGS = "Nom de naissance;Prénoms;Sexe;Date de naissance;Code lieu de naissance"


def choose(page: Page, data: bytes) -> None:
    """Choose the file and read it."""
    page.set_input_files(
        "input[type=file]", {"name": "liste des usagers.csv", "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_role("button", name="Lire la liste").click()


def test_the_list_of_the_service(visit: Callable[..., Page], eye: Callable[[str], Eye]) -> None:
    from playwright.sync_api import expect

    look = eye(SYLVIE)
    page = visit("/personnes/", SYLVIE)
    page.get_by_role("link", name="Importer une liste").click()
    look(page, "import-fichier", "Importer une liste")
    choose(page, sample_list())
    look(page, "import-colonnes", "Colonnes de la liste")
    page.get_by_role("button", name="Voir l’aperçu").click()
    refused = page.get_by_role("region", name="Lignes refusées").first
    expect(refused).to_contain_text("Le sexe manque.")
    expect(refused).to_contain_text("ce jour n’existe pas au calendrier")
    look(page, "import-apercu")
    page.get_by_role("button", name="Ouvrir 3 dossiers").click()
    expect(page.get_by_role("status").first).to_contain_text("3 dossiers ouverts")
    look(page, "import-resultat", "Liste importée")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Télécharger les lignes refusées").click()
    assert waited.value.suggested_filename.endswith(".csv")

    # The same list again opens nothing.
    page.get_by_role("link", name="Importer une autre liste").click()
    choose(page, sample_list())
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.get_by_role("heading", name="Aucun dossier à ouvrir")).to_be_visible()
    look(page, "import-deja-connues")
    page.get_by_role("button", name="Abandonner et effacer le fichier").click()
    look(page, "import-abandonne", "Importer une liste")


@pytest.mark.parametrize(
    ("size", "javascript"), [("telephone", True), ("bureau", False), ("telephone", False)]
)
def test_another_list(
    visit: Callable[..., Page], eye: Callable[[str], Eye], size: str, javascript: bool
) -> None:
    from playwright.sync_api import expect

    surname = f"ESSAI{'ABCD'[2 * javascript + (size == 'bureau')]}"
    rows = f"{HEADINGS}\r\n{surname};Jeanne;F;02/05/1951;29151\r\n{surname};Luc;?;03/06/1949;29019"
    look = eye(f"{SYLVIE}-{size}")
    seen = look if javascript else look.plain
    page = visit("/usagers/importer/", SYLVIE, size=size, javascript=javascript)
    seen(page, "import-fichier", "Importer une liste")
    choose(page, rows.encode("cp1252"))
    seen(page, "import-colonnes", "Colonnes de la liste")
    page.get_by_role("button", name="Voir l’aperçu").click()
    seen(page, "import-apercu", "Aperçu de l’import")
    page.get_by_role("button", name="Ouvrir 1 dossier").click()
    expect(page.get_by_role("main")).to_contain_text("1 dossier ouvert")
    seen(page, "import-resultat", "Liste importée")
    page.get_by_role("link", name=surname).click()
    expect(page.get_by_role("heading", name="Pièces vues")).to_be_visible()
    seen(page, "identite-provisoire")
