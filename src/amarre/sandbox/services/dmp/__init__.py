"""The DMP, simulated: TD0.2, TD2.1 and TD3.1 with a registry that keeps what it receives."""

from __future__ import annotations

from amarre.sandbox.context import SandboxContext
from amarre.sandbox.services.dmp.endpoint import DmpService

__all__ = ["DmpService", "create"]


def create(context: SandboxContext) -> DmpService:
    """Return the service, its state read from the store of the context."""
    return DmpService(context)
