"""`amarre ins …`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from amarre.cast.organisation import ESTABLISHMENTS, INSI_IDAM
from amarre.cli.commands.ins import add_parser
from amarre.interop.ins import MatriculeKeyWrong
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.pytest_plugin import running_sandbox, sandbox, sandbox_data
from tests.interop.ins.insi import material

# Fixtures are found by their names in the module.
__all__ = ["running_sandbox", "sandbox", "sandbox_data"]

TRAITS = ["--nom", "d’Essai", "--prenoms", "Anne-Sophie", "--sexe", "F", "--naissance", "01/12/1984"]


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["ins", *words])
    return int(args.run(args))


def test_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("key", "297022A020778", "--json") == 0
    assert json.loads(capsys.readouterr().out)["cle"] == "78"
    assert run("key", "284126322099962") == 0
    assert "correcte" in capsys.readouterr().out
    with pytest.raises(MatriculeKeyWrong):
        run("key", "284126322099961")


def test_datamatrix_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    png, svg = tmp_path / "a.png", tmp_path / "a.svg"
    common = ["datamatrix", "encode", "--matricule", "284126322099962", *TRAITS, "--lieu", "63220"]
    assert run(*common, "--out", str(png)) == 0
    assert run(*common, "--out", str(svg), "--json") == 0
    assert run(*common) == 0
    assert "S4D'ESSAI<GS>" in capsys.readouterr().out
    assert svg.read_text().startswith("<svg")
    assert run("datamatrix", "decode", str(png), "--json") == 0
    assert json.loads(capsys.readouterr().out)["traits"]["nom_naissance"] == "D'ESSAI"
    text = tmp_path / "scan.txt"
    assert run(*common, "--json") == 0
    text.write_text(json.loads(capsys.readouterr().out)["contenu"].replace("\x1d", ""))
    assert run("datamatrix", "decode", str(text)) == 0
    assert "vérifiez la fin des noms" in capsys.readouterr().out


def test_no_datamatrix_for_a_real_oid(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--matricule", "284126322099962", "--oid", "1.2.250.1.213.1.4.8", *TRAITS]
    assert run("datamatrix", "encode", *words) == 2
    assert "essai" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (material.found(), "INSi a trouvé une identité."),
        (material.empty("02"), "n'en montre aucune"),
        (material.empty("01"), "nom d'usage"),
        (material.gateway_fault("desir_560", "siram_100"), "INSI-MANU"),
        (material.application_fault("insi_102", "siram_40"), "ne veut pas dire que la personne est inconnue"),
        (b"<html>", "page web"),
    ],
)
def test_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, words: str) -> None:
    file = tmp_path / "answer.xml"
    file.write_bytes(data)
    assert run("explain", str(file)) == 0
    captured = capsys.readouterr()
    assert words in captured.out + captured.err
    assert run("explain", str(file), "--json") == 0
    json.loads(capsys.readouterr().out)


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", str(tmp_path / "absent")) == 2
    assert "n'existe pas" in capsys.readouterr().err


def test_search_needs_its_connection(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in ("ENDPOINT", "IDAM", "EMETTEUR", "INSTANCE", "CERT", "KEY", "CA"):
        monkeypatch.delenv(f"AMARRE_INSI_{option}", raising=False)
    assert run("search", *TRAITS) == 2
    assert "--endpoint" in capsys.readouterr().err


def test_search_over_a_real_socket(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    structure = ESTABLISHMENTS[0].struct_idnat
    paths = sandbox.pki.paths(Use.INSI, structure)
    connection = [
        *("--endpoint", f"{sandbox.https_url}/lps", "--idam", INSI_IDAM, "--emetteur", structure),
        *("--instance", "0f3f2c38-52f5-4a8b-8f0b-6b2f4d5a7e33", "--ca", str(paths.authorities)),
        *("--cert", str(paths.certificate), "--key", str(paths.key)),
    ]
    zoe = ["--nom", "Adrun", "--prenoms", "Zoé", "--sexe", "F", "--naissance", "31/12/1975"]
    assert run("search", *zoe, *connection) == 0
    assert "ZOE" in capsys.readouterr().out
    nobody = ["--nom", "Houilles", "--prenoms", "Pierre Paul", "--sexe", "M", "--naissance", "27/01/1993"]
    assert run("search", *nobody, *connection, "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["resultat"], len(document["appels"])) == ("not_found", 3)
    sandbox.choose("insi", "passerelle-indisponible", 1)
    assert run("search", *zoe, *connection) == 1
    assert "INSI-004" in capsys.readouterr().err
