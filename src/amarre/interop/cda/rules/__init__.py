"""The complementary checks: what the header must say, and what the official suite does not see.

`RULES` is the table; each row cites its source and speaks French. Apply it with `check`.
"""

from __future__ import annotations

from amarre.interop.cda.decode import parse_document
from amarre.interop.cda.errors import CdaNotAcceptable
from amarre.interop.cda.rules import body, header, identity, order, structured, terminology
from amarre.interop.cda.rules.base import CheckContext, Finding, Rule, Severity, Subject, Target

RULES: tuple[Rule, ...] = (
    *header.RULES,
    *order.RULES,
    *terminology.RULES,
    *identity.RULES,
    *body.RULES,
    *structured.RULES,
)


def check(data: bytes, context: CheckContext | None = None) -> tuple[Finding, ...]:
    """Apply every rule to a CDA document and return the findings, in the order of the table.

    Raises XmlError for what is not acceptable XML, NotClinicalDocument for another kind of document.
    """
    subject = Subject(parse_document(data), context or CheckContext())
    return tuple(finding for rule in RULES for finding in rule.apply(subject))


def blocking(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that forbid the document to leave."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def explain(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return one French paragraph per finding (what is wrong, what to do), the same one said once."""
    return tuple(dict.fromkeys(f"{finding.message} {finding.advice}" for finding in findings))


def require_acceptable(data: bytes, context: CheckContext | None = None) -> tuple[Finding, ...]:
    """Check a document that is about to leave; return what deserves a look without forbidding it.

    Raises CdaNotAcceptable, with every sentence, when something forbids it; XmlError, NotClinicalDocument.
    """
    findings = check(data, context)
    if faults := blocking(findings):
        raise CdaNotAcceptable(sentences=explain(faults), findings=faults)
    return findings


__all__ = [
    "RULES",
    "CheckContext",
    "Finding",
    "Rule",
    "Severity",
    "Target",
    "blocking",
    "check",
    "explain",
    "require_acceptable",
]
