"""SIGKILL between any two steps of a deposit: nothing lost, one document, no false status.

`make test` plays every milestone once and a few random kills; `make prove` plays the same code with hundreds
(AMARRE_PROVE_KILLS, AMARRE_PROVE_DEPOSITS, AMARRE_PROVE_SEED).
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from amarre.dui.core.clock import now
from amarre.dui.documents.rendering import Section
from amarre.dui.documents.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.services.file_document import Draft, file_document
from amarre.dui.usagers.models import Dossier
from tests.dui.connected import House
from tests.dui.exchanges.kill_harness import KILLED, Scene, scene_in

pytestmark = pytest.mark.django_db(transaction=True)

# Milestones of every exchange, in the order of a life where the first claim died.
MILESTONES = ("claimed", "queried", "before-send", "after-send", "before-settle", "settled")
PEOPLE = ("marie-therese-quere", "catarina-tchitchi", "zoe-adrun", "pierre-abgrall")
ROWS = """
SELECT version.unique_id, exchange.state, exchange.attempts_made, deposit.accepted_at,
       deposit.acknowledgement_sha256, exchange.outcome_unknown
FROM exchanges_exchange exchange
JOIN documents_dmpdeposit deposit ON deposit.exchange_id = exchange.id
JOIN documents_documentversion version ON version.id = deposit.version_id
ORDER BY exchange.id
"""


@pytest.fixture
def scene(tmp_path: Path, house: House) -> Iterator[Scene]:
    folder = tmp_path / "scene"
    folder.mkdir()
    with scene_in(folder, Path(settings.MEDIA_ROOT)) as opened:
        yield opened


def ask_deposits(house: House, count: int) -> list[str]:
    """File and queue `count` documents of a few persons; return their uniqueIds."""
    dossiers = [house.dossier(key) for key in PEOPLE[: min(count, len(PEOPLE))]]
    return [_ask(house, dossiers[number % len(dossiers)], number) for number in range(count)]


def _ask(house: House, dossier: Dossier, number: int) -> str:
    draft = Draft(
        source_kind="proof",
        source_id=number,
        type_code="80788-3",
        title="Projet d'accompagnement personnalisé",
        subtitle="",
        summary=(),
        sections=(Section("Attentes", ("Rester chez elle.",)),),
        act_started_at=now(),
    )
    version = file_document(dossier=dossier, draft=draft, author=house.loic, actor=house.actor)
    deposit_in_dmp(version=version, actor=house.actor)
    return version.unique_id


def in_the_dmp(house: House) -> dict[str, dict[str, Any]]:
    assert house.sandbox is not None
    state: Any = house.sandbox.state()["dmp"]
    return dict(state["documents"])


def assert_exact(house: House, scene: Scene, asked: list[str]) -> None:
    """Every document asked is in the DMP once, and its row says so with its acknowledgement."""
    assert sorted(in_the_dmp(house)) == sorted(asked), "one document each, none lost, none doubled"
    rows = scene.rows(ROWS)
    assert [row[0] for row in rows] == asked
    for unique_id, state, _, accepted_at, acknowledgement, in_doubt in rows:
        assert (state, bool(in_doubt)) == ("accepte", False), (unique_id, scene.log())
        assert accepted_at is not None
        assert (Path(scene.documents) / acknowledgement[:2] / acknowledgement[2:4] / acknowledgement).exists()


def assert_no_false_status(house: House, scene: Scene) -> None:
    """At any moment: « accepté » means that the DMP has it."""
    held = in_the_dmp(house)
    for unique_id, state, *_ in scene.rows(ROWS):
        if state == "accepte":
            assert unique_id in held


@pytest.mark.req("issue 2, SIGKILL")
def test_killed_at_every_milestone(house: House, scene: Scene) -> None:
    asked = ask_deposits(house, 3)
    scene.open()
    for milestone in MILESTONES:
        assert scene.run(kill_at=milestone) == KILLED, (milestone, scene.log())
        assert_no_false_status(house, scene)
    scene.drain()
    assert scene.kills == len(MILESTONES)
    assert_exact(house, scene, asked)


@pytest.mark.req("issue 2, SIGKILL")
@pytest.mark.parametrize("situation", ["depot-perdu", "depot-tronque"])
def test_killed_after_an_answer_that_was_lost(house: House, scene: Scene, situation: str) -> None:
    asked = ask_deposits(house, 1)
    scene.open()
    assert house.sandbox is not None
    house.sandbox.choose("dmp", situation, 1)
    assert scene.run(kill_at="before-settle") == KILLED
    assert scene.rows(ROWS)[0][1] == "envoye", "stored at the DMP, and nobody knows"
    scene.drain()
    assert_exact(house, scene, asked)


@pytest.mark.req("quality-bars F10")
@pytest.mark.parametrize("milestone", ["before-send", "after-send"])
def test_a_frozen_worker_that_wakes_up_changes_nothing(house: House, scene: Scene, milestone: str) -> None:
    asked = ask_deposits(house, 1)
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
def test_killed_at_random(house: House, scene: Scene) -> None:
    wanted = int(os.environ.get("AMARRE_PROVE_KILLS", "2"))
    asked = ask_deposits(house, int(os.environ.get("AMARRE_PROVE_DEPOSITS", "2")))
    random_source = random.Random(int(os.environ.get("AMARRE_PROVE_SEED", "20261120")))
    scene.open()
    while scene.kills < wanted and scene.left():
        scene.kill_at_random(random_source, MILESTONES)
        assert_no_false_status(house, scene)
    scene.drain()
    print(f"{len(asked)} deposits, {scene.kills} kills, {scene.starts} workers")
    assert_exact(house, scene, asked)


def _wait_until_stopped(pid: int) -> None:
    """Wait until the process is frozen by its milestone."""
    status = os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    assert status is not None
    assert status.si_code == os.CLD_STOPPED
