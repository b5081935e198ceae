"""Verbs of the trace for the accounts."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register
from amarre.dui.audit.value_words import say

# Levels of assurance of the eIDAS regulation (EU 910/2014, art. 8), as Pro Santé Connect names them.
say(
    "accounts.logged_in",
    acr={"eidas1": "eIDAS faible", "eidas2": "eIDAS substantiel", "eidas3": "eIDAS élevé"},
)
say("accounts.logged_in", mode={"CARD": "carte de professionnel", "MOBILE": "e-CPS sur téléphone"})

register(
    Verb("accounts.logged_in", "s’est connecté avec Pro Santé Connect", details=frozenset({"acr", "mode"})),
    Verb(
        "accounts.login_refused", "s’est vu refuser la connexion", details=frozenset({"code", "remote_code"})
    ),
    Verb("accounts.logged_out", "a fermé sa session"),
)
