"""« Importer une liste » in a browser: axe, pictures, and the whole way without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amarre.dui.access.roles import Role
from tests.dui.connected import House

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)

LISTED = """Service d'aide à domicile;;;;;;;;;
Nom;Nom de jeune fille;Prénom(s);Né(e) le;Civilité;Ville naiss.;Code INSEE;N° dossier;Date d'entrée;N° SS
KERVELLA;LE GOFF;Anne-Marie;03/03/1938;Mme;Morlaix;29151;D12;01/02/2020;2380329151001
PRIGENT;;Jean-Yves;14/07/41;M.;Brest;;D13;05/06/2021;
O'NEILL;;Éloïse;00/00/1950;Mme;Dublin;;D14;;
DUP0NT;;Paul;31/02/1938;M.;;;D15;;
CORRE;;Yann;12/12/1944;;Quimper;29232;D16;02/03/2019;
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "liste des usagers.csv"
    path.write_bytes(LISTED.encode("cp1252"))
    return path


def test_screens_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
    listed: Path,
) -> None:
    page = logged_in(Role.SECRETARIAT)

    def look(name: str) -> None:
        judged(page, f"import-{name}")

    page.goto(f"{live_server.url}/usagers/importer/")
    look("fichier")
    page.get_by_role("button", name="Lire la liste").click()
    look("fichier-absent")
    page.set_input_files("input[type=file]", {"name": "x.pdf", "mimeType": "x", "buffer": b"%PDF-1.7"})
    page.get_by_role("button", name="Lire la liste").click()
    look("fichier-refuse")
    page.set_input_files("input[type=file]", listed)
    page.get_by_role("button", name="Lire la liste").click()
    look("colonnes")
    page.get_by_role("button", name="Voir l’aperçu").click()
    look("colonnes-question")
    page.get_by_label("Le nom utilisé si").check()
    page.get_by_role("button", name="Voir l’aperçu").click()
    look("apercu")
    page.get_by_role("button", name="Ouvrir 3 dossiers").click()
    look("resultat")


def test_the_whole_way_without_script(
    live_server: LiveServer, logged_in: Callable[..., Page], house: House, listed: Path
) -> None:
    page = logged_in(Role.SECRETARIAT, size="telephone", javascript=False)
    page.goto(f"{live_server.url}/plus/")
    page.get_by_role("navigation", name="Tout le menu").get_by_role("link", name="Importer une liste").click()
    page.set_input_files("input[type=file]", listed)
    page.get_by_role("button", name="Lire la liste").click()
    page.get_by_label("Le nom utilisé si").check()
    page.get_by_role("button", name="Voir l’aperçu").click()
    page.get_by_role("button", name="Ouvrir 3 dossiers").click()
    assert page.get_by_text("3 dossiers ouverts").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger les lignes refusées").click()
    given = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "DUP0NT" in given
    assert "2380329151001" not in given
    assert page.get_by_role("link", name="Jean-Yves PRIGENT").is_visible()
