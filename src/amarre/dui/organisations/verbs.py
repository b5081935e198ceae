"""Verbs of the trace for the organisations."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb(
        "organisations.settings_updated",
        "a modifié les réglages de l’établissement",
        details=frozenset({"fields", "environment"}),
    ),
    Verb(
        "organisations.letterhead_updated",
        "a modifié le papier à en-tête",
        details=frozenset({"fields"}),
    ),
)
