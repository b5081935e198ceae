"""A paper brought in a dossier: axe, pictures, progress; the whole way on a telephone without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.documents import store
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.intake.models import ReceivedDocument
from amarre.dui.intake.services.file_received import Received, file_received
from amarre.dui.intake.services.refuse_imported import refuse_imported
from tests.dui.connected import House
from tests.dui.intake.brought import bring, colleague
from tests.dui.intake.corpus.hostile_pdfs import HOSTILE_PDFS
from tests.dui.intake.corpus.ordinary_pdfs import by_typst

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def file(data: bytes, name: str = "numerisation.pdf") -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": data}


def test_screens_have_no_violation(
    live_server: LiveServer, logged_in: Callable[..., Page], judged: Callable[..., None], house: House
) -> None:
    page = logged_in(Role.SOINS)
    dossier = house.dossier()
    home = f"{live_server.url}/dossiers/{dossier.pk}/documents/"
    launch = next(case for case in HOSTILE_PDFS if "lancé à l'ouverture" in case.name)

    def look(name: str) -> None:
        for shown in page.locator("img.am-page").all():
            shown.scroll_into_view_if_needed()
            shown.evaluate("img => img.complete || new Promise(done => { img.onload = img.onerror = done })")
        judged(page, f"apport-{name}")

    page.goto(home)
    page.get_by_role("link", name="Apporter un document").click()
    look("fichier")
    # What judging a page writes in it does not go through htmx, which keeps a copy of the page it leaves.
    page.reload()
    page.set_input_files("#id_papers", file(launch.make()))  # type: ignore[arg-type]
    page.get_by_role("button", name="Lire le document").click()
    page.get_by_role("heading", name="Ce PDF cherche à lancer").wait_for()
    look("refuse")
    page.goto(f"{home}importer/")
    form = next(case for case in HOSTILE_PDFS if "script d'un champ" in case.name)
    page.set_input_files("#id_papers", file(form.make()))  # type: ignore[arg-type]
    page.get_by_role("button", name="Lire le document").click()
    page.get_by_role("heading", name="Qu’est-ce que ce document").wait_for()
    look("description")
    page.get_by_role("button", name="Mettre à valider").click()
    page.get_by_role("link", name="Type de document").wait_for()
    look("description-incomplete")
    page.get_by_label("Type de document").select_option("34112-3")
    page.get_by_label("Date de l’acte").fill("08/11/2026")
    page.get_by_label("Écrit par").select_option("ailleurs")
    page.get_by_label("Prénom").fill("Aminata")
    page.get_by_label("Nom", exact=True).fill("Sow")
    page.get_by_label("Profession").select_option(label="Médecin - Médecine Générale (SM)")
    page.get_by_label("Établissement ou cabinet").fill("CH du Large")
    page.get_by_role("button", name="Mettre à valider").click()
    page.get_by_role("heading", name="Relire avant de valider").wait_for()
    look("relecture")
    waiting = bring(house, house.dossier("pierre-alain-dartagnan"), responsible=colleague(house.essms))
    page.goto(f"{live_server.url}/dossiers/{waiting.dossier_id}/documents/a-valider/{waiting.pk}/")
    look("d-un-collegue")
    page.goto(f"{live_server.url}/documents/a-valider/?pour=tous")
    look("liste")
    page.goto(f"{live_server.url}/dossiers/{waiting.dossier_id}/documents/a-valider/{waiting.pk}/refuser/")
    look("refus")
    refuse_imported(imported=waiting, reason="Illisible, à numériser de nouveau.", actor=house.actor)
    page.goto(f"{live_server.url}/dossiers/{waiting.dossier_id}/documents/a-valider/{waiting.pk}/")
    look("refuse-relu")
    received = file_received(
        dossier=dossier,
        received=Received(ReceivedDocument.Origin.DMP, store.get(house.filed(dossier).cda_sha256), "2.25.1"),
        actor=house.actor,
    )
    page.goto(f"{home}recus/{received.pk}/")
    look("recu")
    page.goto(home)
    look("dossier")


def test_the_whole_way_on_a_telephone_without_script(
    live_server: LiveServer, logged_in: Callable[..., Page], house: House
) -> None:
    page = logged_in(Role.SOINS, size="telephone", javascript=False)
    dossier = house.dossier()
    page.goto(f"{live_server.url}/dossiers/{dossier.pk}/documents/")
    page.get_by_role("link", name="Apporter un document").click()
    assert page.locator("#id_photo").get_attribute("capture") == "environment"
    page.set_input_files("#id_papers", [file(by_typst(), "a.pdf"), file(by_typst(), "b.pdf")])  # type: ignore[list-item]
    page.get_by_role("button", name="Lire le document").click()
    page.get_by_label("Type de document").select_option("28653-4")
    page.get_by_label("Date de l’acte").fill("08/11/2026")
    page.get_by_label("Écrit par").select_option(label=f"{house.loic} (vous)")
    page.get_by_role("button", name="Mettre à valider").click()
    page.get_by_role("button", name="Valider et classer").click()
    assert page.get_by_text("Le document est validé et classé").is_visible()
    with system_scope("test"):
        version = DocumentVersion.objects.get()
    assert version.author == house.loic


WATCH = """() => {
  const bar = document.querySelector("#envoi-avance");
  const words = document.querySelector("[data-am-upload-words]");
  const button = bar.closest("form").querySelector("button[type=submit]");
  const done = () => bar.hasAttribute("value") ? bar.value : 100;
  const note = () => window.noteShown(done(), words.textContent, button.disabled);
  new MutationObserver(note).observe(bar, {attributes: true});
  new MutationObserver(note).observe(words, {childList: true, characterData: true, subtree: true});
}"""


def test_the_progress_of_a_large_file_is_shown(
    live_server: LiveServer, logged_in: Callable[..., Page], house: House
) -> None:
    """At 250 KB/s, the bar moves, then says that the document is being read."""
    page = logged_in(Role.SOINS)
    page.goto(f"{live_server.url}/dossiers/{house.dossier().pk}/documents/importer/")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 20, "downloadThroughput": 10**7, "uploadThroughput": 250_000},
    )
    heavy = by_typst() + b"%" + b" " * 900 + b"\n"
    padded = heavy.replace(b"%%EOF", b"%" + b"x" * 600_000 + b"\n%%EOF", 1)
    page.set_input_files("#id_papers", file(padded))  # type: ignore[arg-type]
    # What is shown for a moment is noted by the page itself: nobody waits for it at the right instant.
    shown: list[tuple[float, str, bool]] = []
    page.expose_function("noteShown", lambda *seen: shown.append(seen))
    page.evaluate(WATCH)
    page.get_by_role("button", name="Lire le document").click()
    page.get_by_role("heading", name="Qu’est-ce que ce document").wait_for()
    moving = [value for value, _, _ in shown if 0 < value < 100]
    assert moving
    assert moving == sorted(moving)
    assert shown[-1][1] == "Lecture du document, quelques secondes."
    assert all(disabled for _, _, disabled in shown)
