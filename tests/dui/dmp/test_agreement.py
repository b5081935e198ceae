"""What the person answered about their DMP: two questions, who speaks for whom, the history, what counts."""

from __future__ import annotations

import datetime
import html
import re
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import today
from amarre.dui.usagers.dmp_agreement import TeamAgreement, team_agreement
from amarre.dui.usagers.dmp_speakers import RULES, Speaker, is_minor, speakers_for
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.usagers.services.record_dmp_information import Collected, record_dmp_information
from tests.dui import factories
from tests.dui.conftest import ClientFor
from tests.dui.connected import House
from tests.dui.dmp.reading import agree

pytestmark = pytest.mark.django_db

Decision, Access = DmpInformation.Decision, DmpInformation.Access


def answer(house: House, dossier: Dossier, decision: str, access: str = "") -> TeamAgreement:
    record_dmp_information(
        dossier=dossier, decision=decision, informed_on=today(), actor=house.actor,
        collected=Collected(access=access),
    )  # fmt: skip
    return team_agreement(house.reload(dossier)).agreement


@pytest.mark.req("Conseil d'État 15/10/2025")
def test_not_opposing_is_no_agreement_and_an_opposition_closes_everything(house: House) -> None:
    dossier = house.dossier(informed=False)
    assert team_agreement(dossier).agreement is TeamAgreement.NOT_INFORMED
    assert answer(house, dossier, Decision.NON_OPPOSITION) is TeamAgreement.NOT_ASKED
    assert answer(house, dossier, Decision.NON_OPPOSITION, Access.AGREED) is TeamAgreement.GIVEN
    assert answer(house, dossier, Decision.NON_OPPOSITION) is TeamAgreement.GIVEN, (
        "the question was not asked again"
    )
    assert answer(house, dossier, Decision.NON_OPPOSITION, Access.REFUSED) is TeamAgreement.REFUSED
    assert answer(house, dossier, Decision.NON_OPPOSITION, Access.AGREED) is TeamAgreement.GIVEN
    assert answer(house, dossier, Decision.OPPOSITION) is TeamAgreement.OPPOSED
    assert answer(house, dossier, Decision.NON_OPPOSITION) is TeamAgreement.NOT_ASKED, "ask again"


def test_only_an_agreement_allows_reading() -> None:
    assert [one for one in TeamAgreement if one.allows_reading] == [TeamAgreement.GIVEN]


def test_who_opposes_agrees_to_nothing(house: House) -> None:
    dossier = house.dossier(informed=False)
    assert answer(house, dossier, Decision.OPPOSITION, Access.AGREED) is TeamAgreement.OPPOSED
    assert dossier.dmp_information.get().access == Access.REFUSED


@pytest.mark.parametrize(
    ("birth", "minor"),
    [("2008-11-21", True), ("2008-11-20", False), ("2009-01-01", True), ("1935-12-24", False)],
)
def test_majority_is_at_eighteen(birth: str, minor: bool) -> None:
    assert is_minor(datetime.date.fromisoformat(birth), datetime.date(2026, 11, 20)) is minor
    assert not is_minor(None, datetime.date(2026, 11, 20))


def test_each_speaker_has_a_row_and_a_source() -> None:
    assert {rule.speaker for rule in RULES} == set(Speaker)
    assert all(rule.source.startswith("CSP L") for rule in RULES)
    assert not {one.speaker for one in speakers_for(minor=True)} & {
        one.speaker for one in speakers_for(minor=False)
    }


@pytest.fixture
def page(house: House, client_for: ClientFor) -> tuple[Client, Dossier, str]:
    dossier = house.dossier(informed=False)
    return client_for(house.loic), dossier, f"/dossiers/{dossier.pk}/dmp/reponse/"


def given(**changes: str) -> dict[str, str]:
    values = {
        "decision": "non_opposition", "access": "accord", "said_by": "personne", "means": "oral",
        "informed_on": today().strftime("%d/%m/%Y"),
    }  # fmt: skip
    return values | changes


def shown(response: Any) -> str:
    """Return the markup of the main part, its spaces alike."""
    return re.sub(r"\s+", " ", html.unescape(response.content.decode())).split("<main")[-1]


def test_the_answer_is_noted_with_who_how_and_when(page: tuple[Client, Dossier, str], house: House) -> None:
    client, dossier, url = page
    assert "Aucune réponse notée" in shown(client.get(url))
    assert client.post(url, given()).status_code == 302
    after = shown(client.get(url))
    assert "Consultation : l’équipe a son accord." in after
    assert "la personne elle-même, de vive voix" in after
    row = dossier.dmp_information.get()
    assert (row.access, row.said_by, row.means, row.informed_by) == ("accord", "personne", "oral", house.loic)
    with system_scope("test"):
        trace = Trace.objects.get(verb="dmp.information_recorded")
    assert trace.details == {
        "decision": "non_opposition", "access": "accord", "said_by": "personne", "means": "oral",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decision": "opposition"}, "access"),
        ({"decision": ""}, "decision"),
        ({"access": ""}, "access"),
        ({"said_by": "protection"}, "representative"),
        ({"said_by": "parent", "representative": "Mme X"}, "said_by"),
        ({"means": "pigeon"}, "means"),
        ({"informed_on": "01/01/2100"}, "informed_on"),
    ],
)
def test_an_answer_that_does_not_hold_is_explained(
    page: tuple[Client, Dossier, str], changes: dict[str, str], field: str
) -> None:
    client, dossier, url = page
    response = client.post(url, given(**changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not dossier.dmp_information.exists()


def test_a_representative_is_named_and_another_name_is_not_kept(page: tuple[Client, Dossier, str]) -> None:
    client, dossier, url = page
    client.post(url, given(said_by="protection", representative=" M. Delaunay, mandataire "))
    assert dossier.dmp_information.first().representative == "M. Delaunay, mandataire"  # type: ignore[union-attr]
    client.post(url, given(representative="M. Personne"))
    assert dossier.dmp_information.first().representative == ""  # type: ignore[union-attr]
    assert "M. Delaunay, mandataire" in shown(client.get(url)), "history stays"
    with system_scope("test"):
        assert all("Delaunay" not in str(one.details) for one in Trace.objects.all())


def test_for_a_minor_a_parent_answers_and_the_minor_is_told(house: House, client_for: ClientFor) -> None:
    dossier = house.dossier("lucas-berthelot", informed=False)
    url, client = f"/dossiers/{dossier.pk}/dmp/reponse/", client_for(house.loic)
    before = shown(client.get(url))
    assert "La personne est mineure" in before
    assert "Un titulaire de l’autorité parentale" in before
    assert "La personne elle-même" not in before
    assert client.post(url, given()).status_code == 422
    good = given(said_by="parent", representative="Mme Berthelot, mère")
    assert client.post(url, good).status_code == 302
    assert team_agreement(house.reload(dossier)).agreement is TeamAgreement.GIVEN


def test_who_may_only_read_sees_the_history_without_the_form(house: House, client_for: ClientFor) -> None:
    dossier = agree(house, house.dossier())
    alice = factories.make_user("Alice", "Tassin")
    factories.give_role(alice, house.essms, Role.DIRECTION)
    url = f"/dossiers/{dossier.pk}/dmp/reponse/"
    page = shown(client_for(alice).get(url))
    assert "D'accord pour que l'équipe consulte" in page or "D’accord pour que l’équipe consulte" in page
    assert 'method="post"' not in page
    assert client_for(alice).post(url, given()).status_code == 403


def test_no_link_leads_who_reads_no_document_to_a_refusal(house: House, client_for: ClientFor) -> None:
    url = f"/dossiers/{house.dossier().pk}/dmp/reponse/"
    back = f'href="{url.removesuffix("reponse/")}"'
    assert back in client_for(house.loic).get(url).content.decode()
    assert back not in client_for(house.maud).get(url).content.decode()


def test_the_summary_of_the_dossier_still_notes_the_information(house: House, client_for: ClientFor) -> None:
    dossier = house.dossier(informed=False)
    client = client_for(house.loic)
    day = today().strftime("%d/%m/%Y")
    client.post(
        f"/dossiers/{dossier.pk}/information-dmp/", {"decision": "non_opposition", "informed_on": day}
    )
    assert team_agreement(house.reload(dossier)).agreement is TeamAgreement.NOT_ASKED
    assert f"/dossiers/{dossier.pk}/dmp/reponse/" in client.get(f"/dossiers/{dossier.pk}/").content.decode()


def test_a_fusion_keeps_the_larger_refusal(house: House) -> None:
    from amarre.dui.usagers.services.merge_identities import _join

    kept, moved = house.dossier("zoe-adrun"), house.dossier("pierre-abgrall")
    agree(house, kept)
    agree(house, moved, Access.REFUSED)
    previous: dict[str, Any] = {"joined": [], "made": {"dmp_information": []}}
    with system_scope("test"):
        _join(kept, moved, previous)
    assert team_agreement(house.reload(kept)).agreement is TeamAgreement.REFUSED
    assert len(previous["made"]["dmp_information"]) == 1


def test_rows_older_than_the_questions_say_nothing_more() -> None:
    """The migration gives them empty answers, not an agreement."""
    migration = import_module("amarre.dui.usagers.migrations.0004_dmp_agreement").Migration
    defaults = {one.name: one.field.default for one in migration.operations}
    assert defaults == {"access": "", "means": "", "representative": "", "said_by": ""}
    assert MigrationLoader(None).graph.leaf_nodes("usagers")
    assert apps.get_model("usagers", "DmpInformation")._meta.get_field("access").blank
