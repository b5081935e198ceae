"""The conformance script, without official files, and with them when they are on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "conformance.py"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *words], capture_output=True, text=True, check=False, timeout=300
    )


def test_without_a_folder_it_says_what_to_fetch() -> None:
    done = run()
    assert done.returncode == 2
    assert "OFFICIAL=DIR" in done.stderr
    assert "DIR/cda" in done.stderr


def test_absent_files_are_named_and_our_own_rules_still_run(tmp_path: Path) -> None:
    done = run(str(tmp_path), "--only", "cda-own-rules,cda-emitted")
    assert done.returncode == 0, done.stdout
    assert "ABSENT       cda-emitted" in done.stdout
    assert "CDA_extended.xsd" in done.stdout
    assert "OK           cda-own-rules · projet-ime" in done.stdout
    assert "ÉCHEC" not in done.stdout


@pytest.mark.needs("official")
def test_what_we_emit_passes_the_official_suite() -> None:
    done = run(os.environ["AMARRE_OFFICIAL"], "--only", "cda-emitted,cda-filed")
    assert done.returncode == 0, done.stdout
