"""Simulated MSSanté operator: submission, mailboxes, delivery reports."""

from amarre.sandbox.context import SandboxContext
from amarre.sandbox.services.mssante.operator import MssanteService

__all__ = ["MssanteService", "create"]


def create(context: SandboxContext) -> MssanteService:
    """Return the service, not yet listening."""
    return MssanteService(context)
