"""SIGKILL anywhere in a verification of the file active: every identity judged once, none lost, none twice.

`make test` plays 200 identities and a few kills; `make prove` plays 5,000 with many
(AMARRE_PROVE_IDENTITIES, AMARRE_PROVE_KILLS, AMARRE_PROVE_SEED).
"""

from __future__ import annotations

import datetime
import itertools
import math
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from amarre.cast.usagers import usager
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now, today
from amarre.dui.usagers.models import Dossier, Identity, VerificationBatch
from amarre.dui.usagers.models.search_word import index_dossiers
from amarre.dui.usagers.selectors.verification_report import report
from amarre.dui.usagers.services.start_verification import start_verification
from amarre.interop.ins.matricule import compute_key
from tests.dui.connected import House
from tests.dui.exchanges.kill_harness import KILLED, Scene, scene_in

pytestmark = pytest.mark.django_db(transaction=True)

MILESTONES = ("claimed", "queried", "before-send", "after-send", "before-settle", "settled")
# Identities of a lot, and a minute (0: no limit). At full size the limit is what the batch waits for.
LINES = int(os.environ.get("AMARRE_PROVE_LINES", "40"))
RATE = int(os.environ.get("AMARRE_PROVE_RATE", "0"))
KNOWN = ("jean-riou", "marie-therese-quere", "zoe-adrun", "pierre-abgrall")
OUTCOMES = "SELECT outcome, COUNT(*) FROM usagers_verificationitem GROUP BY outcome"
TWICE = """
SELECT usager_id, COUNT(*) FROM audit_trace WHERE verb = 'insi.verified'
GROUP BY usager_id HAVING COUNT(*) > 1
"""
REFUTED = """
SELECT item.identity_id,
       (SELECT COUNT(*) FROM usagers_inshistory h WHERE h.identity_id = item.identity_id),
       (SELECT COUNT(*) FROM usagers_discrepancy d WHERE d.identity_id = item.identity_id),
       (SELECT COUNT(*) FROM usagers_identitychange c WHERE c.identity_id = item.identity_id
        AND c.field = 'statut' AND c.reason LIKE 'vérification%')
FROM usagers_verificationitem item WHERE item.outcome = 'ko'
"""
STATE = "SELECT state FROM usagers_verificationbatch"
UNQUALIFIED = "germaine-ollivier"
LOTS = """
SELECT lot.id, (SELECT COUNT(*) FROM usagers_verificationitem i WHERE i.lot_id = lot.id),
       MIN(attempt.started_at), MAX(attempt.started_at), COUNT(*)
FROM usagers_verificationlot lot
JOIN exchanges_exchangeattempt attempt ON attempt.exchange_id = lot.exchange_id
GROUP BY lot.id, lot.number ORDER BY lot.number
"""
JUDGED = "SELECT COUNT(*) FROM audit_trace WHERE verb = 'insi.verified'"


@pytest.fixture
def scene(tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("AMARRE_VERIFICATION_PER_MINUTE", str(RATE))
    # The first lot is made in this process, the others by the workers.
    monkeypatch.setenv("AMARRE_VERIFICATION_LOT_LINES", str(LINES))
    monkeypatch.setattr(settings, "AMARRE_VERIFICATION_LOT_LINES", LINES)
    folder = tmp_path / "scene"
    folder.mkdir()
    with scene_in(folder, Path(settings.MEDIA_ROOT)) as opened:
        yield opened


def crowd(house: House, count: int) -> int:
    """Give the establishment `count` qualified persons; return how many INSi does not confirm.

    Those of the cast are known of the sandbox and confirmed. The others are refuted, which is the hardest: a
    judgement made twice would leave two consequences.
    """
    for key in KNOWN:
        house.dossier(key)
    person = usager("jean-riou")
    born = datetime.date(1940, 1, 1)
    identities = []
    for number in range(count - len(KNOWN)):
        base = f"1{number % 90 + 10:02d}0729{number // 900 % 900 + 100:03d}{number % 900 + 100:03d}"
        identities.append(
            Identity(
                organisme_id=house.essms.organisme_id, local_number=f"K{number:06d}",
                nom_naissance=f"RIOU {_letters(number)}", prenoms="JEAN FRANCOIS", premier_prenom="JEAN",
                sexe="M", lieu_naissance="29151", search_key=f"RIOU {_letters(number)} JEAN FRANCOIS",
                date_naissance=(born + datetime.timedelta(days=number)).isoformat(),
                traits_from_insi=True, coherence_checked=True, matricule=base, cle=compute_key(base),
                ins_oid=person.ins_oid, ins_obtained_at=now(),
            )
        )  # fmt: skip
    entered = today() - datetime.timedelta(days=30)
    with system_scope("proof: a large file active"):
        made = Identity.objects.bulk_create(identities)
        rows = [
            Dossier(essms=house.essms, identity=one, number=one.local_number, entered_on=entered)
            for one in made
        ]
        index_dossiers(Dossier.objects.bulk_create(rows))
    return len(identities)


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in f"{number:05d}")


@pytest.mark.req("issue 3, kill -9 in a batch")
def test_killed_anywhere_each_identity_is_judged_once(house: House, scene: Scene) -> None:
    count = int(os.environ.get("AMARRE_PROVE_IDENTITIES", "200"))
    kills = int(os.environ.get("AMARRE_PROVE_KILLS", "4"))
    draw = random.Random(int(os.environ.get("AMARRE_PROVE_SEED", "20261120")))
    refuted = crowd(house, count)
    house.dossier(UNQUALIFIED, qualified=False)
    batch = start_verification(essms=house.essms, actor=house.referent)
    scene.open()
    start = time.monotonic()
    for milestone in ("claimed", "before-settle"):
        while scene.run(kill_at=milestone) != KILLED:
            assert scene.left(), scene.log()
    while scene.kills < kills and scene.left():
        scene.kill_at_random(draw, MILESTONES)
        assert scene.rows(TWICE) == []
        # What is said to be judged is written, and nothing else.
        settled = sum(
            number for outcome, number in scene.rows(OUTCOMES) if outcome in ("ok", "ko", "refusee")
        )
        assert settled == scene.rows(JUDGED)[0][0]
    # A worker ends as soon as nothing is due: it is started again until the rate let every lot leave.
    while scene.left():
        assert scene.run() == 0, scene.log()
    lots = scene.rows(LOTS)
    assert len(lots) == math.ceil(count / LINES)
    print(
        f"{count} identities in {len(lots)} lots played {sum(lot[-1] for lot in lots)} times, {scene.kills} "
        f"kills, {scene.starts} workers, {time.monotonic() - start:.0f} s; {dict(scene.rows(OUTCOMES))}; "
        f"judged twice: {len(scene.rows(TWICE))}; at most {RATE} a minute"
    )
    assert scene.rows(STATE) == [("terminee",)]
    assert dict(scene.rows(OUTCOMES)) == {"ok": len(KNOWN), "ko": refuted, "sans_objet": 1}
    assert scene.rows(TWICE) == []
    assert scene.rows(JUDGED)[0][0] == count
    assert {row[1:] for row in scene.rows(REFUTED)} == {(1, 1, 1)}, "one consequence each"
    assert_rate_kept(lots)
    with scene.acting(), system_scope("proof"):
        told = report(VerificationBatch.objects.get(pk=batch.pk))
    assert (told.done, told.total) == (count + 1, count + 1)
    assert {line.key: line.count for line in told.lines} == dict(scene.rows(OUTCOMES))


def assert_rate_kept(lots: list[tuple[Any, ...]]) -> None:
    """A lot leaves once the one before had its share of the minute, whoever died meanwhile."""
    if not RATE:
        return
    for (_, lines, _, last, _), (_, _, first, _, _) in itertools.pairwise(lots):
        assert _moment(first) - _moment(last) >= datetime.timedelta(minutes=lines / RATE)


def _moment(value: datetime.datetime | str) -> datetime.datetime:
    """Return a moment as the database gives it: SQLite gives its text."""
    return value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)
