"""A structured document in a browser: lines, questions, measures, on every size; once without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from amarre.dui.access.roles import Role
from amarre.dui.authoring.catalogue import template_of
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.selectors import seen_mark
from amarre.dui.authoring.services.start_ecrit import start_ecrit
from amarre.dui.authoring.services.write_ecrit import write_ecrit
from tests.dui.authoring.samples import SAMPLES
from tests.dui.authoring.structured.samples import contents
from tests.dui.connected import House

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def drafted(house: House, key: str) -> Ecrit:
    template = template_of(key)
    draft = start_ecrit(dossier=house.dossier(), template=template, actor=house.actor)
    given = contents(template, "plein", lambda block: SAMPLES[block.kind](block))
    return write_ecrit(ecrit=draft, contents=given, seen=seen_mark(draft), actor=house.actor)


def test_an_emergency_file_is_looked_at(
    live_server: LiveServer, logged_in: Callable[..., Page], judged: Callable[..., None], house: House
) -> None:
    draft = drafted(house, "dlu")
    page = logged_in(Role.SOINS)
    page.goto(f"{live_server.url}/dossiers/{draft.dossier_id}/ecrits/{draft.pk}/ecrire/")
    judged(page, "structure-dlu")
    group = page.get_by_role("group", name="Traitement 3")
    group.get_by_label("Médicament").fill("Vitamine D")
    page.get_by_role("button", name="Ajouter une ligne : Traitements en cours").click()
    assert page.get_by_role("group", name="Traitement 4").is_visible()
    page.get_by_role("button", name="Relire avant de valider").click()
    page.get_by_alt_text("Page 1 du brouillon").wait_for()
    page.wait_for_load_state("networkidle")
    judged(page, "structure-relire")
    page.get_by_role("button", name="Valider et classer").click()
    assert page.get_by_text("Le document est validé et classé").is_visible()


def test_a_letter_on_a_telephone_without_script(
    live_server: LiveServer, logged_in: Callable[..., Page], picture: Callable[..., object], house: House
) -> None:
    page = logged_in(Role.SOINS, size="telephone", javascript=False)
    page.goto(f"{live_server.url}/dossiers/{house.dossier().pk}/ecrits/")
    page.get_by_role("button", name="Lettre de liaison pour l’hôpital").click()
    page.get_by_label("Motif", exact=True).fill("Chute dans la nuit.")
    page.get_by_label("Médicament").fill("Paracétamol 500 mg")
    page.get_by_label("Depuis").first.fill("jeudi")
    page.get_by_role("button", name="Ajouter une ligne : Traitements à l’admission").click()
    picture(page, "structure-lettre-erreur-telephone", whole=True)
    page.get_by_label("Depuis").first.fill("11/2026")
    page.get_by_role("button", name="Ajouter une ligne : Traitements à l’admission").click()
    assert page.get_by_label("Médicament").count() == 2
    page.get_by_label("Aucune allergie connue").check()
    page.get_by_label("Autres informations", exact=True).fill("Porte un appareil auditif.")
    page.get_by_role("button", name="Relire avant de valider").click()
    page.get_by_role("button", name="Valider et classer").click()
    assert page.get_by_text("Le document est validé et classé").is_visible()
