"""A bad afternoon on real processes: a worker that lives, national services that die and come back.

What the tests beside this one prove step by step in one process (breaker, cancelling, opposition, order, dead
letter) is played here once with everything real: the worker, the sandbox, mutual TLS, the clock.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.exchanges.models import Circuit, Exchange
from amarre.dui.exchanges.services.cancel import cancel_exchange
from amarre.dui.exchanges.services.circuits import FAILURES_BEFORE_REST
from amarre.dui.exchanges.services.resume import resume_cause
from amarre.dui.usagers.models import DmpInformation
from amarre.sandbox.app import Sandbox
from tests.dui.connected import House, build_house
from tests.dui.exchanges.far_process import FarProcess, far_process
from tests.dui.exchanges.kill_harness import Scene, scene_in

pytestmark = pytest.mark.django_db(transaction=True)

STATES = "SELECT state FROM exchanges_exchange ORDER BY id"
ATTEMPTS = "SELECT attempts_made FROM exchanges_exchange ORDER BY id"
CAUSES = "SELECT cause FROM exchanges_exchange ORDER BY id"
DOUBTS = "SELECT COUNT(*) FROM exchanges_exchangeattempt WHERE outcome = 'inconnu'"
REST = {"circuit_rest_seconds": "2"}


@pytest.fixture
def far(tmp_path: Path, running_sandbox: Sandbox) -> Iterator[FarProcess]:
    # The certificates of the session's sandbox: making others takes seconds.
    folder = tmp_path / "far"
    shutil.copytree(running_sandbox.settings.data_dir / "pki", folder / "pki")
    with far_process(folder) as started:
        yield started


@pytest.fixture
def place(db: None, far: FarProcess, settings: object, tmp_path: Path) -> House:
    """The establishment, connected to the sandbox of the other process."""
    settings.MEDIA_ROOT = tmp_path / "documents"  # type: ignore[attr-defined]
    return build_house(far.far)


@pytest.fixture
def scene(tmp_path: Path, place: House) -> Iterator[Scene]:
    folder = tmp_path / "scene"
    folder.mkdir()
    with scene_in(folder, Path(settings.MEDIA_ROOT)) as opened:
        yield opened


def queue(place: House, *keys: str) -> list[DocumentVersion]:
    """File and queue one document for each key; the same key twice is the next version of its document."""
    dossiers = {key: place.dossier(key) for key in dict.fromkeys(keys)}
    versions = []
    for key in keys:
        versions.append(place.filed(dossiers[key]))
        with system_scope("test"):
            deposit_in_dmp(version=versions[-1], actor=place.actor)
    return versions


def states(*wanted: str) -> list[tuple[str]]:
    return [(state,) for state in wanted]


@pytest.mark.req("issue 4, outbox")
@pytest.mark.req("quality-bars F7")
def test_an_outage_is_waited_for_then_everything_leaves_in_order(
    place: House, far: FarProcess, scene: Scene
) -> None:
    first, second, cancelled, opposed, slow = queue(
        place, "marie-therese-quere", "marie-therese-quere", "zoe-adrun", "jean-riou", "catarina-tchitchi"
    )
    far.kill()
    scene.open()
    with scene.acting():
        with system_scope("test"):
            third = Exchange.objects.order_by("id")[2]
        cancel_exchange(exchange=third, actor=place.actor)
        place.inform(opposed.document.dossier, DmpInformation.Decision.OPPOSITION)
    worker = scene.start(forever=True, lease=30, proof_patience="1.5", **REST)
    scene.until("SELECT COUNT(*) FROM exchanges_circuit WHERE open_until IS NOT NULL", [(1,)])
    with scene.acting(), system_scope("test"):
        rest = Circuit.objects.get().open_until
        assert rest is not None
        tried = scene.rows(ATTEMPTS)
        assert sum(made for (made,) in tried) >= FAILURES_BEFORE_REST
        while now() < rest:
            assert scene.rows(ATTEMPTS) == tried, "nobody calls a service that rests"
    assert scene.rows(STATES)[2:4] == states("annule", "annule")
    far.start()
    far.choose("dmp", "depot-lent", 1)
    scene.until(STATES, states("accepte", "accepte", "annule", "annule", "accepte"))
    worker.send_signal(signal.SIGTERM)
    assert scene.wait(worker) == 0
    held = far.documents()
    assert sorted(held) == sorted(one.unique_id for one in (first, second, slow)), "neither more nor less"
    assert held[second.unique_id]["replaces"] == held[first.unique_id]["entry_uuid"]
    assert scene.rows(DOUBTS) == [(1,)], "the slow one was asked about"
    assert scene.rows("SELECT failures, open_until FROM exchanges_circuit") == [(0, None)]
    assert scene.rows(CAUSES)[2:4] == [("EXC-011",), ("DMP-061",)]


@pytest.mark.req("issue 4, outbox")
def test_what_stopped_is_explained_and_one_act_resumes_it(
    place: House, far: FarProcess, scene: Scene
) -> None:
    versions = queue(place, "marie-therese-quere", "zoe-adrun", "jean-riou")
    far.choose("dmp", "certificat-signature", 3)
    scene.open()
    worker = scene.start(forever=True, lease=30, **REST)
    scene.until(STATES, states("a_refaire", "a_refaire", "a_refaire"))
    assert scene.rows(CAUSES) == [("DMP-010",)] * 3
    assert far.documents() == {}
    with scene.acting():
        with system_scope("test"):
            said = [one.explanation for one in Exchange.objects.all()]
        assert all(part in one for one in said for part in ("what", "data_state", "advice"))
        assert resume_cause(cause="DMP-010", service="dmp", actor=place.actor) == 3
    scene.until(STATES, states("accepte", "accepte", "accepte"))
    worker.send_signal(signal.SIGTERM)
    assert scene.wait(worker) == 0
    assert sorted(far.documents()) == sorted(one.unique_id for one in versions)
