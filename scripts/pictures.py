"""The pictures of the README: `make pictures` plays the demonstration and writes `docs/images/*.png`.

A demonstration of its own is started on free ports, so that the same people are in the same state each time.
Needs Chromium (AMARRE_CHROMIUM, /usr/bin/chromium by default) and the development requirements.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from amarre.cast import establishment, persona
from amarre.cli.stack import FREE_PORTS, Stack

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
CHROMIUM = os.environ.get("AMARRE_CHROMIUM", "/usr/bin/chromium")
DESKTOP, PHONE = (1280, 800), (390, 844)
MOST_BYTES = 250_000
SOON = 60_000
ONE_ROW = """Nom de naissance;Nom d'usage;Prénoms;Sexe;Date de naissance
LE BIHAN;KERVELLA;Yvonne;F;12/04/1938"""


class Album:
    """One browser, one context per persona; `keep` writes a picture."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self._browser = browser
        self.site = stack.site_url
        self.control = f"{stack.sandbox['plain']}/bac-a-sable"

    @contextmanager
    def page(self, who: str = "", place: str = "", size: tuple[int, int] = DESKTOP) -> Iterator[Page]:
        """Give a page, of a persona logged in at an establishment when named."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        page = context.new_page()
        if who:
            self._log_in(page, who, place)
        yield page
        context.close()

    def _log_in(self, page: Page, who: str, place: str) -> None:
        someone = persona(who)
        page.goto(self.site)
        page.get_by_role("link", name="Se connecter avec Pro Santé Connect").click()
        page.get_by_role("button", name=f"{someone.given_name} {someone.family_name}").click()
        page.get_by_role("button", name="Valider dans l’application e-CPS").click()
        page.get_by_role("heading", name=f"Bonjour {someone.given_name}").wait_for()
        page.goto(f"{self.site}/etablissements/")
        there = page.get_by_role("button", name=establishment(place).name)
        if there.count():
            there.click()
        page.goto(self.site)

    def keep(self, page: Page, name: str) -> None:
        """Write what the window shows, with fewer colours when it weighs too much."""
        page.evaluate("scrollTo(0, 0)")
        data = page.screenshot()
        if len(data) > MOST_BYTES:
            lighter = io.BytesIO()
            Image.open(io.BytesIO(data)).convert("RGB").quantize(256).save(lighter, "PNG", optimize=True)
            data = lighter.getvalue()
        if len(data) > MOST_BYTES:
            raise SystemExit(f"{name}.png weighs {len(data)} bytes")
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{name}.png").write_bytes(data)
        print(f"{name}.png  {len(data) // 1000} kB")


def identity(album: Album) -> None:
    """Sylvie imports somebody with one given name and no birthplace; Maud reads what INSi says of them."""
    with album.page("sylvie-morvan", "domicile") as page:
        page.goto(f"{album.site}/usagers/importer/")
        file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": ONE_ROW.encode("cp1252")}
        page.set_input_files("input[type=file]", files=[file])
        page.get_by_role("button", name="Lire la liste").click()
        page.get_by_role("button", name="Voir l’aperçu").click()
        page.get_by_role("button", name="Ouvrir 1 dossier").click()
        page.get_by_role("heading", name="Liste importée").wait_for()
    with album.page("maud-keravel", "ehpad") as page:
        page.get_by_role("heading", name="Ce qui vous attend").wait_for()
        album.keep(page, "accueil")
    with album.page("maud-keravel", "domicile") as page:
        page.goto(open_dossier(page, album.site, "KERVELLA") + "identite/")
        page.get_by_role("button", name="Appeler INSi").click()
        page.get_by_role("heading", name="INSi a trouvé une identité").wait_for(timeout=SOON)
        album.keep(page, "comparaison")


def thread(album: Album) -> str:
    """Loïc: the control, the deposit, the message, what became of both. Return the dossier's address."""
    with album.page("loic-bremond", "domicile") as page:
        dossier = open_dossier(page, album.site, "QUERE")
        page.goto(f"{dossier}documents/")
        page.locator("main table a").first.click()
        page.get_by_role("heading", name="Versions").wait_for()
        document = page.url
        page.get_by_role("link", name="Déposer au DMP").click()
        page.get_by_role("heading", name="Contrôle avant envoi").wait_for()
        album.keep(page, "controle")
        page.get_by_role("button", name="Déposer au DMP").click()
        expect(page.get_by_text("Le document est au DMP.")).to_be_visible(timeout=SOON)
        page.get_by_role("link", name="Envoyer par MSSanté").click()
        page.get_by_role("link", name="Chercher dans l’annuaire").click()
        page.get_by_label("Nom").fill("roussel")
        page.get_by_role("button", name="Chercher dans l’annuaire").click()
        page.get_by_role("button", name="Choisir Claire ROUSSEL").click()
        page.get_by_role("button", name="Envoyer à Claire ROUSSEL").click()
        page.goto(f"{album.site}/envois/?etat=tous")
        delivered = page.get_by_text("Remis", exact=True)
        for _ in range(30):
            if delivered.count():
                break
            page.wait_for_timeout(2_000)
            page.reload()
        album.keep(page, "envois")
        page.goto(document)
        album.keep(page, "dossier")
    return dossier


def figures(album: Album) -> None:
    """The sandbox shows what it received; Bruno counts."""
    with album.page() as page:
        page.goto(f"{album.control}/")
        album.keep(page, "bac-a-sable")
    with album.page("bruno-allard", "domicile") as page:
        page.goto(f"{album.site}/indicateurs/")
        album.keep(page, "indicateurs")


def telephone(album: Album, dossier: str) -> None:
    """The same dossier on a telephone."""
    with album.page("loic-bremond", "domicile", PHONE) as page:
        page.goto(dossier)
        album.keep(page, "telephone")


def open_dossier(page: Page, site: str, name: str) -> str:
    """Open the dossier of a person of the establishment and return its address."""
    page.goto(f"{site}/personnes/")
    page.get_by_role("main").get_by_role("link", name=name).click()
    page.get_by_role("heading", name="Où en est ce dossier").wait_for()
    return page.url


def main() -> int:
    """Play the demonstration and write every picture."""
    with (
        tempfile.TemporaryDirectory() as data,
        Stack(Path(data), FREE_PORTS) as stack,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        album = Album(browser, stack)
        identity(album)
        dossier = thread(album)
        figures(album)
        telephone(album, dossier)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
