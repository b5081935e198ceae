"""What indicators write in the trace."""

from __future__ import annotations

from amarre.dui.audit.registry import Verb, register

_WHAT = frozenset({"code", "period"})

register(
    Verb("indicators.consulted", "a consulté les indicateurs", details=frozenset({"period"}), reading=True),
    Verb("indicators.list_consulted", "a consulté le détail d'un indicateur", details=_WHAT, reading=True),
    Verb(
        "indicators.exported",
        "a exporté le détail d'un indicateur",
        details=_WHAT | {"rows"},
        reading=True,
    ),
    Verb(
        "indicators.snapshot_taken",
        "a écrit le relevé mensuel des indicateurs",
        details=frozenset({"month", "numbers"}),
    ),
)
