"""SIGKILL between any two steps of a message, and of the reading of its notice: one message by Message-ID."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from amarre.dui.documents.models import MssanteMessage
from tests.dui.connected import House
from tests.dui.documents.mail import copies, entry, send
from tests.dui.exchanges.kill_harness import KILLED, Scene, scene_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("issue 2, SIGKILL")]

MILESTONES = ("claimed", "queried", "before-send", "after-send", "before-settle", "settled")
STATES = "SELECT state, outcome_unknown, receipt FROM exchanges_exchange ORDER BY id"
RECEIPTS = "SELECT COUNT(*), COUNT(DISTINCT message_id) FROM documents_mailreceipt"


@pytest.fixture
def scene(tmp_path: Path, house: House) -> Iterator[Scene]:
    folder = tmp_path / "scene"
    folder.mkdir()
    with scene_in(folder, Path(settings.MEDIA_ROOT)) as opened:
        yield opened


def ask(house: House, count: int) -> list[MssanteMessage]:
    """Queue `count` messages about one person, to Claire Roussel."""
    version, chosen = house.filed(), entry(house)
    return [send(house, version, entry=chosen, again=number) for number in range(count)]


def assert_exact(house: House, scene: Scene, asked: list[MssanteMessage]) -> None:
    assert [copies(house, message) for message in asked] == [1] * len(asked)
    assert [(state, bool(doubt)) for state, doubt, _ in scene.rows(STATES)] == [("accepte", False)] * len(
        asked
    )


def test_killed_at_every_milestone_of_a_message(house: House, scene: Scene) -> None:
    asked = ask(house, 2)
    scene.open()
    for milestone in MILESTONES:
        assert scene.run(kill_at=milestone) == KILLED, (milestone, scene.log())
        for message, (state, *_) in zip(asked, scene.rows(STATES), strict=True):
            assert state != "accepte" or copies(house, message) == 1, milestone
    scene.drain()
    assert_exact(house, scene, asked)


def test_killed_after_an_answer_that_was_lost(house: House, scene: Scene) -> None:
    asked = ask(house, 1)
    scene.open()
    assert house.sandbox is not None
    house.sandbox.choose("mssante", "reponse-perdue", 1)
    assert scene.run(kill_at="before-settle") == KILLED
    assert scene.rows(STATES)[0][0] == "envoye"
    scene.drain()
    assert_exact(house, scene, asked)


@pytest.mark.parametrize("milestone", ["before-receipt", "after-receipt"])
def test_killed_while_reading_the_notices(house: House, scene: Scene, milestone: str) -> None:
    asked = ask(house, 1)
    scene.open()
    assert scene.run(kill_at=milestone, receipts_seconds="0") == KILLED, scene.log()
    assert scene.run(receipts_seconds="0") == 0, scene.log()
    assert scene.rows(STATES)[0][2] == "remis"
    assert scene.rows(RECEIPTS) == [(1, 1)]
    assert_exact(house, scene, asked)


@pytest.mark.needs("postgresql")
def test_two_people_pressing_at_once_make_one_message(house: House) -> None:
    version, chosen = house.filed(), entry(house)
    actor = house.actor
    start = threading.Barrier(2)
    made: list[int] = []

    def press() -> None:
        start.wait()
        try:
            made.append(send(house, version, entry=chosen, actor=actor).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 2
    assert len(set(made)) == 1
