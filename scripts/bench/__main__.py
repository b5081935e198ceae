"""usage: make bench        or  python -m scripts.bench [--json] [--only WORD] [--seconds N] [--people N]"""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
import sys
import time
from dataclasses import asdict
from importlib.metadata import version
from itertools import chain

from scripts.bench.house import ground
from scripts.bench.timing import Absent, Figure, Found, Measure, Row, measure

Done = Measure | Found | Absent
_LIBRARIES = ("django", "lxml", "typst", "zxing-cpp", "httpx2")


def main(argv: list[str] | None = None) -> int:
    """Measure every row and print the ratios. Never fails on a time: exit 1 only when a row cannot run."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument("--only", default="", metavar="WORD", help="only the rows whose name holds this word")
    parser.add_argument("--seconds", type=float, default=4.0, metavar="N", help="time given to each row (4)")
    parser.add_argument("--people", type=int, metavar="N", help="people of the search (700,000)")
    args = parser.parse_args(argv)
    started = time.perf_counter()
    done: list[Done] = []
    with ground() as base:
        from scripts.bench import deposits, documents, exchanges, insi, memory, pages, search

        # The deposits come before the exchanges, whose rows stay in the queue. The search comes last: it
        # fills the database, when its rows are wanted.
        search.PEOPLE = args.people or search.PEOPLE
        sources = (pages, documents, deposits, exchanges, insi, memory, search)
        for row in chain.from_iterable(source.rows(base) for source in sources):
            if args.only in row.name:
                done.append(play(row, args.seconds))
                if not args.json:
                    print(line(done[-1]), flush=True)
    seconds = time.perf_counter() - started
    if args.json:
        json.dump(report(done, seconds), sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        print(f"{seconds:.0f} s in all. Ratios compare within this run only; see scripts/bench/README.md.")
    return 0


def play(row: Row | Figure | Absent, seconds: float) -> Done:
    """Return what became of a row, within some `seconds`."""
    if isinstance(row, Absent):
        return row
    if isinstance(row, Figure):
        return Found(row, row.find(seconds))
    return measure(row, seconds)


def line(done: Done) -> str:
    """Return one row of the table."""
    if isinstance(done, Absent):
        return f"{done.name:<24} {'absent':>7}   {_bar(done.bar):<8} {done.why}"
    return (
        f"{done.row.name:<24} {done.ratio:>7.2f}   {_bar(done.row.bar):<8} {done.verdict:<8} {done.note}"
    ).rstrip()


def _bar(bar: float | None) -> str:
    return f"bar {bar:g}" if bar is not None else "no bar"


def report(played: list[Done], seconds: float) -> dict[str, object]:
    """Return the report: ratios are the score, milliseconds a note."""
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: version(name) for name in _LIBRARIES},
        "seconds": round(seconds, 1),
        "rows": [
            {
                "name": done.row.name,
                "ratio": round(done.ratio, 3),
                "bar": done.row.bar,
                "verdict": done.verdict,
                "score": done.row.score.value,
                "how": done.row.how,
                "note": done.note,
            }
            for done in played
            if not isinstance(done, Absent)
        ],
        "absent": [asdict(done) for done in played if isinstance(done, Absent)],
    }


if __name__ == "__main__":
    sys.exit(main())
