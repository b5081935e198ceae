"""`amarre dmp`, against the simulated DMP."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from amarre.cli.__main__ import main
from amarre.cli.commands.dmp import add_parser
from amarre.interop.ins import encode
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from tests.interop.clients.test_dmp_consultation import identity
from tests.interop.clients.test_dmp_sandbox import Rig, rig, sandbox
from tests.interop.dmp import material

__all__ = ["rig", "sandbox"]
CAST = ("--person", "catarina-tchitchi")
STRONG = 'context = "MOBILE_TWO_FACTOR"'


def profile(sandbox: Sandbox, folder: Path, *, mode: str = "INDIRECTE", **changes: str) -> Path:
    tls = sandbox.pki.paths(Use.DMP_AUTHENTICATION, material.HOUSE.struct_idnat)
    cachet = sandbox.pki.paths(Use.DMP_SIGNATURE, material.HOUSE.struct_idnat)
    house = material.HOUSE
    text = f"""
environment = "{changes.get("environment", "sandbox")}"
mode = "{mode}"
base_url = "{sandbox.https_url}/si-dmp-server/v2/services"
root_oid = "{material.ROOT_OID}"
content_type = "{house.content_type}"
[structure]
identifier = "{house.struct_idnat}"
name = "{house.name}"
sector = "{house.facility_type}"
[software]
oid = "{material.ROOT_OID}.2"
name = "Amarre"
version = "0.1"
homologation = "TEST"
[actor]
identifier = "899700000013"
family_name = "ROUX"
given_name = "Claire"
specialty = "G15_60"
{STRONG if mode != "INDIRECTE" else ""}
[signature]
cert = "{cachet.certificate}"
key = "{cachet.key}"
[tls]
ca = "{tls.authorities}"
cert = "{tls.certificate}"
key = "{tls.key}"
"""
    path = folder / f"{mode}.toml"
    path.write_text(text.replace(*changes["replaced"].split("=>")) if "replaced" in changes else text)
    return path


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["dmp", *arguments])
    return int(args.run(args))


@pytest.fixture
def deposited(rig: Rig) -> str:
    frozen = rig.prepare()
    rig.client.submit(frozen)
    return frozen.document_unique_id


@pytest.fixture
def air(rig: Rig, tmp_path: Path) -> str:
    path = str(profile(rig.sandbox, tmp_path, mode="INDIRECTE_RENFORCEE"))
    rig.sandbox.store.put("dmp", f"access/{material.identity().matricule.value}/899700000013", b"VALIDE")
    return path


def output(capsys: pytest.CaptureFixture[str]) -> object:
    return json.loads(capsys.readouterr().out)


def test_existence_by_the_cast_and_by_a_code(
    rig: Rig, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMARRE_DMP_PROFILE", str(profile(rig.sandbox, tmp_path)))
    assert run("exists", *CAST, "--json") == 0
    assert output(capsys) == {
        "etat": "active", "autorisation": "NON_EXISTE", "mon_espace_sante": True, "motif": "",
    }  # fmt: skip
    code = tmp_path / "code.txt"
    code.write_text(encode(identity("germaine-ollivier")))
    assert run("exists", "--ins", str(code)) == 0
    assert capsys.readouterr().out == "Cette personne a un DMP.\n"


def test_a_real_matricule_is_refused_outside_production(
    rig: Rig, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(profile(rig.sandbox, tmp_path))
    code = tmp_path / "code.txt"
    code.write_text(encode(identity("catarina-tchitchi")))
    before = len(rig.sandbox.journal.list("dmp"))
    assert run("exists", "--profile", path, "--ins", str(code)) == 2
    shown = capsys.readouterr().err
    assert "INS réelle" in shown
    assert identity("catarina-tchitchi").matricule.value not in shown
    assert len(rig.sandbox.journal.list("dmp")) == before


def test_list_read_then_delete(
    rig: Rig, deposited: str, air: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("list", "--profile", air, *CAST, "--json") == 0
    (row,) = output(capsys)  # type: ignore[misc]
    assert (row["numero"], row["auteurs"], row["etat"]) == (deposited, ["Claire ROUX"], "Approved")
    out = tmp_path / "document.xml"
    assert run("get", deposited, "--out", str(out), "--profile", air, *CAST) == 0
    assert out.read_bytes() == rig.sandbox.store.get("dmp", f"document/{deposited}")
    assert out.stat().st_mode & 0o077 == 0
    with pytest.raises(SystemExit):
        run("get", deposited, "--out", str(out), "--profile", air, *CAST)
    assert run("delete", deposited, "--profile", air, *CAST) == 0
    capsys.readouterr()
    assert run("list", "--profile", air, *CAST) == 0
    assert capsys.readouterr().out == "Aucun document.\n"
    assert run("delete", deposited, "--profile", air, *CAST, "--json") == 1
    assert output(capsys) == {"numero": deposited, "trouve": False}


def test_the_establishment_deletes_but_does_not_read(
    rig: Rig, deposited: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(profile(rig.sandbox, tmp_path))
    assert main(["dmp", "list", "--profile", path, *CAST, "--json"]) == 1
    error = output(capsys)["erreur"]  # type: ignore[call-overload,index]
    assert error["code"] == "DMP-148"
    assert run("delete", deposited, "--profile", path, *CAST) == 0


@pytest.mark.parametrize(
    ("replaced", "words"),
    [
        ('"sandbox"=>"production"', "bac à sable"),
        ('"sandbox"=>"ailleurs"', "inattendue"),
        ("root_oid=>autre", "root_oid"),
        ("dmp-cachet=>absent", "pas lisible"),
        ("G15_60=>G15_XX", "attendue"),
    ],
)
def test_a_wrong_profile_says_what_is_wrong(
    rig: Rig, tmp_path: Path, capsys: pytest.CaptureFixture[str], replaced: str, words: str
) -> None:
    if replaced.startswith("dmp-cachet"):
        replaced = "dmp-signature.pem=>absent.pem"
    path = profile(rig.sandbox, tmp_path, replaced=replaced)
    assert run("exists", "--profile", str(path), *CAST) == 2
    assert words in capsys.readouterr().err


def test_no_matricule_may_be_typed() -> None:
    with pytest.raises(SystemExit):
        run("exists", "--matricule", "1")
    assert run("exists", "--person", "x", "--profile", "absent.toml") == 2
