"""Figures of the INS part: our share of a call, the batch against its bound, matching of names.

Run alone with `python -m scripts.bench_ins`, or call the functions: each returns numbers and prints nothing.
"""

from __future__ import annotations

import dataclasses
import random
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

from amarre.cast import ESTABLISHMENTS
from amarre.cast.organisation import INSI_IDAM
from amarre.interop.clients.insi import InsiClient
from amarre.interop.clients.insi_batch import BatchOptions, verify_each
from amarre.interop.clients.insi_verification import SandboxVerification
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.ins import BirthDate, Environment, Ins, Sexe, Traits, ins_oid, matricule_received
from amarre.interop.ins.insi import InsiProfile, SearchCriteria
from amarre.interop.ins.matching_keys import Measure, match, measure
from amarre.interop.ins.verification import VerificationRequest
from amarre.interop.transport.http import (
    DEFAULT_DEADLINES,
    Deadlines,
    HttpRequest,
    HttpResponse,
    TlsHttpTransport,
)
from amarre.interop.transport.tls import client_context
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import Use
from amarre.sandbox.settings import SandboxSettings
from tests.interop.ins.insi import material
from tests.interop.ins.name_traps import TRAPS, near_strangers, same_pairs

CRITERIA = SearchCriteria("D'ESSAI", "ANNE-SOPHIE", Sexe.F, BirthDate("1984-12-01"), "63220")
STRUCTURE = ESTABLISHMENTS[0].struct_idnat


class _Instant:
    """A transport that answers at once: what remains is ours."""

    def __init__(self, body: bytes) -> None:
        self._response = HttpResponse(200, {}, body)

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        return self._response


def call_share(calls: int = 300) -> tuple[float, float]:
    """Return the median and the 95th centile, in milliseconds, of a search without the network."""
    profile = InsiProfile("https://localhost/lps", "x", "amarre", "0.1", "i", "10B0", Environment.SANDBOX)
    client = InsiClient(_Instant(material.found()), profile, SystemClock(), SystemIds())
    spent = []
    for _ in range(calls):
        start = time.perf_counter()
        client.search_by_traits(CRITERIA).raise_if_failed()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent), sorted(spent)[int(calls * 0.95)]


def batch_ratio(identities: int = 400, concurrency: int = 8, alone: int = 20) -> float:
    """Return the throughput of a verification through the sandbox, over concurrency ÷ latency.

    The latency is that of one call (median of `alone`): 100 ms that the sandbox waits, and its own work.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = SandboxSettings(
            Path(folder), plain_port=0, https_port=0, smtp_port=0, imap_port=0, durable=False
        )
        with Sandbox(settings, services=("insi",)) as sandbox:
            paths = sandbox.pki.paths(Use.INSI, STRUCTURE)
            transport = TlsHttpTransport(client_context(paths.authorities, paths.certificate, paths.key))
            profile = InsiProfile(
                f"{sandbox.https_url}/lps",
                INSI_IDAM,
                "amarre",
                "0.1",
                str(uuid.UUID(int=1)),
                STRUCTURE,
                Environment.SANDBOX,
            )
            sandbox.choose("insi", "latence-100-ms")
            port = SandboxVerification(transport, profile)
            options = BatchOptions(concurrency=concurrency)
            # Connections are opened before the clock starts.
            list(verify_each(port, _identities(concurrency), options))
            latency = _latency(port, alone)
            start = time.perf_counter()
            done = sum(
                event.result is not None for event in verify_each(port, _identities(identities), options)
            )
            elapsed = time.perf_counter() - start
            transport.close()
    return (done / elapsed) / (concurrency / latency)


def _latency(port: SandboxVerification, calls: int) -> float:
    """Return the median seconds of a call alone."""
    spent = []
    for request in _identities(calls):
        start = time.perf_counter()
        port.verify(request)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def _identities(count: int) -> list[VerificationRequest]:
    matricule, _ = matricule_received("2751263220749", "74")
    traits = Traits("ADRUN", "ZOE", Sexe.F, BirthDate("1975-12-31"), "63220")
    one = VerificationRequest("r", Ins(matricule, ins_oid("1.2.250.1.213.1.4.8")), traits)
    return [dataclasses.replace(one, reference=f"r{number}") for number in range(count)]


def matching_figures(count: int = 1_800, seed: int = 1) -> dict[str, Measure]:
    """Return the figures of the matching: one trap per record, then two, on generated pairs."""
    strangers = [(one, other, False) for one, other in near_strangers(count, seed + 1)]
    one_trap = [(one, other, True) for _, one, other in same_pairs(count, seed)]
    rng = random.Random(seed)
    two_traps = []
    for trap, one, other in same_pairs(count, seed + 2):
        second = rng.choice([name for name in TRAPS if name != trap])
        two_traps.append((one, TRAPS[second](rng, other), True))
    return {"one trap": measure(one_trap + strangers), "two traps": measure(two_traps + strangers)}


def match_cost(pairs: int = 2_000) -> float:
    """Return the mean cost of one comparison, in microseconds."""
    material_pairs = same_pairs(pairs, 9)
    start = time.perf_counter()
    for _, one, other in material_pairs:
        match(one, other)
    return (time.perf_counter() - start) / pairs * 1e6


def main() -> int:
    """Print every figure."""
    median, centile = call_share()
    lines = [f"our share of an INSi call: median {median:.2f} ms, p95 {centile:.2f} ms (bar 5 ms)"]
    lines.append(f"batch, 8 calls at once: {batch_ratio():.3f} of concurrency / latency (bar 0.95)")
    for name, found in matching_figures().items():
        lines.append(
            f"matching, {name}: precision {found.precision:.4f}, recall {found.recall:.4f}, recall of the"
            f" keys {found.keys_recall:.4f}, on {found.same} + {found.different} generated pairs"
        )
    lines.append(f"one comparison: {match_cost():.0f} µs")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
