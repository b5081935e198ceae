"""The directory finds the nurse; the message leaves by MSSanté; the notice comes back, good or bad."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.journeys.thread.conftest import Eye
from tests.journeys.thread.given import AUTHORS, Given

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOON = 30_000


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
    look(page, "message-en-file", "Où en est la version")


@pytest.mark.parametrize(
    ("key", "place", "size"),
    [("toussaint-adrtrois", "pjm", "bureau"), ("pierre-alain-ecetinsi", "ime", "telephone")],
)
def test_found_sent_delivered(
    given: Given, visit: Callable[..., Page], eye: Callable[[str], Eye], key: str, place: str, size: str
) -> None:
    from playwright.sync_api import expect

    filed = given.filed(given.qualified(key, place), place)
    look = eye(AUTHORS[place])
    page = visit(filed.path, AUTHORS[place], place, size=size)
    send_to_claire(page, look)
    page.goto(f"{given.site}/dossiers/{filed.dossier}/messages/")
    expect(page.get_by_text("Remis", exact=True).first).to_be_visible(timeout=SOON)
    page.reload()
    look(page, "message-remis", "Messages")
    accepted = [one for one in given.received("mssante").values() if one.get("accepted")]
    assert len(accepted) == 1


@pytest.mark.parametrize(
    ("key", "place", "size"),
    [("matricule-provisoire", "ime", "bureau"), ("denise-pochard", "pjm", "telephone")],
)
def test_an_unknown_mailbox_is_rejected_and_explained(
    given: Given, visit: Callable[..., Page], eye: Callable[[str], Eye], key: str, place: str, size: str
) -> None:
    from playwright.sync_api import expect

    filed = given.filed(given.dossier(key, place), place)
    given.play("mssante", "boite-inconnue", 1)
    look = eye(f"{AUTHORS[place]}-{size}")
    page = visit(filed.path, AUTHORS[place], place, size=size)
    send_to_claire(page, look)
    page.goto(f"{given.site}/dossiers/{filed.dossier}/messages/")
    expect(page.get_by_text("Rejeté", exact=True).first).to_be_visible(timeout=SOON)
    page.reload()
    look(page, "message-rejete", "Messages")
    page.goto(given.site + "/envois/")
    look(page, "envois-rejete")
    page.goto(given.site + "/")
    look(page, "ma-journee-rejete")
