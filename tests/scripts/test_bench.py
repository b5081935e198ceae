"""The bench runs whole, compares in turn, and never judges a time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.bench.timing import Measure, Row, measure

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "scripts" / "bench" / "README.md"


def test_both_sides_run_in_turn() -> None:
    order: list[str] = []
    done = measure(Row("x", lambda: order.append("ours"), lambda: order.append("floor"), None, ""), 1.0, 4)
    assert order == ["floor", "ours"] * 6
    assert done.rounds == 4


def test_a_row_that_does_not_do_its_work_has_no_time() -> None:
    def broken() -> None:
        raise RuntimeError("404")

    with pytest.raises(RuntimeError):
        measure(Row("x", broken, lambda: None, None, ""))


@pytest.mark.parametrize(
    ("ours", "bar", "verdict"), [(2.0, 2.0, "met"), (2.1, 2.0, "not met"), (9.0, None, "no bar")]
)
def test_verdicts(ours: float, bar: float | None, verdict: str) -> None:
    assert Measure(Row("x", str, str, bar, ""), ours, 1.0, 3).verdict == verdict


def test_every_row_runs_and_is_explained() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bench", "--json", "--seconds", "0.01", "--people", "500"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    table = README.read_text(encoding="utf-8")
    for row in rows:
        bar = "none" if row["bar"] is None else f"{row['bar']:g}"
        described = next((line for line in table.splitlines() if line.startswith(f"| {row['name']} |")), "")
        assert described.split("|")[4].strip().removesuffix(" yet") == bar, row["name"]
        assert row["ratio"] > 0
        assert row["how"]
