"""`amarre mss`, against the simulated operator."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from amarre.cli.commands.mss import add_parser
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.settings import SandboxSettings
from tests.sandbox.services.mssante.samples import MAILBOX, NURSE, STRUCTURE, message


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    settings = SandboxSettings(
        data_dir=tmp_path_factory.mktemp("sandbox"), plain_port=0, https_port=0, smtp_port=0, imap_port=0
    )
    with Sandbox(settings, services=("mssante",)) as running:
        yield running


def run(sandbox: Sandbox, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    paths = sandbox.pki.paths(Use.MSSANTE, STRUCTURE)
    addresses = sandbox.addresses()
    ports = [
        "--smtp-port",
        addresses["smtp"].rpartition(":")[2],
        "--imap-port",
        addresses["imap"].rpartition(":")[2],
    ]
    files = ["--ca", str(sandbox.pki.authorities), "--cert", str(paths.certificate), "--key", str(paths.key)]
    args = parser.parse_args(["mss", *arguments, "--mailbox", MAILBOX, *ports, *files])
    return int(args.run(args))


def test_a_message_leaves_and_its_receipt_is_read(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(sandbox, "receipts") == 0
    assert capsys.readouterr().out == "Aucun avis.\n"
    file = tmp_path / "message.eml"
    file.write_bytes(message().as_bytes())
    assert run(sandbox, "send", str(file), "--to", NURSE) == 0
    assert capsys.readouterr().out.startswith("Message pris par l'opérateur : 250 ")
    assert run(sandbox, "receipts", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["kind"], row["recipient"]) == ("remis", NURSE)


def test_a_file_without_identifier_is_a_wrong_use(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "message.eml"
    file.write_bytes(b"Subject: x\r\n\r\nx\r\n")
    assert run(sandbox, "send", str(file), "--to", NURSE) == 2
