"""The faulty documents of the tests, judged by the official suite and by our rules: who sees what.

Ours must see them all. What the suite misses is written, fault by fault, in build/conformance/faults.tsv.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from conformance_cda import CACHE, EMITTED_NEEDS, Suite
from conformance_model import Check, Result
from lxml import etree

from amarre.interop import cda
from amarre.interop.common.errors import AmarreError
from tests.interop.cda.faults import Fault, context, faults

REPORT = CACHE / "faults.tsv"


def ours(data: bytes) -> str:
    """Return the first of our rules that refuses a document, or the code of the error, or nothing."""
    try:
        found = cda.blocking(cda.check(data, context()))
    except AmarreError as error:
        return error.code
    return found[0].rule if found else ""


def theirs(suite: Suite, data: bytes) -> str:
    """Return what the suite says first against a document, or nothing."""
    try:
        failures = suite.verdict("", data).failures
    except (ValueError, etree.LxmlError) as error:
        return str(error)
    return failures[0] if failures else ""


def compared(official: Path) -> Iterator[Result]:
    """Yield one result per document: a failure for each fault that our rules let through."""
    suite = Suite(official)
    rows: list[tuple[Fault, str, str]] = []
    for fault in faults():
        data = fault.document()
        rows.append((fault, ours(data), theirs(suite, data)))
    lines = ["document\tfaute\tnotre règle\tsuite officielle"]
    lines += [f"{fault.base}\t{fault.name}\t{rule}\t{said[:120]}" for fault, rule, said in rows]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for base in dict.fromkeys(fault.base for fault, _, _ in rows):
        mine = [row for row in rows if row[0].base == base]
        missed = [fault.name for fault, _, said in mine if not said]
        yield Result(
            f"{base} : {len(mine)} fautes, {len(missed)} non vues par la suite (détail : {REPORT.name})",
            tuple(f"non vue par nos contrôles : {fault.name}" for fault, rule, _ in mine if not rule),
            tuple(f"non vue par la suite : {name}" for name in missed),
        )


CHECKS = (Check("cda-faults", "documents fautifs : la suite ANS et nos contrôles", EMITTED_NEEDS, compared),)
