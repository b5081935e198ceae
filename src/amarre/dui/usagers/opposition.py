"""What an opposition stops: upper contexts register, the service that records it calls.

opposition.register("dmp-deposits", stop_deposits)      # in ``apps.ready()`` of an upper app
"""

from __future__ import annotations

from collections.abc import Callable

from amarre.dui.core.actor import Actor
from amarre.dui.usagers.models import Dossier

# Runs in the transaction that records the opposition: both are written, or neither.
Callback = Callable[[Dossier, Actor], None]

_callbacks: dict[str, Callback] = {}


def register(key: str, callback: Callback) -> None:
    """Add what an opposition stops, once for each `key`."""
    _callbacks[key] = callback


def announce(dossier: Dossier, actor: Actor) -> None:
    """Stop what waits to leave about this person, in the order of the keys."""
    for key in sorted(_callbacks):
        _callbacks[key](dossier, actor)
