"""What the control page shows of a request, and the fault that a broken rule gives."""

from __future__ import annotations

from amarre.sandbox.service import SandboxResponse, Verdict
from amarre.sandbox.services.dmp import answers
from amarre.sandbox.services.dmp.answers import Reply
from amarre.sandbox.services.dmp.rules import Judge


def verdict_of(judge: Judge, operation: str, decoded: dict[str, str], sentence: str) -> Verdict:
    """Return the verdict: the sentence when nothing blocking was broken, else the first thing that was."""
    summary = sentence
    if judge.failures:
        first = judge.failures[0]
        summary = f"{first.sentence} ({first.rule.code})" if first.rule.code else first.sentence
    return Verdict(not judge.refused, operation, summary, tuple(judge.remarks), decoded)


def fault_of(
    reply: Reply, judge: Judge, operation: str, decoded: dict[str, str]
) -> tuple[SandboxResponse, Verdict]:
    """Return the SOAP fault of the first broken rule. Raises IndexError when none was."""
    failure = judge.failures[0]
    response = answers.fault(reply, sender=True, subcode=failure.rule.code, reason=failure.sentence)
    return response, verdict_of(judge, operation, decoded, "")
