"""The heavy proofs, seeded: the tests of `make test` that play a sample, played in full.

    make prove                                    every proof, with its usual size
    python -m scripts.prove --kills 300 --seed 7  another size, another run
    python -m scripts.prove --list

Prints the seed: the same seed gives the same run, but for moments that the machine decides.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Proof:
    """One test played at full size: what it proves, where it is."""

    name: str
    sentence: str
    test: str


PROOFS = (
    Proof(
        "kills",
        "F1, F3, F4: deposits, workers killed anywhere two at a time, answers lost (10 %), late (3 %), cut, "
        "MTOM included, or replaced by the page of a proxy (9 %): nothing lost, one document each, no false "
        "status",
        "tests/dui/exchanges/test_kill_points.py::test_killed_at_random",
    ),
    Proof(
        "points",
        "F2: workers killed at every named point, many times each, replacements included",
        "tests/dui/exchanges/test_kill_points.py::test_killed_at_every_milestone",
    ),
    Proof(
        "answers",
        "F5: every bad answer to a deposit and to the questions around it: no lie, a sentence for each cause",
        "tests/dui/dmp/test_bad_answers.py",
    ),
    Proof(
        "slow",
        "F6: services that drip, never end, announce 10 GB: each call freed at its deadline",
        "tests/interop/clients/test_slow_services.py",
    ),
    Proof(
        "verification",
        "workers killed in a verification of the file active: each identity judged once, the rate kept, the "
        "report by outcome",
        "tests/dui/usagers/test_verification_kills.py::test_killed_anywhere_each_identity_is_judged_once",
    ),
    Proof(
        "files",
        "classes 1, 4, 5, 6: every entrance that takes a file, every hostile file",
        "tests/dui/test_foreign_files.py",
    ),
    Proof(
        "traps",
        "rows of name traps through import, INSi, search and duplicates, each as expected",
        "tests/dui/usagers/test_name_traps.py::test_every_row_of_the_traps_ends_as_expected",
    ),
    Proof(
        "statuses",
        "series of acts on an identity, in any order: the table of the RNIV and no other transition",
        "tests/dui/usagers/test_status_machine.py::test_any_series_of_acts_follows_the_table",
    ),
)


def run(proof: Proof, arguments: argparse.Namespace) -> int:
    """Play one proof and return the code of pytest."""
    print(f"{proof.name}: {proof.sentence} (seed {arguments.seed})", flush=True)
    environment = {
        **os.environ,
        "AMARRE_PROVE_KILLS": str(arguments.kills),
        "AMARRE_PROVE_DEPOSITS": str(arguments.deposits),
        "AMARRE_PROVE_ROUNDS": str(arguments.rounds),
        "AMARRE_PROVE_ANSWERS": "all",
        "AMARRE_PROVE_SLOW_CALLS": str(arguments.slow_calls),
        "AMARRE_PROVE_IDENTITIES": str(arguments.identities),
        "AMARRE_PROVE_LINES": str(max(1, arguments.identities // 50)),
        "AMARRE_PROVE_RATE": str(arguments.per_minute),
        "AMARRE_PROVE_FILES": "all",
        "AMARRE_PROVE_TRAPS": str(arguments.traps),
        "AMARRE_PROVE_SERIES": str(arguments.series),
        "AMARRE_PROVE_TIMEOUT": "3600",
        "AMARRE_PROVE_SEED": str(arguments.seed),
    }
    start = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:randomly", proof.test]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    print(f"{proof.name}: {'proved' if code == 0 else 'FAILED'} in {time.monotonic() - start:.0f} s")
    return code


def main() -> int:
    """Play the proofs asked for; return 1 when one fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="proofs to play (all of them by default)")
    parser.add_argument("--list", action="store_true", help="say which proofs there are")
    parser.add_argument("--kills", type=int, default=120, help="workers to kill")
    parser.add_argument("--deposits", type=int, default=1_000, help="documents to deposit")
    parser.add_argument("--rounds", type=int, default=25, help="kills at each named point")
    parser.add_argument("--slow-calls", type=int, default=200, help="calls to services that never end")
    parser.add_argument("--identities", type=int, default=5_000, help="identities to verify")
    parser.add_argument("--per-minute", type=int, default=1_000, help="identities verified per minute")
    parser.add_argument("--traps", type=int, default=2_000, help="rows of name traps")
    parser.add_argument("--series", type=int, default=200, help="series of acts on an identity")
    parser.add_argument("--seed", type=int, default=20261120)
    arguments = parser.parse_args()
    if arguments.list:
        for proof in PROOFS:
            print(f"{proof.name:10} {proof.sentence}")
        return 0
    wanted = [proof for proof in PROOFS if not arguments.names or proof.name in arguments.names]
    if not wanted:
        print("No such proof: see --list.", file=sys.stderr)
        return 2
    codes = [run(proof, arguments) for proof in wanted]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main())
