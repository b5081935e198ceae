"""Directory, recipient, message, messages of a dossier: axe, pictures, the whole path without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.documents.services.read_receipts import read_receipts
from amarre.dui.exchanges.worker import drain
from amarre.dui.organisations.models import ConnectorProfile
from tests.dui.connected import House
from tests.dui.documents.mail import DOCTOR, NO_MAILBOX, entry, send

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def played(house: House) -> DocumentVersion:
    """A document sent to three recipients: read, come back, refused at once; one message still waits."""
    version = house.filed()
    assert house.sandbox is not None
    for situation, identifier in (("accuse-de-lecture", ""), ("boite-inconnue", DOCTOR)):
        house.sandbox.choose("mssante", situation, 1)
        send(house, version, entry=entry(house, identifier) if identifier else None)
        drain()
    house.sandbox.choose("mssante", "boite-inconnue-immediate", 1)
    send(house, version)
    drain()
    read_receipts()
    send(house, version, entry=entry(house, "990000044", "structure"))
    return version


def test_screens_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
) -> None:
    version = played(house)
    unqualified = house.filed(house.dossier("jean-riou", qualified=False, informed=False))
    claire, nobody = entry(house), entry(house, NO_MAILBOX)
    dossier, document = version.document.dossier_id, version.document_id
    send_page = f"/dossiers/{dossier}/documents/{document}/envoyer/"
    bare_page = f"/dossiers/{unqualified.document.dossier_id}/documents/{unqualified.document_id}/envoyer/"
    page = logged_in(Role.SOINS)
    screens = {
        "annuaire": "/annuaire/",
        "annuaire-resultats": "/annuaire/?nom=roussel&commune=&profession=&quoi=professionnel",
        "annuaire-structures": "/annuaire/?nom=port&commune=&quoi=structure",
        "annuaire-vide": "/annuaire/?nom=zzzz&commune=",
        "annuaire-erreur": "/annuaire/?nom=&commune=",
        "annuaire-choisir": f"/annuaire/?nom=&commune=port&pour={send_page}",
        "destinataire": send_page,
        "message": f"{send_page}?destinataire={claire.pk}",
        "message-personne": f"{send_page}?destinataire=usager",
        "message-sans-adresse": f"{send_page}?destinataire={nobody.pk}",
        "message-sans-ins": f"{bare_page}?destinataire={claire.pk}",
        "message-personne-retenu": f"{bare_page}?destinataire=usager",
        "messages": f"/dossiers/{dossier}/messages/",
        "messages-vide": f"/dossiers/{unqualified.document.dossier_id}/messages/",
        "document": f"/dossiers/{dossier}/documents/{document}/",
    }
    for name, path in screens.items():
        page.goto(live_server.url + path)
        judged(page, f"mssante-{name}")
    with system_scope("test"):
        ConnectorProfile.objects.update(annuaire_url="https://localhost:1/gateway/fhir/v2")
    page.goto(live_server.url + "/annuaire/?nom=rous&commune=")
    judged(page, "mssante-annuaire-degrade")
    page.get_by_text("Nos copies").wait_for()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("size", ["bureau", "telephone"])
def test_from_the_document_to_the_receipt(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    house: House,
    size: str,
    javascript: bool,
) -> None:
    version = house.filed()
    page = logged_in(Role.SOINS, size=size, javascript=javascript)
    page.goto(f"{live_server.url}/dossiers/{version.document.dossier_id}/documents/{version.document_id}/")
    page.get_by_role("link", name="Envoyer par MSSanté").click()
    page.get_by_role("link", name="Chercher dans l’annuaire").click()
    page.get_by_label("Nom").fill("rous")
    page.get_by_role("button", name="Chercher dans l’annuaire").click()
    page.get_by_text("Sans adresse MSSanté").wait_for()
    page.get_by_role("button", name="Choisir Claire ROUSSEL").click()
    page.get_by_role("heading", name="Envoyer à Claire ROUSSEL").wait_for()
    page.get_by_role("button", name="Envoyer à Claire ROUSSEL").click()
    page.get_by_text("Le message à Claire ROUSSEL part.").wait_for()
    drain()
    read_receipts()
    page.reload()
    page.get_by_text("Le message est dans la boîte du destinataire.").wait_for()


def test_a_second_send_is_asked_for(
    live_server: LiveServer, logged_in: Callable[..., Page], house: House
) -> None:
    version = house.filed()
    send(house, version)
    page = logged_in(Role.SOINS)
    claire = entry(house)
    path = f"/dossiers/{version.document.dossier_id}/documents/{version.document_id}/envoyer/"
    page.goto(f"{live_server.url}{path}?destinataire={claire.pk}")
    page.get_by_text("Déjà envoyé à ce destinataire").wait_for()
    page.get_by_role("button", name="Envoyer à Claire ROUSSEL").click()
    page.get_by_text("Un point est à corriger").wait_for()
    page.get_by_label("Envoyer une nouvelle fois à ce destinataire").check()
    page.get_by_role("button", name="Envoyer à Claire ROUSSEL").click()
    page.get_by_text("Le message à Claire ROUSSEL part.").wait_for()
    assert page.locator("article h2", has_text="version 1").count() == 2
