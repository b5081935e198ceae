"""Four persons qualify one identity at the same moment, from four processes: one effect, on both engines."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.dui.connected import House
from tests.dui.exchanges.kill_harness import ROOT, Scene, scene_in
from tests.dui.usagers.cases import asked, opened

pytestmark = pytest.mark.django_db(transaction=True)

ACTS = ("accept", "see", "accept", "see")
STATE = "SELECT traits_from_insi, coherence_checked, matricule FROM usagers_identity"
ACCEPTED = "SELECT COUNT(*) FROM audit_trace WHERE verb = 'insi.accepted'"
SEEN = "SELECT COUNT(*) FROM usagers_identityevidence WHERE voided_at IS NULL"
STATUSES = "SELECT after FROM usagers_identitychange WHERE field = 'statut' ORDER BY id"
FORMER = "SELECT COUNT(*) FROM usagers_inshistory"


@pytest.fixture
def scene(tmp_path: Path, house: House) -> Iterator[Scene]:
    with scene_in(tmp_path, Path(settings.MEDIA_ROOT)) as opened_scene:
        yield opened_scene


@pytest.mark.req("issue 3: concurrent qualification of the same person has one effect")
def test_four_at_once_have_one_effect(house: House, scene: Scene, tmp_path: Path) -> None:
    search = asked(house, opened(house))
    assert search.outcome == "found"
    scene.open()
    gate = tmp_path / "gate"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", "")))),
        "DJANGO_SETTINGS_MODULE": "tests.dui.exchanges.proof_settings",
        "DATABASE_URL": scene._database_url(),
        "AMARRE_PROOF_DOCUMENTS": str(settings.MEDIA_ROOT),
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.dui.usagers.qualifying_process", act, str(search.pk),
             str(house.maud.pk), str(house.essms.pk), str(gate)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for act in ACTS
    ]  # fmt: skip
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready", process.communicate()[1]
        gate.touch()
        said = [process.communicate(timeout=60)[0].strip() for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert sorted(said) == ["SearchNotDecidable", "done", "done", "done"]
    assert [(bool(a), bool(b), m) for a, b, m in scene.rows(STATE)] == [(True, True, "2380429151101")]
    assert scene.rows(ACCEPTED) == [(1,)]
    assert scene.rows(SEEN) == [(2,)]
    assert scene.rows(FORMER) == [(0,)]
    statuses = [row[0] for row in scene.rows(STATUSES)]
    assert statuses in (
        ["identité récupérée", "identité qualifiée"],
        ["identité validée", "identité qualifiée"],
    )
