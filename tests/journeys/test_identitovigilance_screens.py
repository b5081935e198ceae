"""Identitovigilance in a browser: axe and pictures of each screen, écart and pair settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import today
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers.models import Discrepancy, Dossier, DuplicatePair
from amarre.dui.usagers.services.handle_collision import open_collision
from amarre.dui.usagers.services.merge_identities import merge_identities
from amarre.dui.usagers.services.settle_discrepancy import read_document, set_aside
from tests.dui.connected import House, identity_of, traits_of
from tests.dui.usagers.cases import asked, opened

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def ecart_of(dossier: Dossier) -> Discrepancy:
    with system_scope("test"):
        rows = Discrepancy.objects.select_related("identity", "dossier__essms", "search")
        return rows.filter(dossier=dossier).latest("pk")


def pairs() -> list[DuplicatePair]:
    with system_scope("test"):
        return list(DuplicatePair.objects.order_by("pk"))


def with_ecart(house: House, key: str = "yvonne-le-bihan", **changes: str) -> Discrepancy:
    dossier = opened(house, key, **changes)
    asked(house, dossier)
    return ecart_of(dossier)


def typed(house: House, held: Discrepancy) -> Discrepancy:
    """Type the document of Yvonne Le Bihan."""
    from amarre.cast.usagers import usager

    read_document(
        discrepancy=held, traits=traits_of(usager("yvonne-le-bihan")), device="CN", seen_on=today(),
        actor=house.referent,
    )  # fmt: skip
    return held


def screens(house: House) -> dict[str, str]:
    """Make one row in each state, and return the address of each screen."""
    blocking = with_ecart(house, prenoms="YVONNE MARIE ANNA", lieu_naissance="29019")
    compared = typed(house, with_ecart(house, prenoms="YVONNE MARIE ANNA"))
    missing = with_ecart(house, "pierre-houilles")
    tolerated = with_ecart(house, prenoms="YVONNE", lieu_naissance="99999")
    settled = with_ecart(house, "leonardo-de-vinci")
    set_aside(discrepancy=settled, reason="Acte de naissance demandé", actor=house.referent)
    opened(house, "rene-caradec")
    opened(house, "rene-caradec", nom_naissance="CARADECK")
    opened(house, "germaine-ollivier")
    opened(house, "germaine-ollivier", nom_naissance="OLIVIER")
    pair, other = pairs()[-2:]
    merge = merge_identities(
        pair=other, survivor_id=other.first_id, reason="Même carte d'identité", actor=house.referent
    )
    version = house.filed()
    deposit_in_dmp(version=version, actor=house.actor)
    drain()
    dossier = house.reload(version.document.dossier)
    case = open_collision(
        dossier=dossier, level="douteuse", reason="Deux ordonnances différentes", actor=house.referent
    )
    return {
        "tableau": "/identitovigilance/",
        "delais": "/identitovigilance/delais/",
        "ecarts": "/ecarts/",
        "ecarts-traites": "/ecarts/?nature=traites",
        "ecart-a-lire": f"/ecarts/{blocking.pk}/",
        "ecart-compare": f"/ecarts/{compared.pk}/",
        "ecart-introuvable": f"/ecarts/{missing.pk}/",
        "ecart-tolere": f"/ecarts/{tolerated.pk}/",
        "ecart-traite": f"/ecarts/{settled.pk}/",
        "doublons": "/doublons/",
        "doublon": f"/doublons/{pair.pk}/",
        "fusions": "/fusions/",
        "fusion": f"/fusions/{merge.pk}/",
        "collision-ouvrir": f"/dossiers/{blocking.dossier_id}/identite/collision/",
        "collision": f"/collisions/{case.pk}/",
        "ma-journee": "/",
    }


def test_screens_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
) -> None:
    addresses = screens(house)
    page = logged_in(Role.REFERENT_IDENTITE)
    for name, path in addresses.items():
        page.goto(live_server.url + path)
        judged(page, f"identitovigilance-{name}")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("size", ["bureau", "telephone"])
def test_an_ecart_is_settled_by_somebody_without_training(
    live_server: LiveServer, logged_in: Callable[..., Page], house: House, size: str, javascript: bool
) -> None:
    """From « Ma journée » to the qualified identity, reading only what the pages say."""
    held = with_ecart(house, prenoms="YVONNE MARIE ANNA")
    page = logged_in(Role.REFERENT_IDENTITE, size=size, javascript=javascript)
    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Écarts d’identité").click()
    page.get_by_role("link", name="Yvonne KERVELLA").click()
    page.get_by_label("Pièce lue").select_option("CN")
    page.get_by_label("Nom de naissance", exact=True).fill("Le Bihan")
    page.get_by_label("1er prénom de naissance").fill("Yvonne")
    page.get_by_label("Tous les prénoms").fill("Yvonne Marie Anne")
    page.get_by_label("Féminin").check()
    page.get_by_label("Date de naissance").fill("12/04/1938")
    page.get_by_role("button", name="Comparer avec la pièce").click()
    page.get_by_label("Motif").fill("Faute de frappe à l’admission")
    page.get_by_role("button", name="Corriger la base et rappeler INSi").click()
    drain()
    page.goto(live_server.url + f"/dossiers/{held.dossier_id}/identite/")
    page.get_by_role("button", name="Reprendre les traits d’INSi et l’INS").click()
    assert page.get_by_text("Cette identité est qualifiée").is_visible()
    assert identity_of(held.dossier).prenoms == "YVONNE MARIE ANNE"


def test_a_pair_is_merged_then_separated_by_keyboard(
    live_server: LiveServer, logged_in: Callable[..., Page], house: House
) -> None:
    opened(house, "rene-caradec")
    opened(house, "rene-caradec", nom_naissance="CARADECK")
    (pair,) = pairs()
    page = logged_in(Role.REFERENT_IDENTITE)
    page.goto(live_server.url + f"/doublons/{pair.pk}/")
    reason = page.locator("#id_une-reason")
    reason.focus()
    page.keyboard.type("Même carte d’identité")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("En vigueur").wait_for()
    page.get_by_label("Motif").focus()
    page.keyboard.type("Deux cartes")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Cette fusion est défaite").wait_for()
