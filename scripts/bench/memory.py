"""Memory: what a deposit of 10 MB adds to the process, from the freezing to the answer read."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from amarre.dui.dmp.connector import answer_keeper, dmp_profile
from amarre.dui.dmp.depositors import depositor
from amarre.dui.documents import store
from amarre.dui.documents.identity import open_gate
from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.dmp import FrozenSubmission
from scripts.bench.deposits import FarDmp, filed
from scripts.bench.house import Ground
from scripts.bench.timing import Absent, Figure, Score

SIZE = 10_000_000
BAR = 8.0
_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_BODY = re.compile(rb'(representation="B64">)[^<]*')
NAME = "deposit of 10 MB: memory"


def rows(ground: Ground) -> list[Figure | Absent]:
    """Return the row of the memory. It reads what Linux says of this process."""
    try:
        _RESET.write_text("5")
    except OSError as error:
        return [Absent(NAME, BAR, f"Linux does not say the peak of this process here ({error})")]
    return [
        Figure(
            NAME, lambda seconds: _growth(ground), BAR,
            "highest memory of the process above what it held before, during three deposits of a document of "
            "10 MB one after the other (frozen, kept bytes read back, MTOM, mutual TLS, answer), in sizes of "
            "the document; the server that receives it is in the same process", Score.SPENT,
        )
    ]  # fmt: skip


def _growth(ground: Ground) -> float:
    house = ground.house
    far = FarDmp(ground)
    profile = dmp_profile(house.profile, depositor(house.loic, house.essms))
    profile = replace(profile, base_url=house.profile.dmp_url, max_document_bytes=2 * SIZE)
    client = DmpClient(answer_keeper(house.profile), profile, clock=SystemClock(), ids=SystemIds())
    identity = open_gate(ground.dossier.identity, house.profile)
    small = store.get(filed(ground).cda_sha256)

    def deposit(document: bytes) -> None:
        kept = client.prepare(identity, document).to_bytes()
        client.submit(FrozenSubmission.from_bytes(kept))

    deposit(small)
    far.forget()
    document = _BODY.sub(rb"\1" + b"QUJD" * (SIZE // 4), small)
    return _peak_above(lambda: [deposit(document) for _ in range(3)]) / len(document)


def _peak_above(work: Callable[[], object]) -> float:
    """Return how many bytes `work` held at most, beyond what the process held before."""
    gc.collect()
    _RESET.write_text("5")
    before = _kilobytes("VmRSS")
    work()
    return (_kilobytes("VmHWM") - before) * 1024


def _kilobytes(key: str) -> int:
    found = re.search(rf"{key}:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"))
    assert found is not None
    return int(found[1])
