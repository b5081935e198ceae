"""What follows from a version that was filed: upper contexts register, every way of filing calls.

# upper context, in ``apps.ready()``
filed.register("dmp-rules", apply_rules)

# a service that files a version, inside its transaction, the version and its trace being written
filed.announce(version, actor)
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from amarre.dui.core.actor import Actor
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.exchanges.errors import OutsideTransaction

# Runs in the transaction that files the version. What it raises files nothing: it raises for a defect only.
Callback = Callable[[DocumentVersion, Actor], None]

_callbacks: dict[str, Callback] = {}


def register(key: str, callback: Callback) -> None:
    """Add a callback, once for each `key`; called from the `ready` of its application."""
    _callbacks[key] = callback


def announce(version: DocumentVersion, actor: Actor) -> None:
    """Call every callback, in the order of their keys.

    `version.document.dossier` is in the scope of `actor`. Raises OutsideTransaction when nothing would bind
    the version and what follows from it together.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction
    for key in sorted(_callbacks):
        _callbacks[key](version, actor)
