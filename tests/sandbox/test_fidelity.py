"""The fidelity page: every service says what is faithful, simplified, absent, and every rule is used."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from amarre.sandbox import fidelity
from amarre.sandbox.app import SERVICES, Sandbox
from amarre.sandbox.scenarios import COMMON
from amarre.sandbox.services.dmp.rules import rules


def test_every_service_has_its_section() -> None:
    text = fidelity.page()
    for heading in fidelity.HEADINGS:
        assert text.count(f"\n### {heading}\n") == len(SERVICES)


@pytest.mark.parametrize(
    "text", ["# A\n\n## Fidèle\n- x\n", "# A\n\n## Fidèle\n- x\n## Simplifié\n\n## Absent\n- y\n"]
)
def test_a_wrong_readme_is_refused(text: str) -> None:
    with pytest.raises(fidelity.FidelityError):
        fidelity._section("x", text)


def test_the_page_is_written_then_checked(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "page.md"
    assert fidelity.main([str(path), "--check"]) == 1
    assert fidelity.main([str(path)]) == 0
    assert fidelity.main([str(path), "--check"]) == 0


def test_every_service_of_the_list_runs_and_describes_its_situations(sandbox: Sandbox) -> None:
    assert tuple(sandbox.services) == SERVICES
    for name in SERVICES:
        for situation, text in sandbox.scenario_names(name).items():
            assert re.fullmatch(r"[a-z0-9-]+", situation)
            assert text.endswith(".")
    assert set(COMMON) <= set(sandbox.scenario_names("dmp"))


def test_every_dmp_rule_has_a_source_and_is_used() -> None:
    folder = files("amarre.sandbox.services.dmp")
    code = "".join(
        folder.joinpath(item.name).read_text("utf-8")
        for item in folder.iterdir()
        if item.name.endswith(".py")
    )
    families = "http|mtom|soap|wsa|tls|vihf|rights|td02|xds|cda|xades|query|auth|retrieve|update|web"
    used = set(re.findall(rf'"((?:{families})\.[a-z0-9-]+)"', code))
    assert used - {"rights.tsv"} == set(rules())
    assert all(rule.source and rule.kept and rule.broken and rule.mend for rule in rules().values())


def test_the_page_of_the_documentation_is_up_to_date() -> None:
    root = Path(__file__).parents[2]
    assert fidelity.main([str(root / fidelity.DEFAULT), "--check"]) == 0, "python -m amarre.sandbox.fidelity"
