"""Home, people, search before creation, identity in each of its states: axe, pictures, without script."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from amarre.cast.usagers import usager
from amarre.dui.access.roles import Role
from amarre.dui.core.clock import today
from amarre.dui.exchanges.worker import drain
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.services.create_dossier import create_dossier
from amarre.dui.usagers.services.mark_identity import mark_identity
from amarre.dui.usagers.services.record_evidence import record_evidence
from amarre.dui.usagers.services.request_insi_search import request_insi_search
from amarre.interop.ins.status import Attribute
from tests.dui.connected import House, traits_of

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def opened(house: House, key: str, **changes: str) -> Dossier:
    """Open the dossier of a person of the cast, some traits typed otherwise."""
    person = usager(key)
    dossier = create_dossier(
        essms=house.essms,
        traits=replace(traits_of(person), **changes),
        entered_on=today() - datetime.timedelta(days=3),
        actor=house.referent,
        lieu_libelle="" if "lieu_naissance" in changes else person.lieu_libelle,
    )
    return house.reload(dossier)


def asked(house: House, dossier: Dossier, scenario: str = "") -> Dossier:
    """Ask INSi and wait for its answer."""
    if scenario and house.sandbox:
        house.sandbox.choose("insi", scenario, 1)
    request_insi_search(dossier=dossier, actor=house.referent)
    drain()
    return house.reload(dossier)


def states(house: House) -> dict[str, Dossier]:
    """Return one dossier in each state the identity screen knows."""
    found = {
        "trouvee": asked(house, opened(house, "yvonne-le-bihan", prenoms="YVONNE", lieu_naissance="99999")),
        "introuvable": asked(house, opened(house, "pierre-houilles")),
        "plusieurs": asked(house, opened(house, "leonardo-de-vinci")),
        "autre-personne": asked(house, opened(house, "zoe-adrun"), "autre-personne"),
        "arret": asked(house, opened(house, "anna-kowalczyk"), "indisponible"),
        "provisoire": opened(house, "odette-lefevre", nom_naissance="LEFEVRE"),
        "qualifiee": house.dossier("jean-riou"),
    }
    for key, person in (("validee", "denise-pochard"), ("douteuse", "rene-caradec")):
        found[key] = opened(house, person)
        record_evidence(dossier=found[key], device="CN", seen_on=today(), actor=house.referent)
    for attribute in (Attribute.DOUTEUSE, Attribute.HOMONYME):
        mark_identity(
            dossier=found["douteuse"], attribute=attribute, held=True, reason="Pièce illisible",
            actor=house.referent,
        )  # fmt: skip
    found["attente"] = opened(house, "germaine-ollivier")
    request_insi_search(dossier=found["attente"], actor=house.referent)
    return found


def test_screens_have_no_violation(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    judged: Callable[..., None],
    house: House,
) -> None:
    cases = states(house)
    page = logged_in(Role.REFERENT_IDENTITE)
    screens = {f"identite-{name}": f"/dossiers/{one.pk}/identite/" for name, one in cases.items()}
    first = cases["provisoire"].pk
    screens |= {
        "ma-journee": "/",
        "personnes": "/personnes/",
        "nouvelle": "/personnes/nouvelle/",
        "dossier": f"/dossiers/{first}/",
        "dossier-qualifie": f"/dossiers/{cases['qualifiee'].pk}/",
        "matricule": f"/dossiers/{cases['qualifiee'].pk}/identite/matricule/",
        "traits": f"/dossiers/{first}/identite/traits/",
        "signalement": f"/dossiers/{first}/identite/signalement/",
    }
    for name, path in screens.items():
        page.goto(live_server.url + path)
        judged(page, f"usagers-{name}")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("size", ["bureau", "telephone"])
def test_admission_from_the_search_to_the_qualified_identity(
    live_server: LiveServer,
    logged_in: Callable[..., Page],
    axe: Callable[[Page], None],
    picture: Callable[..., None],
    house: House,
    size: str,
    javascript: bool,
) -> None:
    """A near identity is shown first; then creation, document, INSi, acceptance."""
    opened(house, "yvonne-le-bihan", nom_naissance="LE BIHAN", prenoms="YVETTE", premier_prenom="YVETTE")
    page = logged_in(Role.REFERENT_IDENTITE, size=size, javascript=javascript)

    def look(name: str) -> None:
        picture(page, f"usagers-admission-{name}-{size}", whole=True)
        if javascript:
            axe(page)

    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Ouvrir un dossier").click()
    page.get_by_role("button", name="Chercher la personne").click()
    assert page.get_by_text("Un point est à corriger").is_visible()
    look("erreurs")
    page.get_by_label("Nom de naissance (facultatif)").fill("Le Bihan")
    page.get_by_label("Prénom (facultatif)").fill("Yvonne")
    page.get_by_label("Date de naissance").fill("12/04/1938")
    page.get_by_role("button", name="Chercher la personne").click()
    assert page.get_by_role("heading", name="Est-ce l’une de ces personnes").is_visible()
    look("ressemblances")
    page.get_by_role("button", name="Aucune de ces personnes").click()
    page.get_by_label("Féminin").check()
    page.get_by_label("Code INSEE du lieu de naissance").fill("2915")
    look("formulaire")
    page.get_by_role("button", name="Créer l’identité").click()
    assert "code INSEE de 5 caractères" in page.locator("#id_lieu_naissance_error").inner_text()
    look("formulaire-erreur")
    page.get_by_label("Code INSEE du lieu de naissance").fill("29151")
    page.get_by_label("Nom utilisé (facultatif)", exact=True).fill("Kervella")
    page.get_by_role("button", name="Créer l’identité").click()
    look("creee")
    page.get_by_label("Pièce vue").select_option("CN")
    page.get_by_label("J’ai comparé l’original").check()
    page.get_by_role("button", name="Enregistrer la pièce").click()
    assert page.get_by_text("Cette identité est validée").is_visible()
    page.get_by_role("button", name="Appeler INSi").click()
    assert page.get_by_role("heading", name="Appel à INSi en cours").is_visible()
    drain()
    if not javascript:
        page.get_by_role("link", name="Regarder à nouveau").click()
    page.get_by_role("heading", name="INSi a trouvé une identité").wait_for()
    look("comparaison")
    page.get_by_role("button", name="Reprendre les traits d’INSi et l’INS").click()
    assert page.get_by_text("Cette identité est qualifiée").is_visible()
    page.get_by_role("link", name="Afficher le matricule INS").click()
    assert "60" in page.locator("#matricule").inner_text()
    look("qualifiee")
