"""Faults of ours in the writing of the trace; never caught, never shown as such.

AuditFault
├── UnknownVerb          a verb that no `verbs.py` registers
├── UndeclaredDetail     a detail the verb does not announce, or that is not a short plain value
└── OutsideTransaction   an act must be traced in the transaction that makes it
"""

from __future__ import annotations


class AuditFault(RuntimeError):
    """Base of the faults of this package."""


class UnknownVerb(AuditFault):
    """The verb is not registered."""


class UndeclaredDetail(AuditFault):
    """The detail is not announced by the verb, or could carry content of the record."""


class OutsideTransaction(AuditFault):
    """An act is traced in the same transaction as itself, or not at all."""
