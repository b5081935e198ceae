"""The DMP driven by a program without a line of ours, nor of any library: standard library, openssl, curl."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from amarre.sandbox import starter
from amarre.sandbox.app import Sandbox

SCRIPT = Path(__file__).resolve().parents[4] / "scripts" / "dmp_by_hand.py"


def drive(sandbox: Sandbox, *more: str) -> tuple[int, list[dict[str, str]]]:
    # -I and -S: neither this repository nor any installed package can be imported.
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(starter.folder(sandbox.settings.data_dir)), *more],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.needs("curl")
@pytest.mark.needs("openssl")
def test_a_foreign_program_deposits_through_tls(sandbox: Sandbox, tmp_path: Path) -> None:
    code, (asked, deposited, found) = drive(sandbox)
    assert (code, asked["etat"], deposited["reponse"]) == (0, "active", "Success")
    assert found["fiche"].startswith("urn:uuid:")
    for exchange in sandbox.journal.list("dmp"):
        failed = [remark.rule for remark in exchange.verdict.remarks if not remark.passed]
        assert (exchange.verdict.accepted, failed) == (True, [])
    assert list(sandbox.state()["dmp"]["documents"])[-1] == deposited["numero"]  # type: ignore[index,call-overload]
    code, (_, again, _) = drive(sandbox)
    assert (code, again["erreurs"].split()[0]) == (1, "XDSDuplicateUniqueIdInRegistry")
    wrong = (
        (starter.folder(sandbox.settings.data_dir) / starter.FIRST).read_text().replace("80788-3", "51851-4")
    )
    (tmp_path / "faux.xml").write_text(wrong)
    _, (_, refused, _) = drive(sandbox, "--document", str(tmp_path / "faux.xml"))
    assert "XDSRegistryMetadataError" in refused["erreurs"]
