"""Class 1 and 2 at the entrances of the command line: what a file may hold, said in French, within limits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amarre.cli.__main__ import main
from amarre.interop import cda
from tests.hostile.limits import bounded
from tests.hostile.xml_external import attacks, canary
from tests.hostile.xml_floods import FLOODS
from tests.interop.cda.documents import document
from tests.interop.ins.insi import material as insi

COMMANDS = {
    "ins explain": (["ins", "explain"], insi.found()),
    "cda check": (["cda", "check"], cda.encode(document())),
    "cda show": (["cda", "show"], cda.encode(document())),
}
# Of each family of floods, the one that costs a careless reader most; the parser meets them all.
COSTLY = (
    "billion laughs", "quadratic", "5,000,000 levels, never closed", "1,500,000 attributes",
    "25 attributes, 100,000 times", "a comment of 19 MB", "25 MB",
)  # fmt: skip


@pytest.mark.req("S4")
@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_read_outside_nor_called(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, valid = COMMANDS[command]
    file = tmp_path / "recu.xml"
    with canary(tmp_path) as bird, bounded(command, seconds=10):
        for attack in attacks(valid, bird):
            file.write_bytes(attack.data)
            code = main([*words, str(file), "--json"])
            shown = capsys.readouterr()
            bird.assert_untouched(shown.out, shown.err)
            assert json.loads(shown.out), attack.name
            if attack.refused and command != "ins explain":
                assert code == 1, attack.name


@pytest.mark.req("S4")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flood", COSTLY)
def test_no_file_costs_more_than_it_may(
    command: str, flood: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, _ = COMMANDS[command]
    file = tmp_path / "recu.xml"
    file.write_bytes(next(one for one in FLOODS if one.name == flood).document())
    with bounded(f"{command}, {flood}"):
        main([*words, str(file), "--json"])
    assert json.loads(capsys.readouterr().out)
