"""Files given on the command line: what is wrong with them is said, within time and memory."""

from __future__ import annotations

import json
import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from amarre.cli.__main__ import main
from amarre.interop import cda
from tests.interop.cda.documents import document

CDA = cda.encode(document())


def sparse(path: Path) -> None:
    """One gigabyte that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(2**30)


CASES: tuple[tuple[str, Callable[[Path], object], str], ...] = (
    ("empty", lambda path: path.write_bytes(b""), "FIC-001"),
    ("one gigabyte", sparse, "FIC-002"),
    ("binary", lambda path: path.write_bytes(bytes(range(256)) * 40), "FIC-003"),
    ("the PDF itself", lambda path: path.write_bytes(b"%PDF-1.4\n"), "FIC-003"),
    ("the archive itself", lambda path: path.write_bytes(b"PK\x03\x04"), "FIC-003"),
    ("cut", lambda path: path.write_bytes(CDA[:-200]), "FIC-003"),
    ("latin-1 said UTF-8", lambda path: path.write_bytes(CDA.decode().encode("latin-1")), "FIC-003"),
    ("UTF-16", lambda path: path.write_bytes(CDA.decode().encode("utf-16")), "FIC-003"),
    ("spaces", lambda path: path.write_bytes(b" \n" * 50), "FIC-003"),
    ("DOCTYPE", lambda path: path.write_bytes(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'), "FIC-004"),
    ("UTF-7", lambda path: path.write_bytes(b'<?xml version="1.0" encoding="utf-7"?><a/>'), "FIC-004"),
    ("five thousand levels", lambda path: path.write_bytes(b"<a>" * 5000), "FIC-004"),
    ("other XML", lambda path: path.write_bytes(b"<a/>"), "CDA-001"),
)


@pytest.mark.parametrize("verb", ["check", "show"])
@pytest.mark.parametrize(("make", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_wrong_content_is_explained(
    verb: str,
    make: Callable[[Path], object],
    code: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "document.xml"
    make(path)
    start = time.process_time()
    tracemalloc.start()
    assert main(["cda", verb, str(path), "--json"]) == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - start < 2
    assert peak < 64 * 1024 * 1024
    error = json.loads(capsys.readouterr().out)["erreur"]
    assert error["code"] == code
    assert "réessaiera" not in error["a_faire"]
    assert main(["cda", verb, str(path)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"{code} : ")


def test_what_is_not_an_ordinary_file_is_a_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "tube")
    for name, words in (("", "un dossier"), ("absent.xml", "n'existe pas"), ("tube", "fichier ordinaire")):
        with pytest.raises(SystemExit) as stop:
            main(["cda", "show", str(tmp_path / name)])
        assert stop.value.code == 2
        assert words in capsys.readouterr().err


def test_what_blocks_is_shown_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "document.xml"
    path.write_bytes(
        CDA.replace(b"fr-FR", b"en-US").replace(b'extension="899700000013"', b'extension="899700000014"')
    )
    assert main(["cda", "check", str(path)]) == 1
    labels = [line.split(" CDA")[0] for line in capsys.readouterr().out.splitlines() if " CDA-R" in line]
    assert labels == sorted(labels, key=lambda label: label != "Erreur")
    assert {"Erreur", "À vérifier"} == set(labels)
