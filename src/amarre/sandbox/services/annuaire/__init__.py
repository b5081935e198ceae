"""Simulated Annuaire Santé: the FHIR search API, over the professionals and structures of the cast."""

from amarre.sandbox.context import SandboxContext
from amarre.sandbox.services.annuaire.service import AnnuaireService

__all__ = ["AnnuaireService", "create"]


def create(context: SandboxContext) -> AnnuaireService:
    """Return the service."""
    return AnnuaireService(context)
