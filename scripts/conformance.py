#!/usr/bin/env python3
"""Judge what Amarre emits and reads with the official rules, from a folder fetched by hand.

usage: make conformance OFFICIAL=DIR
       python scripts/conformance.py DIR [--only NAME,…] [--file FILE] [--verbose] | --list

Nothing official is shipped with Amarre. Fetch what you need, lay it out so, and name the folder:

    DIR/cda    checkout of the ANS suite, from github.com/ansforge, repository
               interop-outil-cda-testcontenucda3.0-outil-validation-documents-cda
               (folders infrastructure, jeuxDeValeurs, schematrons, ExemplesCDA)
    DIR/xds    IHE and ebXML schemas (rim.xsd, lcm.xsd, query.xsd, rs.xsd, XDS.b_DocumentRepository.xsd);
               DIR/xds/HL7V3 for the existence test of the DMP
    DIR/xades  XAdES.xsd and xmldsig-core-schema.xsd
    DIR/dmp-samples  published answers of the DMP

Each check prints one line per subject: OK, ÉCART CONNU (listed in conformance_lags.tsv), ÉCHEC or ABSENT.
Exit code: 0 no unlisted failure, 1 at least one, 2 nothing could be checked.

A check is a `Check` in the `CHECKS` of a module `scripts/conformance_*.py`: it is found by that name.
"""

from __future__ import annotations

import csv
import fnmatch
import importlib
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from conformance_model import Check

HERE = Path(__file__).resolve().parent
LAGS = HERE / "conformance_lags.tsv"


@dataclass
class Lag:
    """A dated row of the list of known lags: the official file is behind (or ahead of) the specification."""

    date: str
    check: str
    subject: str
    text: str
    reason: str
    seen: bool = field(default=False)

    def explains(self, check: str, subject: str, failure: str) -> bool:
        """Tell whether this row explains a failure; remembers that it was seen."""
        known = (
            fnmatch.fnmatchcase(check, self.check)
            and fnmatch.fnmatchcase(subject, self.subject)
            and self.text in failure
        )
        self.seen = self.seen or known
        return known


def read_lags(path: Path = LAGS) -> list[Lag]:
    """Return the rows of the dated list."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [Lag(**row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def find_checks() -> list[Check]:
    """Return the checks of every module ``conformance_*`` beside this one."""
    # The samples are those of the tests: their folder stands beside this one.
    for folder in (HERE.parent, HERE):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    found: list[Check] = []
    for path in sorted(HERE.glob("conformance_*.py")):
        found.extend(getattr(importlib.import_module(path.stem), "CHECKS", ()))
    return found


def check_of_file(path: Path) -> Check:
    """Return the check that judges one CDA document with the ANS suite."""
    check: Check = importlib.import_module("conformance_cda").file_check(path)
    return check


def absent(check: Check, missing: str, official: Path) -> Counter[str]:
    """Say what a check lacks; it is then neither a success nor a failure."""
    print(f"ABSENT       {check.name}: {missing} manque dans {official} ({check.title})")
    return Counter(absent=1)


def judge(check: Check, official: Path, lags: list[Lag], *, verbose: bool) -> Counter[str]:
    """Run one check, print its lines, return the count of outcomes."""
    count: Counter[str] = Counter()
    missing = [need for need in check.needs if not (official / need).exists()]
    if missing:
        return absent(check, ", ".join(missing), official)
    try:
        results = list(check.run(official))
    except FileNotFoundError as error:
        return absent(check, str(error.filename or error), official)
    for result in results:
        unknown = []
        reasons = []
        for failure in result.failures:
            lag = next((lag for lag in lags if lag.explains(check.name, result.subject, failure)), None)
            if lag:
                reasons.append(f"{lag.reason} ({lag.date})")
            else:
                unknown.append(failure)
        if unknown:
            count["failed"] += 1
            print(f"ÉCHEC        {check.name} · {result.subject}: {len(unknown)} écart(s) non expliqué(s)")
            for text in unknown[: None if verbose else 5]:
                print(f"             - {text}")
        elif reasons:
            count["known"] += 1
            print(f"ÉCART CONNU  {check.name} · {result.subject}: {'; '.join(dict.fromkeys(reasons))}")
        else:
            count["ok"] += 1
            print(f"OK           {check.name} · {result.subject}")
        if verbose:
            for text in result.warnings:
                print(f"             ~ {text}")
        count["warnings"] += len(result.warnings)
    return count


def main(argv: list[str] | None = None) -> int:
    """Run the checks asked for and sum up."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("official", nargs="?", type=Path, help="folder of the official files")
    parser.add_argument("--only", default="", help="names of checks, comma separated")
    parser.add_argument("--list", action="store_true", help="print the names of the checks and stop")
    parser.add_argument("--file", type=Path, help="judge this CDA document with the ANS suite, nothing else")
    parser.add_argument("--verbose", action="store_true", help="every failure and every warning")
    args = parser.parse_args(argv)
    checks = [check for check in find_checks() if not args.only or check.name in args.only.split(",")]
    if args.list:
        for check in checks:
            print(f"{check.name:20} {check.title} (needs {', '.join(check.needs)})")
        return 0
    if args.official is None:
        print("Indiquez le dossier des fichiers officiels : make conformance OFFICIAL=DIR\n", file=sys.stderr)
        print(__doc__, file=sys.stderr)
        return 2
    if args.file is not None:
        checks = [check_of_file(args.file)]
    lags = read_lags()
    total: Counter[str] = Counter()
    for check in checks:
        total += judge(check, args.official.resolve(), lags, verbose=args.verbose)
    return conclude(total, lags, partial=bool(args.only or args.file or total["absent"]))


def conclude(total: Counter[str], lags: list[Lag], *, partial: bool) -> int:
    """Print the sum and return the exit code."""
    for lag in lags:
        if not lag.seen and not partial:
            print(f"À RETIRER    {lag.check} · {lag.subject} « {lag.text} » : cet écart n'est plus constaté")
    print(
        f"{total['ok']} conformes, {total['known']} écarts connus, {total['failed']} échecs, "
        f"{total['absent']} contrôles absents, {total['warnings']} avertissements"
    )
    if total["failed"]:
        return 1
    return 0 if total["ok"] or total["known"] else 2


if __name__ == "__main__":
    sys.exit(main())
