"""`amarre annuaire find`, against the simulated directory."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from amarre.cli.__main__ import main
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.services.annuaire.service import API_KEY, PREFIX
from amarre.sandbox.settings import SandboxSettings


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    settings = SandboxSettings(
        data_dir=tmp_path_factory.mktemp("sandbox"), plain_port=0, https_port=0, smtp_port=0, imap_port=0
    )
    with Sandbox(settings, services=("annuaire",)) as running:
        yield running


@pytest.fixture
def options(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("AMARRE_ANNUAIRE_KEY", API_KEY)
    paths = sandbox.pki.paths(Use.ANNUAIRE, "1990000002")
    files = ["--ca", str(sandbox.pki.authorities), "--cert", str(paths.certificate), "--key", str(paths.key)]
    return ["--url", sandbox.https_url + PREFIX, *files]


def test_a_professional_is_found(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["annuaire", "find", "Roussel", "--profession", "60", "--json", *options]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["boites"] == ["claire.roussel@infirmier.mssante.fr"]
    assert row["structures"] == ["CABINET INFIRMIER DES GOEMONS, PORT-AMARRE"]


def test_a_structure_is_found_and_absence_is_said(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["annuaire", "find", "hospitalier", "--structures", *options]) == 0
    assert "coordination@ch-port-amarre.mssante.fr" in capsys.readouterr().out
    assert main(["annuaire", "find", "Personne", *options]) == 0
    assert capsys.readouterr().out == "Aucun résultat.\n"


def test_a_wrong_key_is_explained(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AMARRE_ANNUAIRE_KEY", "autre")
    assert main(["annuaire", "find", "Roussel", *options]) == 1
    assert "refuse la clé d'accès" in capsys.readouterr().err


def test_missing_settings_are_a_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMARRE_ANNUAIRE_URL", raising=False)
    assert main(["annuaire", "find", "Roussel"]) == 2
