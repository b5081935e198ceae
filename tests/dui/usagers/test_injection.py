"""The CNDA's injection files in the place of INSi's answers: in test environments only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amarre.dui.organisations.enums import Environment
from amarre.dui.usagers.connector import insi_client
from amarre.dui.usagers.services.decide_insi_search import accept_insi_search
from amarre.interop.ins.status import Status
from amarre.interop.transport.errors import InjectionForbidden, InjectionUnreadable
from tests.dui.connected import House, identity_of
from tests.dui.usagers.cases import asked, opened
from tests.interop.ins.insi import material

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> Path:
    """A session of authorisation: the folder of the CNDA's files."""
    folder = tmp_path / "cnda"
    folder.mkdir()
    (folder / "REP_CR01.xml").write_bytes(material.empty("01"))
    answer = material.found(
        nom="PROVISOIRE", prenoms="MATRICULE", sexe="M", date="2009-07-01", oid="1.2.250.1.213.1.4.9",
        ins="<NumIdentifiant>1090763220999</NumIdentifiant><Cle>21</Cle>",
    )  # fmt: skip
    (folder / "TEST_2.05.xml").write_bytes(answer)
    settings.AMARRE_INSI_INJECTION = str(folder)
    return folder


@pytest.mark.req("CNDA 2.05")
def test_a_file_answers_in_the_place_of_insi(house: House, files: Path) -> None:
    """The NIA of the scenario goes through the whole record: shown, compared, accepted."""
    dossier = opened(house, "matricule-provisoire")
    search = asked(house, dossier)
    assert search.outcome == "found"
    accept_insi_search(search=search, actor=house.referent, reason="Scénario")
    identity = identity_of(dossier)
    assert identity.status is Status.RECUPEREE
    # The number of the file: the sandbox knows this person by another one.
    assert (identity.matricule, identity.ins_oid) == ("1090763220999", "1.2.250.1.213.1.4.9")


def test_the_other_persons_still_ask_insi(house: House, files: Path) -> None:
    assert asked(house, opened(house, "zoe-adrun")).outcome == "found"


@pytest.mark.req("CNDA REP_CR01")
def test_a_series_without_result(house: House, files: Path) -> None:
    search = asked(house, opened(house, "pierre-houilles"))
    assert (search.outcome, search.calls) == ("not_found", 4)


def test_nothing_is_injected_by_default(house: House, settings: Any) -> None:
    assert settings.AMARRE_INSI_INJECTION == ""


@pytest.mark.req("issue 3: impossible in production settings")
def test_never_towards_the_production_services(house: House, files: Path) -> None:
    house.profile.environment = Environment.PRODUCTION
    with pytest.raises(InjectionForbidden):
        insi_client(house.profile)


def test_a_folder_without_any_file_is_said(house: House, tmp_path: Path, settings: Any) -> None:
    settings.AMARRE_INSI_INJECTION = str(tmp_path)
    with pytest.raises(InjectionUnreadable):
        insi_client(house.profile)
