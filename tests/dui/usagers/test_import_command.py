"""`amarre import usagers`: report, JSON, exit codes, who acts."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from amarre.cli.__main__ import main
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import Dossier
from tests.dui import factories
from tests.dui.usagers.import_samples import HEADINGS, LE_GOFF, PRIGENT, csv_of, usual

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "liste.csv"
    path.write_bytes(usual(LE_GOFF, PRIGENT, ("Dup0nt", "Paul", "M", "01/01/1950", "", "")))
    return path


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main(["import", "usagers", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def count() -> int:
    with system_scope("test"):
        return Dossier.objects.count()


def test_a_dry_run_writes_nothing(essms: Essms, listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = run_json(capsys, str(listed), "--dry-run")
    assert (code, report["essai"], report["crees"], report["refusees"]) == (0, True, 2, 1)
    refused = report["refus"][0]
    assert (refused["ligne"], refused["colonne"]) == (4, "Nom de naissance")
    assert (count(), Trace.objects.count()) == (0, 0)


def test_the_import_then_the_same_again(
    essms: Essms, listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_json(capsys, str(listed), "--essms", essms.finess_eg)[0] == 0
    code, again = run_json(capsys, str(listed), "--essms", str(essms.pk))
    assert (code, again["crees"], again["deja_connus"], again["refusees"]) == (0, 0, 2, 1)
    assert count() == 2
    assert Trace.objects.filter(verb="usagers.imported", actor_kind="system").count() == 2


def test_the_text_report_is_in_french(
    essms: Essms, listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = tmp_path / "refus.csv"
    assert main(["import", "usagers", str(listed), "--refus", str(refused)]) == 0
    out = capsys.readouterr().out
    assert "Dossiers ouverts : 2" in out
    assert "ligne 4, colonne « Nom de naissance »" in out
    assert stat.S_IMODE(refused.stat().st_mode) == 0o600
    assert main(["import", "usagers", str(listed), "--refus", str(refused)]) == 1
    assert "IMP-018" in capsys.readouterr().err


def test_nom_is_asked_then_answered(essms: Essms, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_of(("Nom", *HEADINGS[1:]), LE_GOFF).encode("cp1252"))
    assert main(["import", "usagers", str(path)]) == 1
    assert "--nom naissance" in capsys.readouterr().err
    assert main(["import", "usagers", str(path), "--nom", "naissance"]) == 0
    assert count() == 1


def test_columns_by_hand_and_a_default_entry(
    essms: Essms, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_of(("Patronyme officiel", *HEADINGS[1:5]), LE_GOFF[:5]).encode())
    arguments = [str(path), "--map", "patronyme officiel=nom_naissance", "--entree", "01/09/2026"]
    assert main(["import", "usagers", *arguments]) == 0
    with system_scope("test"):
        assert f"{Dossier.objects.get().entered_on:%d/%m/%Y}" == "01/09/2026"


def test_as_a_person_with_the_right(
    essms: Essms, bob: User, listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "usagers", str(listed), "--as", bob.subject_name_id]) == 1
    assert "ACC-001" in capsys.readouterr().err
    clerk = factories.make_user("Nolwenn", "Secrétaire")
    factories.give_role(clerk, essms, Role.SECRETARIAT)
    assert main(["import", "usagers", str(listed), "--as", clerk.subject_name_id]) == 0
    assert Trace.objects.get(verb="usagers.imported").actor_id == clerk.pk
    assert main(["import", "usagers", str(listed), "--as", "nobody"]) == 1
    assert "IMP-016" in capsys.readouterr().err


def test_what_stops_the_command(
    essms: Essms, other_essms: Essms, listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer = run_json(capsys, str(listed))
    assert (code, answer["erreur"]["code"]) == (1, "IMP-015")
    place = ["--essms", str(essms.pk)]
    code, answer = run_json(capsys, str(tmp_path / "absent.csv"), *place)
    assert (code, answer["erreur"]["code"]) == (1, "IMP-017")
    bad = tmp_path / "bad.csv"
    bad.write_bytes(usual(("X", "Y", "", "", "", "")))
    code, answer = run_json(capsys, str(bad), *place)
    assert (code, answer["refusees"]) == (1, 1)
    for wrong in (["--map", "sans égal"], ["--nom", "marital"], ["--entree", "demain"]):
        with pytest.raises(SystemExit) as caught:
            main(["import", "usagers", str(listed), *place, *wrong])
        assert caught.value.code == 2
