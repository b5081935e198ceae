"""`amarre dmp deposit`: from a fresh sandbox to the DMP, once, every refusal explained."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from amarre.cli.__main__ import main
from amarre.interop.cda import CheckContext, Target, check
from amarre.interop.clients.dmp import DmpClient
from amarre.interop.dmp import Acknowledgement, FrozenSubmission
from amarre.sandbox import starter
from amarre.sandbox.app import Sandbox
from amarre.sandbox.settings import SandboxSettings

SETTINGS = {"plain_port": 0, "https_port": 0, "smtp_port": 0, "imap_port": 0, "durable": False}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("sandbox")
    with Sandbox(SandboxSettings(folder, slow_answer_seconds=0.1, **SETTINGS), services=("dmp",)) as running:  # type: ignore[arg-type]
        yield running


@pytest.fixture(autouse=True)
def fresh(sandbox: Sandbox) -> None:
    sandbox.reset()


class Shell:
    """Runs `amarre dmp deposit` with the starter of the sandbox."""

    def __init__(self, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = starter.folder(sandbox.settings.data_dir)
        self._capsys = capsys

    def run(self, file: str | Path, *more: str, profile: str = "etablissement", person: str = "") -> int:
        return main(
            [
                "dmp", "deposit", str(self.folder / file), *more,
                "--profile", str(self.folder / f"dmp-{profile}.toml"), "--person", person or starter.PERSON,
            ]
        )  # fmt: skip

    def json(self, file: str | Path, *more: str, code: int = 0, **others: str) -> dict[str, Any]:
        assert self.run(file, *more, "--json", **others) == code
        found: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return found

    def error(self, file: str | Path, *more: str, **others: str) -> str:
        return str(self.json(file, *more, code=1, **others)["erreur"]["code"])


@pytest.fixture
def shell(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(sandbox, capsys)


def held(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    state = sandbox.state()["dmp"]
    assert isinstance(state, dict)
    return dict(state["documents"])


def changed(shell: Shell, tmp_path: Path, old: str, new: str, *, file: str = starter.FIRST) -> Path:
    text = (shell.folder / file).read_text("utf-8")
    assert old in text
    path = tmp_path / "document.xml"
    path.write_text(text.replace(old, new), "utf-8")
    return path


@pytest.mark.parametrize("name", [starter.FIRST, starter.SECOND])
def test_the_example_documents_pass_our_own_checks(shell: Shell, name: str) -> None:
    assert check((shell.folder / name).read_bytes(), CheckContext(target=Target.DMP)) == ()


def test_a_document_goes_in_and_its_next_version_replaces_it(sandbox: Sandbox, shell: Shell) -> None:
    first = shell.json(starter.FIRST)
    assert (first["depose"], first["deja_la"], first["remplace"]) == (True, False, "")
    second = shell.json(starter.SECOND, "--replaces", first["numero"])
    assert second["remplace"] == first["numero"]
    states = {number: entry["status"].rpartition(":")[2] for number, entry in held(sandbox).items()}
    assert states == {first["numero"]: "Deprecated", second["numero"]: "Approved"}


def test_the_same_command_twice_is_one_document(
    sandbox: Sandbox, shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.run(starter.FIRST) == 0
    assert "Le document est déposé au DMP.\n  Numéro du document : 2.25." in capsys.readouterr().out
    assert shell.run(starter.FIRST) == 0
    assert "qu'une fois" in capsys.readouterr().out
    assert shell.run(starter.SECOND) == 0
    assert shell.run(starter.SECOND) == 0
    assert len(held(sandbox)) == 2


def test_a_document_may_be_hidden(sandbox: Sandbox, shell: Shell) -> None:
    shell.json(starter.FIRST, "--hide-from", "personne", "--hide-from", "personne")
    (entry,) = held(sandbox).values()
    assert entry["confidentiality"] == ("N", "INVISIBLE_PATIENT")


@pytest.mark.parametrize("situation", ["depot-perdu", "depot-tronque"])
def test_a_lost_answer_is_looked_for_not_sent_again(sandbox: Sandbox, shell: Shell, situation: str) -> None:
    sandbox.choose("dmp", situation, 1)
    assert shell.json(starter.FIRST)["deja_la"]
    assert len(held(sandbox)) == 1
    deposits = [item for item in sandbox.journal.list("dmp") if item.verdict.operation == "TD2.1"]
    assert len(deposits) == 1


def test_an_answer_that_never_came_and_no_document(
    sandbox: Sandbox, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is cut before the deposit is treated; then the DMP answers again, or no more."""
    real = DmpClient.submit

    def cut_then(count: int | None) -> Callable[[DmpClient, FrozenSubmission], Acknowledgement]:
        def submit(client: DmpClient, frozen: FrozenSubmission) -> Acknowledgement:
            sandbox.choose("dmp", "coupure-avant", count)
            return real(client, frozen)

        return submit

    monkeypatch.setattr(DmpClient, "submit", cut_then(None))
    assert shell.error(starter.FIRST) == "CLI-004"
    sandbox.reset()
    monkeypatch.setattr(DmpClient, "submit", cut_then(1))
    assert shell.error(starter.FIRST) == "CLI-003"
    monkeypatch.undo()
    assert shell.json(starter.FIRST)["deja_la"] is False


@pytest.mark.parametrize(
    ("person", "code"),
    [("anna-kowalczyk", "DMP-001"), ("denise-pochard", "DMP-002"), ("germaine-ollivier", "DMP-042")],
)
def test_a_person_without_an_open_dmp_or_another_one(
    sandbox: Sandbox, shell: Shell, person: str, code: str
) -> None:
    assert shell.error(starter.FIRST, person=person) == code
    assert held(sandbox) == {}


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("type-refuse", "XDS-010"), ("empreinte-differente", "XDS-014"), ("certificat-signature", "DMP-010"),
        ("depot-occupe", "XDS-050"), ("dmp-ferme", "DMP-002"), ("page-html", "MTM-001"),
    ],
)  # fmt: skip
def test_each_refusal_of_the_dmp_is_explained(
    sandbox: Sandbox, shell: Shell, situation: str, code: str
) -> None:
    sandbox.choose("dmp", situation)
    assert shell.error(starter.FIRST) == code
    assert held(sandbox) == {}


def test_a_deposit_is_for_the_establishment(shell: Shell) -> None:
    assert shell.error(starter.FIRST, profile="professionnel") == "DMP-149"


def test_our_checks_come_first(
    sandbox: Sandbox, shell: Shell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = changed(shell, tmp_path, "fr-FR", "en-US")
    found = shell.json(path, code=1)
    assert [row["regle"] for row in found["constats"]] == ["CDA-R06"]
    assert found["erreur"]["code"] == "CDA-002"
    assert shell.run(path) == 1
    assert "CDA-002 : 1 erreur, rien n'a été envoyé." in capsys.readouterr().err
    assert sandbox.journal.list("dmp") == []


def test_a_replacement_is_said_by_the_document_itself(shell: Shell, sandbox: Sandbox) -> None:
    assert shell.error(starter.SECOND) == "CLI-001"
    assert shell.error(starter.FIRST, "--replaces", "1.2.3") == "CLI-002"
    assert shell.error(starter.SECOND, "--replaces", "1.2.3") == "CLI-002"
    assert held(sandbox) == {}


def test_what_is_not_a_document_never_leaves(sandbox: Sandbox, shell: Shell, tmp_path: Path) -> None:
    for data, code in (
        (b"", "FIC-001"),
        (b"<a", "FIC-003"),
        (b"<!DOCTYPE a><a/>", "FIC-004"),
        (b"<a/>", "CDA-001"),
    ):
        path = tmp_path / "document.xml"
        path.write_bytes(data)
        assert shell.error(path) == code
    assert sandbox.journal.list("dmp") == []
