"""INSi: our share of a call, and a batch against what concurrency and latency allow."""

from __future__ import annotations

import itertools

from amarre.dui.usagers.connector import insi_client
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.ins import BirthDate, Environment, Sexe
from amarre.interop.ins.insi import InsiProfile, SearchCriteria, TraitsQuery, parse_answer, traits_request
from scripts.bench.house import Ground
from scripts.bench.timing import Figure, Row, Score
from scripts.bench_ins import batch_ratio, call_share

ALLOWED_MS = 5.0


def rows(ground: Ground) -> list[Row | Figure]:
    """Return the rows of INSi."""
    return [
        _share(ground),
        Figure(
            "INSi: our time", lambda seconds: call_share(int(50 + 60 * seconds))[0] / ALLOWED_MS, 1.0,
            "median of a whole search by traits without the network (request, checks, reading, judging), "
            f"against the {ALLOWED_MS:g} ms allowed", Score.SPENT,
        ),
        Figure(
            "INSi: batch", _batch, 0.95,
            "throughput of a verification of 400 identities through the sandbox, 8 calls at once, mutual TLS "
            "on loopback, 100 ms of latency, against concurrency ÷ latency of a call alone", Score.PART,
        ),
    ]  # fmt: skip


def _batch(seconds: float) -> float:
    return batch_ratio(
        identities=max(16, min(400, int(100 * seconds))), alone=max(3, min(20, int(5 * seconds)))
    )


def _share(ground: Ground) -> Row:
    """Return our share of a call, both sides with the clock of the processor."""
    client = insi_client(ground.house.profile)
    born = itertools.cycle((BirthDate("1938-04-12"),))

    def call() -> object:
        outcome = client.search_by_traits(SearchCriteria("LE BIHAN", "YVONNE", Sexe.F, next(born)))
        outcome.raise_if_failed()
        return outcome.calls[0]

    answer = client.search_by_traits(SearchCriteria("LE BIHAN", "YVONNE", Sexe.F, next(born))).calls[0].answer
    place = ground.house.essms.struct_idnat
    profile = InsiProfile(
        "https://localhost/lps", "IDAM", "amarre", "0.1", "bench", place, Environment.SANDBOX
    )
    query = TraitsQuery("LE BIHAN", "YVONNE", Sexe.F, BirthDate("1938-04-12"))

    def own() -> object:
        traits_request(query, profile, SystemClock(), SystemIds())
        return parse_answer(answer)

    return Row(
        "INSi: our share", own, call, 0.5,
        "building the request and reading the answer, against the whole call to the sandbox over mutual TLS "
        "on loopback (a real call is slower, so the real share is smaller)", Score.SHARE,
    )  # fmt: skip
