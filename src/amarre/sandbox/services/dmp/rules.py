"""The rules by which the simulated DMP judges (data/rules.tsv, one row each), and their value sets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from amarre.sandbox.service import Remark

# What a check repeats of what it received, in letters.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its error code, its source, its two sentences, how to mend. Not blocking, it only warns."""

    identifier: str
    code: str
    blocking: bool
    source: str
    kept: str
    broken: str
    mend: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A blocking rule that was broken, with what broke it."""

    rule: Rule
    detail: str

    @property
    def sentence(self) -> str:
        """The sentence of the rule, followed by the detail."""
        return f"{self.rule.broken.rstrip('.')} : {self.detail}" if self.detail else self.rule.broken


@dataclass(slots=True)
class Judge:
    """Collects what was checked on one request."""

    remarks: list[Remark] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def check(self, identifier: str, passed: bool, detail: str = "", *, received: str = "") -> bool:
        """Write the result of one rule; return `passed`.

        `detail` names what broke it, in the answer too; `received` is what was found, for the page alone.
        """
        rule = rules()[identifier]
        failure = Failure(rule, detail)
        sentence = rule.kept if passed else failure.sentence
        found = (received or detail)[:LONGEST]
        self.remarks.append(
            Remark(identifier, rule.source, passed, sentence, rule.blocking, rule.kept, found, rule.mend)
        )
        if not passed and rule.blocking:
            self.failures.append(failure)
        return passed

    def check_all(self, identifier: str, problems: list[str]) -> bool:
        """Write one rule, broken when there is at least one problem; name them all."""
        return self.check(identifier, not problems, " ; ".join(problems))

    @property
    def refused(self) -> bool:
        """Tell whether a blocking rule was broken."""
        return bool(self.failures)


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its identifier."""
    return {
        row["rule"]: Rule(
            row["rule"],
            row["code"],
            row["blocking"] == "yes",
            row["source"],
            row["kept"],
            row["broken"],
            row["mend"],
        )  # fmt: skip
        for row in _table("rules.tsv")
    }


@cache
def value_set(name: str) -> frozenset[tuple[str, str]]:
    """Return the (code, system) pairs of a value set of the DMP, such as "JDV_J66"."""
    return frozenset((row["code"], row["system"]) for row in _table("value_sets.tsv") if row["set"] == name)


@cache
def class_of_type(code: str, system: str) -> str:
    """Return the class of a type of document (ASS_X16), "" when the association has none."""
    for row in _table("type_class.tsv"):
        if (row["type"], row["type_system"]) == (code, system):
            return row["class"]
    return ""


@cache
def right(transaction: str, column: str) -> str:
    """Return "yes", "own", "structure" or "no": how far a transaction is open to a column of the table."""
    for row in _table("rights.tsv"):
        if (row["transaction"], row["mode"]) == (transaction, column):
            return row["allowed"]
    return "no"


def _table(name: str) -> Iterator[dict[str, str]]:
    text = files("amarre.sandbox.services.dmp").joinpath("data", name).read_text("utf-8")
    yield from csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
