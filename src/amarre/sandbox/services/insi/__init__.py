"""INSi, simulated: search of an INS by traits or by carte Vitale, behind a client certificate."""

from __future__ import annotations

from amarre.sandbox.context import SandboxContext
from amarre.sandbox.services.insi.behaviour import InsiService


def create(context: SandboxContext) -> InsiService:
    """Return the service."""
    return InsiService(context)
