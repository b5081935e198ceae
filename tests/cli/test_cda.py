"""`amarre cda`: verdict, masking, exit codes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from amarre.cli.commands.cda import add_parser
from amarre.interop import cda
from tests.interop.cda.documents import document
from tests.interop.cda.structured_documents import FULL, structured


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["cda", *words])
    return int(args.run(args))


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "projet.xml"
    path.write_bytes(cda.encode(document()))
    return str(path)


def test_check_of_a_good_document(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", good, "--dmp") == 0
    assert "aucune erreur" in capsys.readouterr().out


def test_check_explains_each_fault(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(good)
    path.write_bytes(path.read_bytes().replace(b"fr-FR", b"en-US"))
    assert run("check", good) == 1
    assert "CDA-R06" in capsys.readouterr().out
    assert run("check", good, "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["erreurs"] == 1
    assert report["constats"][0]["regle"] == "CDA-R06"
    assert report["constats"][0]["a_faire"]


def test_show_masks_the_identity(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", good) == 0
    masked = capsys.readouterr().out
    assert "Projet personnalisé" in masked
    assert "KERMORVAN" not in masked
    assert "2841029151042" not in masked
    assert run("show", good, "--json") == 0
    assert json.loads(capsys.readouterr().out)["nom_de_naissance"] == "•••"
    assert run("show", good, "--traits") == 0
    assert "KERMORVAN" in capsys.readouterr().out


def test_show_reads_a_structured_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "synthese.xml"
    path.write_bytes(cda.encode(structured(FULL["VSM"])))
    assert run("show", str(path)) == 0
    shown = capsys.readouterr().out
    assert "### Pathologies en cours" in shown
    assert "Insuffisance cardiaque (I50.9)" in shown
    assert run("show", str(path), "--entete") == 0
    assert "Insuffisance cardiaque" not in capsys.readouterr().out
    assert run("show", str(path), "--json") == 0
    read = json.loads(capsys.readouterr().out)
    inner = read["rubriques"][0]["rubriques"][0]["rubriques"][0]
    assert inner["titre"] == "Pathologies en cours"
    assert "Insuffisance cardiaque (I50.9)" in inner["texte"]
    assert read["remarques"] == []


def test_an_absent_file_is_a_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        run("check", str(tmp_path / "absent.xml"))
    assert stop.value.code == 2
