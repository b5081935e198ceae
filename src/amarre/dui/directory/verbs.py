"""What the directory writes in the trace: never the words of a search."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

register(
    Verb(
        "directory.searched",
        "a cherché un correspondant dans l'annuaire",
        details=frozenset({"kind", "results", "failure"}),
        reading=True,
    ),
    Verb("directory.chosen", "a choisi un correspondant", details=frozenset({"kind", "fresh"})),
)
