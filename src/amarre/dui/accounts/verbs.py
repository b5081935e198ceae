"""Verbs of the trace for the accounts."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb("accounts.logged_in", "s’est connecté avec Pro Santé Connect", details=frozenset({"acr", "mode"})),
    Verb(
        "accounts.login_refused", "s’est vu refuser la connexion", details=frozenset({"code", "remote_code"})
    ),
    Verb("accounts.logged_out", "a fermé sa session"),
)
