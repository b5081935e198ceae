"""Which part of the journal a role reads: « identité » and « technique seulement » of the matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from amarre.dui.access.roles import Role

# Beginnings of verbs, by role. A role that is absent here and has the right reads the whole journal.
JOURNAL_SCOPES: Mapping[Role, tuple[str, ...]] = {
    Role.REFERENT_IDENTITE: (
        "usager.",
        "usagers.",
        "identite.",
        "identity.",
        "ins.",
        "insi.",
        "discrepancy.",
        "duplicate.",
        "collision.",
        "evidence.",
        "recall.",
        "verification.",
        "vigilance.",
    ),
    Role.ADMINISTRATEUR: ("access.", "accounts.", "audit.", "exchange.", "organisations."),
}
WHOLE = frozenset({Role.DIRECTION})


def verb_prefixes(roles: Iterable[str]) -> tuple[str, ...] | None:
    """Return the beginnings of verbs these roles may read together, or None for the whole journal."""
    held = set(roles)
    if WHOLE & held:
        return None
    return tuple(prefix for role, prefixes in JOURNAL_SCOPES.items() if role in held for prefix in prefixes)
