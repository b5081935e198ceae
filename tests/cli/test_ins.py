"""`amarre ins …`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from amarre.cast import persona
from amarre.cast.organisation import ESTABLISHMENTS, INSI_IDAM
from amarre.cli.commands.ins import add_parser
from amarre.interop.ins import MatriculeKeyWrong
from amarre.interop.ins.insi import CardKeyUnusable, VerificationNotOfficial, VitaleCardUnreadable
from amarre.interop.transport.errors import InjectionForbidden
from amarre.sandbox.app import Sandbox
from amarre.sandbox.cards import card_paths
from amarre.sandbox.pki import Use
from amarre.sandbox.pytest_plugin import running_sandbox, sandbox, sandbox_data
from amarre.sandbox.vitale import cards_folder
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


def connection(sandbox: Sandbox) -> list[str]:
    structure = ESTABLISHMENTS[0].struct_idnat
    paths = sandbox.pki.paths(Use.INSI, structure)
    return [
        *("--endpoint", f"{sandbox.https_url}/lps", "--idam", INSI_IDAM, "--emetteur", structure),
        *("--instance", "0f3f2c38-52f5-4a8b-8f0b-6b2f4d5a7e33", "--ca", str(paths.authorities)),
        *("--cert", str(paths.certificate), "--key", str(paths.key)),
    ]


def test_vitale_asks_who_is_present(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    card = str(cards_folder(sandbox.settings.data_dir) / "famille-dartagnan.json")
    assert run("vitale", card, *connection(sandbox)) == 2
    out = capsys.readouterr().out
    assert "2. D'ARTAGNAN DE L'HERAULT PIERRE-ALAIN, 17/06/2001" in out
    assert "1010663220754" not in out
    assert run("vitale", card, "--json") == 2
    assert len(json.loads(capsys.readouterr().out)["beneficiaires"]) == 3
    assert run("vitale", card, "--beneficiaire", "2", *connection(sandbox)) == 0
    assert "PIERRE-ALAIN MURIEL FLORIANT" in capsys.readouterr().out
    assert run("vitale", card, "--beneficiaire", "1", *connection(sandbox)) == 1
    child = str(cards_folder(sandbox.settings.data_dir) / "lucas-berthelot.json")
    assert run("vitale", child, "--beneficiaire", "2", *connection(sandbox), "--json") == 0
    assert json.loads(capsys.readouterr().out.partition("1 appel(s).\n")[2])["resultat"] == "found"
    with pytest.raises(VitaleCardUnreadable):
        run("vitale", card + ".absent")


def test_search_with_a_professional_card(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    paths = card_paths(sandbox.settings.data_dir, "nadege-le-goff")
    words = [
        *("--endpoint", f"{sandbox.simple_url}/lps", "--idam", INSI_IDAM, "--instance", "i"),
        *("--ca", str(sandbox.pki.authorities), "--carte-certificat", str(paths.certificate)),
        *("--carte-cle", str(paths.key), "--carte-porteur", persona("nadege-le-goff").subject_name_id),
        *("--carte-facturation", ESTABLISHMENTS[2].finess_eg, "--carte-secteur", "SA07"),
    ]
    zoe = ["--nom", "Adrun", "--prenoms", "Zoé", "--sexe", "F", "--naissance", "31/12/1975"]
    assert run("search", *zoe, *words) == 0
    assert "ZOE" in capsys.readouterr().out
    with pytest.raises(CardKeyUnusable):
        run("search", *zoe, *words, "--carte-cle", str(paths.certificate))


def test_prepared_answers_never_in_production(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "REP_CR01.xml").write_bytes(material.empty("01"))
    catarina = ["--nom", "Tchitchi", "--prenoms", "Ola Catarina", "--sexe", "F", "--naissance", "21/06/1936"]
    words = [*catarina, *connection(sandbox), "--injection", str(tmp_path)]
    assert run("search", *words) == 0
    assert "2 appel(s)" in capsys.readouterr().out
    with pytest.raises(InjectionForbidden):
        run("search", *words, "--environment", "production")


ZOE = ["--matricule", "275126322074974", "--oid", "1.2.250.1.213.1.4.8", "--nom", "Adrun", "--prenoms", "Zoé"]


def test_verify_one(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["verify", *ZOE, "--sexe", "F", *connection(sandbox)]
    assert run(*words, "--naissance", "31/12/1975") == 0
    assert "non officielle" in capsys.readouterr().out
    assert run(*words, "--naissance", "30/12/1975", "--json") == 1
    assert json.loads(capsys.readouterr().out) == {"resultat": "KO", "code": "", "officiel": False}
    assert run(*words) == 2
    assert run("verify", *ZOE) == 2
    with pytest.raises(VerificationNotOfficial):
        run(*words, "--naissance", "31/12/1975", "--environment", "qualification")


def test_verify_a_file_and_go_on_after_a_kill(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, state = tmp_path / "liste.csv", tmp_path / "etat.json"
    file.write_text(
        "reference;matricule;oid;nom;prenoms;sexe;naissance;lieu\n"
        "a;275126322074974;1.2.250.1.213.1.4.8;ADRUN;ZOE;F;1975-12-31;63220\n"
        "b;181036322045660;1.2.250.1.213.1.4.8;HERMANN;GATIEN;M;1981-03-24;63220\n"
        "c;181036322045660;1.2.250.1.213.1.4.8;HERMAN;GATIEN;M;1981-03-24;63220\n"
        "d;181036322045660;1.2.250.1.213.1.4.8;H3RMAN;GATIEN;M;1981-03-24;63220\n"
    )
    words = ["verify", "--file", str(file), "--state", str(state), "--lot", "2", *connection(sandbox)]
    assert run(*words, "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["resultats"] == {"a": "OK", "b": "OK", "c": "KO"}
    assert list(document["refusees_avant_envoi"]) == ["d"]
    sent = len(sandbox.journal.list("insi"))
    assert run(*words) == 1
    assert "c : KO" in capsys.readouterr().out
    assert len(sandbox.journal.list("insi")) == sent
    assert run("verify", "--file", str(tmp_path / "absent"), *connection(sandbox)) == 2


def test_explain_says_more_of_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "answer.xml"
    file.write_bytes(material.gateway_fault("desir_550", "siram_100"))
    assert run("explain", str(file)) == 0
    out = capsys.readouterr().out
    assert "desir_550 (passerelle)" in out
    assert "À faire" in out
    assert run("explain", str(file), "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["nature"], document["anomalie"]["origine"]) == ("anomalie", "passerelle")
    file.write_bytes(material.found()[:-20])
    assert run("explain", str(file)) == 0
    assert "coupée" in capsys.readouterr().out
