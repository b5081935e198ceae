"""Reading without an actor, declared: the worker's own work, commands, imports of reference data."""

from __future__ import annotations

from amarre.dui.core.scoping import ScopedManager, ScopedQuerySet, UnscopedQuery
from amarre.dui.core.scoping import internal_scope as system_scope

__all__ = ["ScopedManager", "ScopedQuerySet", "UnscopedQuery", "system_scope"]
