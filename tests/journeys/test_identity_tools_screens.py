"""Verification, calls at the next visit, Datamatrix: axe, pictures, keyboard-wedge scan, without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amarre.dui.access.roles import Role
from amarre.dui.core.clock import today
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers.models import VerificationBatch
from amarre.dui.usagers.services.note_recall import note_recall
from amarre.dui.usagers.services.start_verification import start_verification
from tests.dui.connected import House
from tests.dui.usagers.cases import opened
from tests.dui.usagers.test_scan import payload, picture_of

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def prepared(house: House, settings: Any) -> dict[str, VerificationBatch]:
    """One verification ended with INS refuted, one running, people to call."""
    settings.AMARRE_VERIFICATION_PER_MINUTE = 0
    for key in ("jean-riou", "marie-therese-quere", "zoe-adrun"):
        house.dossier(key)
    late = opened(house)
    note_recall(dossier=late, expected_on=today(), note="Apporter le livret de famille", actor=house.referent)
    opened(house, "pierre-houilles")
    assert house.sandbox is not None
    house.sandbox.choose("insi", "verification-ko")
    done = start_verification(essms=house.essms, actor=house.referent)
    drain()
    house.sandbox.choose("insi", "")
    for key in ("denise-pochard", "rene-caradec"):
        house.dossier(key)
    return {"finie": done, "en-cours": start_verification(essms=house.essms, actor=house.referent)}


def test_screens_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
    settings: Any,
) -> None:
    page = logged_in(Role.REFERENT_IDENTITE)
    page.goto(live_server.url + "/identites/verification/")
    judged(page, "outils-verification-vide")
    batches = prepared(house, settings)
    note = opened(house, "anna-kowalczyk")
    screens = {
        "verification-finie": f"/identites/verification/{batches['finie'].pk}/",
        "verification-en-cours": f"/identites/verification/{batches['en-cours'].pk}/",
        "a-appeler": "/identites/a-appeler/",
        "prochaine-venue": f"/dossiers/{note.pk}/identite/prochaine-venue/",
        "scanner": "/personnes/scanner/",
        "personnes": "/personnes/",
        "nouvelle": "/personnes/nouvelle/",
    }
    for name, path in screens.items():
        page.goto(live_server.url + path)
        judged(page, f"outils-{name}")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("size", ["bureau", "telephone"])
def test_a_scan_begins_the_creation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    axe: Callable[[Page], None],
    picture: Callable[..., None],
    house: House,
    tmp_path: Path,
    size: str,
    javascript: bool,
) -> None:
    """A scanner types in the field and presses Enter; a picture does the same; the form says where it comes
    from."""
    page = logged_in(Role.REFERENT_IDENTITE, size=size, javascript=javascript)
    page.goto(live_server.url + "/personnes/nouvelle/")
    page.get_by_role("link", name="Lire un Datamatrix").click()
    page.get_by_label("Code lu par le lecteur").focus()
    # Most scanners in keyboard mode drop the separators.
    page.keyboard.insert_text(payload("2841263220999", separator=""))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Nouvelle identité").wait_for()
    assert page.get_by_label("Nom de naissance", exact=True).input_value() == "D'ESSAI"
    assert page.get_by_text("séparateurs").is_visible()
    picture(page, f"outils-lu-au-lecteur-{size}", whole=True)
    if javascript:
        axe(page)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture_of(payload("2841263220999", key="63")))
    page.goto(live_server.url + "/personnes/scanner/")
    page.get_by_label("Ou une photo du Datamatrix").set_input_files(photo)
    page.get_by_role("button", name="Lire le code").click()
    page.get_by_role("heading", name="Nouvelle identité").wait_for()
    assert page.get_by_text("clé").first.is_visible()
    page.get_by_label("Commune ou pays de naissance").fill("Lezoux")
    page.get_by_role("button", name="Créer l’identité").click()
    assert page.get_by_text("Cette identité est provisoire").is_visible()
    assert page.get_by_text("Datamatrix INS lu").is_visible()
    picture(page, f"outils-lu-en-photo-{size}", whole=True)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_verification_is_followed(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    house: House,
    settings: Any,
    javascript: bool,
) -> None:
    settings.AMARRE_VERIFICATION_PER_MINUTE = 0
    house.dossier("jean-riou")
    page = logged_in(Role.REFERENT_IDENTITE, javascript=javascript)
    page.goto(live_server.url + "/personnes/")
    page.get_by_role("link", name="Vérification INSi").click()
    page.get_by_role("button", name="Vérifier la file active").click()
    page.get_by_role("heading", name="Vérification en cours").wait_for()
    drain()
    if not javascript:
        page.get_by_role("link", name="Regarder à nouveau").click()
    page.get_by_text("Aucune INS n’est remise en cause").wait_for()
    assert page.get_by_role("link", name="Confirmée").is_visible()
