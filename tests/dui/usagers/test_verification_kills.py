"""SIGKILL anywhere in a verification of the file active: every identity judged once, none lost, none twice.

`make test` plays 200 identities and a few kills; `make prove` plays 5,000 with many
(AMARRE_PROVE_IDENTITIES, AMARRE_PROVE_KILLS, AMARRE_PROVE_SEED).
"""

from __future__ import annotations

import datetime
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from amarre.cast.usagers import usager
from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now, today
from amarre.dui.usagers.models import Dossier, Identity
from amarre.dui.usagers.models.search_word import index_dossiers
from amarre.dui.usagers.services.start_verification import start_verification
from amarre.interop.ins.matricule import compute_key
from tests.dui.connected import House
from tests.dui.exchanges.kill_harness import KILLED, Scene, scene_in

pytestmark = pytest.mark.django_db(transaction=True)

MILESTONES = ("claimed", "queried", "before-send", "after-send", "before-settle", "settled")
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
JUDGED = "SELECT COUNT(*) FROM audit_trace WHERE verb = 'insi.verified'"


@pytest.fixture
def scene(tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("AMARRE_VERIFICATION_PER_MINUTE", "0")
    monkeypatch.setenv("AMARRE_VERIFICATION_LOT_LINES", os.environ.get("AMARRE_PROVE_LINES", "40"))
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
    start_verification(essms=house.essms, actor=house.referent)
    scene.open()
    for milestone in ("claimed", "before-settle"):
        assert scene.run(kill_at=milestone) == KILLED, scene.log()
    while scene.kills < kills and scene.left():
        scene.kill_at_random(draw, MILESTONES)
        assert scene.rows(TWICE) == []
        # What is said to be judged is written, and nothing else.
        settled = sum(
            number for outcome, number in scene.rows(OUTCOMES) if outcome in ("ok", "ko", "refusee")
        )
        assert settled == scene.rows(JUDGED)[0][0]
    scene.drain()
    print(f"{count} identities, {scene.kills} kills, {scene.starts} workers")
    assert scene.rows(STATE) == [("terminee",)]
    assert dict(scene.rows(OUTCOMES)) == {"ok": len(KNOWN), "ko": refuted}
    assert scene.rows(TWICE) == []
    assert scene.rows(JUDGED)[0][0] == count
    assert {row[1:] for row in scene.rows(REFUTED)} == {(1, 1, 1)}, "one consequence each"
