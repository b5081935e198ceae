"""SIGKILL between any two steps of a deposit, answers lost or late: one document each, no false status.

`make test` plays every milestone once and a small random run; `make prove` plays the same code at full size
(AMARRE_PROVE_KILLS, AMARRE_PROVE_DEPOSITS, AMARRE_PROVE_ROUNDS, AMARRE_PROVE_SEED).
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from tests.dui.connected import House
from tests.dui.exchanges.deposit_proof import (
    ROWS,
    TroubledDmp,
    ask_deposits,
    assert_exact,
    assert_no_false_status,
    tally,
)
from tests.dui.exchanges.kill_harness import KILLED, Scene, scene_in

pytestmark = pytest.mark.django_db(transaction=True)

# Every named point of a deposit's life. « queried » follows a death; « number-known » to « completed » belong
# to a version that replaces another.
MILESTONES = (
    "claiming", "claimed", "queried", "number-known", "completing", "completed", "before-send",
    "existence-known", "submitted", "after-send", "before-settle", "settling", "applied", "settled",
)  # fmt: skip
SEED = int(os.environ.get("AMARRE_PROVE_SEED", "20261120"))
FULL = "AMARRE_PROVE_DEPOSITS" in os.environ
PAIRS = {"at_once": 2, "lease": 8}


@pytest.fixture
def scene(tmp_path: Path, house: House) -> Iterator[Scene]:
    folder = tmp_path / "scene"
    folder.mkdir()
    with scene_in(folder, Path(settings.MEDIA_ROOT)) as opened:
        yield opened


@pytest.mark.req("issue 2, SIGKILL")
@pytest.mark.req("quality-bars F2")
def test_killed_at_every_milestone(house: House, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each point, `rounds` times, over documents half of which have a version that replaces another."""
    rounds = int(os.environ.get("AMARRE_PROVE_ROUNDS", "1"))
    asked = ask_deposits(house, 4 + 8 * rounds, monkeypatch, second_every=1)
    scene.open()
    reached: dict[str, int] = {}
    for turn in range(rounds):
        for milestone in MILESTONES:
            code = scene.run(kill_at=milestone)
            assert code in (0, KILLED), (milestone, scene.log())
            reached[milestone] = reached.get(milestone, 0) + (code == KILLED)
            if turn % 5 == 0:
                assert_no_false_status(house, scene)
    scene.drain()
    print(f"{len(asked.unique_ids)} deposits, {scene.kills} kills, by milestone: {reached}")
    assert min(reached.values()) == max(reached.values()) == rounds, reached
    assert_exact(house, scene, asked)


@pytest.mark.req("issue 2, SIGKILL")
@pytest.mark.parametrize("situation", ["depot-perdu", "depot-tronque"])
def test_killed_after_an_answer_that_was_lost(
    house: House, scene: Scene, monkeypatch: pytest.MonkeyPatch, situation: str
) -> None:
    asked = ask_deposits(house, 1, monkeypatch)
    scene.open()
    assert house.sandbox is not None
    house.sandbox.choose("dmp", situation, 1)
    assert scene.run(kill_at="before-settle") == KILLED
    assert scene.rows(ROWS)[0][1] == "envoye", "stored at the DMP, and nobody knows"
    scene.drain()
    assert_exact(house, scene, asked)


@pytest.mark.req("quality-bars F10")
@pytest.mark.parametrize("milestone", ["before-send", "after-send"])
def test_a_frozen_worker_that_wakes_up_changes_nothing(
    house: House, scene: Scene, monkeypatch: pytest.MonkeyPatch, milestone: str
) -> None:
    asked = ask_deposits(house, 1, monkeypatch)
    scene.open()
    frozen = scene.start(lease=1, stop_at=milestone)
    _wait_until_stopped(frozen.pid)
    time.sleep(1.2)
    scene.drain()
    assert_exact(house, scene, asked)
    os.kill(frozen.pid, signal.SIGCONT)
    assert scene.wait(frozen) == 0
    assert "stale lease" in scene.log()
    assert_exact(house, scene, asked)


@pytest.mark.req("issue 2, SIGKILL")
@pytest.mark.req("quality-bars F1, F3, F4")
def test_killed_at_random(house: House, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers killed anywhere, two at a time; answers lost, late, cut, replaced by the page of a proxy."""
    wanted = int(os.environ.get("AMARRE_PROVE_KILLS", "2"))
    asked = ask_deposits(house, int(os.environ.get("AMARRE_PROVE_DEPOSITS", "6")), monkeypatch)
    far = TroubledDmp(random.Random(SEED))
    far.install(monkeypatch)
    monkeypatch.setenv("AMARRE_PROOF_PATIENCE", "1.5")
    random_source = random.Random(SEED + 1)
    # Killed after this many passages at most: the deaths are spread over the whole run.
    spread = max(1, len(asked.unique_ids) // max(1, wanted))
    scene.open()
    scene.watch = partial(assert_no_false_status, house, scene)
    start = time.monotonic()
    while scene.kills < wanted and scene.left():
        # Two that live at once need a lease: without one, each would take the other for dead.
        scene.kill_at_random(random_source, MILESTONES, spread=spread, **(PAIRS if FULL else {}))
        assert_no_false_status(house, scene)
    scene.drain()
    print(
        f"{len(asked.unique_ids)} deposits ({len(asked.replaced)} replacements), {scene.kills} kills, "
        f"{scene.starts} workers, {len(far.calls)} calls; answers spoilt: {far.fates(of_deposits=True)} to "
        f"deposits, {far.fates(of_deposits=False)} to questions; {time.monotonic() - start:.0f} s to drain: "
        f"{tally(house, scene, asked, far.stored())}"
    )
    assert_exact(house, scene, asked, far.stored())
    far.assert_asked_before_any_resend()
    assert scene.kills >= wanted or not FULL


def _wait_until_stopped(pid: int) -> None:
    """Wait until the process is frozen by its milestone."""
    status = os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    assert status is not None
    assert status.si_code == os.CLD_STOPPED
