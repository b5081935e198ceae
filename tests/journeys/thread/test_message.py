"""The directory finds the nurse; the message leaves by MSSanté; the notice comes back, good or bad."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.journeys.thread.conftest import Eye
from tests.journeys.thread.given import AUTHORS, Given

if TYPE_CHECKING:
    from playwright.sync_api import Page

TIMES, PAUSE = 20, 1_500


def read_again_until(page: Page, words: str) -> None:
    """Read the page again until it says `words`: notices are read by the worker every two seconds here."""
    from playwright.sync_api import TimeoutError as NotYet

    for _ in range(TIMES):
        try:
            page.get_by_text(words).first.wait_for(timeout=PAUSE)
        except NotYet:
            page.reload()
        else:
            return
    raise AssertionError(f"« {words} » never came")


def send_to_claire(page: Page, look: Eye) -> None:
    """From the document to the message on its way."""
    from playwright.sync_api import expect

    page.get_by_role("link", name="Envoyer par MSSanté").click()
    look(page, "destinataire", "À qui envoyer")
    page.get_by_role("link", name="Chercher dans l’annuaire").click()
    look(page, "annuaire", "Choisir un destinataire")
    page.get_by_label("Nom").fill("rous")
    page.get_by_role("button", name="Chercher dans l’annuaire").click()
    expect(page.get_by_text("Sans adresse MSSanté")).to_be_visible()
    look(page, "annuaire-resultats")
    page.get_by_role("button", name="Choisir Claire ROUSSEL").click()
    look(page, "message", "Envoyer à Claire ROUSSEL")
    page.get_by_role("button", name="Envoyer à Claire ROUSSEL").click()
    expect(page.get_by_text("Le message à Claire ROUSSEL part.")).to_be_visible()
    look(page, "message-en-file")


@pytest.mark.parametrize(
    ("key", "place", "size"),
    [("catarina-tchitchi", "ehpad", "bureau"), ("pierre-alain-ecetinsi", "ime", "telephone")],
)
def test_found_sent_delivered(
    given: Given, visit: Callable[..., Page], eye: Callable[[str], Eye], key: str, place: str, size: str
) -> None:
    # A professional may be written to before the identity is qualified: the document leaves without the INS.
    known = given.qualified if place == "ime" else given.dossier
    filed = given.filed(known(key, place), place)
    look = eye(AUTHORS[place])
    page = visit(filed.path, AUTHORS[place], place, size=size)
    send_to_claire(page, look)
    page.goto(f"{given.site}/dossiers/{filed.dossier}/messages/")
    read_again_until(page, "Le message est dans la boîte du destinataire.")
    look(page, "message-remis", "Messages")
    accepted = [one for one in given.received("mssante").values() if one.get("accepted")]
    assert len(accepted) == 1


def test_an_unknown_mailbox_is_rejected_and_explained(
    given: Given, visit: Callable[..., Page], eye: Callable[[str], Eye]
) -> None:
    from playwright.sync_api import expect

    filed = given.filed(given.dossier("matricule-provisoire", "ime"), "ime")
    given.play("mssante", "boite-inconnue", 1)
    look = eye("karim-benali-rejete")
    page = visit(filed.path, "karim-benali", "ime")
    send_to_claire(page, look)
    page.goto(f"{given.site}/dossiers/{filed.dossier}/messages/")
    read_again_until(page, "Cette boîte n’existe pas.")
    expect(page.get_by_text("Cherchez une autre adresse du destinataire")).to_be_visible()
    expect(page.get_by_role("link", name="Choisir une autre adresse")).to_be_visible()
    look.both(page, "message-rejete", "Messages")
    page.goto(given.site + "/envois/")
    look.both(page, "envois-rejete")
    page.goto(given.site + "/")
    look.both(page, "ma-journee-rejete")
