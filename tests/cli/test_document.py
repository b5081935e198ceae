"""`amarre document`: every template of the catalogue, from data, without a database nor Django."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amarre.cli.__main__ import main
from amarre.cli.commands.document import add_parser
from amarre.dui.authoring.catalogue import TEMPLATES
from tests.hostile.limits import bounded

PERSON = {
    "nom_naissance": "KERMORVAN", "premier_prenom": "LOUISE", "prenoms": "LOUISE ANNE", "sexe": "Féminin",
    "date_naissance": "12/10/1984", "lieu_naissance": "29151",
}  # fmt: skip
HOUSE = {
    "organisme": "Association Les Deux Quais",
    "nom": "EHPAD La Roselière",
    "adresse": ["1 allée des Aulnes"],
}
AUTHOR = {"nom": "Loïc Bremond", "fonction": "infirmier", "signe_le": "Le 20/11/2026"}


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["document", *words])
    return int(args.run(args))


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Write the data of a template, filled in; `changes` replace parts of it."""

    def write(template: str, **changes: Any) -> str:
        assert run("skeleton", template) == 0
        values = json.loads(capsys.readouterr().out)
        for content in values["contenu"].values():
            if list(content) == ["text"]:
                content["text"] = "Marcher dix minutes par jour : avec l'aide à domicile."
            if list(content) == ["date"]:
                content["date"] = "2026-11-20"
        values |= {
            "etablissement": HOUSE,
            "personne": PERSON,
            "auteur": AUTHOR,
            "reference": "essai",
        } | changes
        path = tmp_path / f"{template}.json"
        path.write_text(
            json.dumps({key: value for key, value in values.items() if value is not None}), "utf-8"
        )
        return str(path)

    return write


@pytest.mark.parametrize("template", [item.key for item in TEMPLATES])
def test_every_template_is_composed(
    template: str, data: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "document.pdf"
    assert run("render", template, data(template), "-o", str(out), "--brouillon", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert made["modele"] == template
    assert made["pages"] >= 1
    pdf = out.read_bytes()
    assert len(pdf) == made["octets"]
    assert pdf.startswith(b"%PDF-1.")
    assert b"<pdfaid:part>1</pdfaid:part>" in pdf
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.needs("poppler")
def test_a_whole_document_says_what_it_was_given(data: Callable[..., str], tmp_path: Path) -> None:
    out = tmp_path / "courrier.pdf"
    assert run("render", "courrier", data("courrier"), "-o", str(out)) == 0
    shown = subprocess.run(
        ["pdftotext", "-layout", str(out), "-"], capture_output=True, text=True, check=True
    )
    for words in (
        "KERMORVAN",
        "LOUISE",
        "12/10/1984",
        "Marcher dix minutes",
        "EHPAD La Roselière",
        "Loïc Bremond",
    ):
        assert words in shown.stdout
    assert "BROUILLON" not in shown.stdout


WRONG: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"etablissement": None}, "CLI-011", "etablissement"),
    ({"inconnu": 1}, "CLI-011", "données.inconnu"),
    ({"personne": {**PERSON, "matricule": "284102915104295"}}, "CLI-011", "personne.matricule"),
    ({"personne": {**PERSON, "nom_naissance": "  "}}, "CLI-011", "personne.nom_naissance"),
    ({"personne": []}, "CLI-011", "personne"),
    ({"date": "20/11/2026"}, "CLI-011", "AAAA-MM-JJ"),
    ({"date": 3}, "CLI-011", "date"),
    ({"version": True}, "CLI-011", "version"),
    ({"etablissement": {**HOUSE, "adresse": "1 rue"}}, "CLI-011", "etablissement.adresse"),
    ({"contenu": {"autre": "x"}}, "CLI-011", "contenu.autre"),
    ({"contenu": {}}, "CLI-012", "obligatoires"),
    ({"auteur": None}, "CLI-011", "auteur"),
    ({"reference": "名"}, "DOC-001", "名"),
)


@pytest.mark.parametrize(("changes", "code", "words"), WRONG)
def test_wrong_data_name_the_field(
    changes: dict[str, Any],
    code: str,
    words: str,
    data: Callable[..., str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "x.pdf"
    # Through the parser of `amarre`, which explains.
    assert (
        main(["document", "render", "courrier", data("courrier", **changes), "-o", str(out), "--json"]) == 1
    )
    error = json.loads(capsys.readouterr().out)["erreur"]
    assert error["code"] == code
    assert words in error["ce_qui_s_est_passe"]
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FIC-001"), (b"{", "CLI-010"), (b"\xff\xfe{}", "CLI-010"), (b"[]", "CLI-011"),
        (b"[" * 100_000, "CLI-010"), (b" " * 1_000_001, "FIC-002"), (b'{"contenu": {}}', "CLI-011"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_within_limits(
    content: bytes, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "donnees.json"
    path.write_bytes(content)
    with bounded(code):
        assert (
            main(["document", "render", "courrier", str(path), "-o", str(tmp_path / "x.pdf"), "--json"]) == 1
        )
    assert json.loads(capsys.readouterr().out)["erreur"]["code"] == code


def test_an_unknown_template_names_the_others(
    data: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["document", "render", "inconnu", data("courrier"), "-o", str(tmp_path / "x.pdf")]) == 1
    assert "lettre_adressage" in capsys.readouterr().err
    assert run("list") == 0
    assert "courrier" in capsys.readouterr().out
    assert run("list", "--json") == 0
    assert {row["modele"] for row in json.loads(capsys.readouterr().out)} == {item.key for item in TEMPLATES}


def test_neither_django_nor_a_database_is_needed(data: Callable[..., str], tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['django'] = None\n"
        "from tests.cli.test_document import run\n"
        "sys.exit(run('render', 'courrier', sys.argv[1], '-o', sys.argv[2]))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program, data("courrier"), str(tmp_path / "x.pdf")],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "x.pdf : Courrier, 1 page.\n"), done.stderr
