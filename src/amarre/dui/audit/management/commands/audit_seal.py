"""Seal the lines of the trace that are not sealed yet (the worker does it continuously)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from amarre.dui.audit.services.seal import seal_pending


class Command(BaseCommand):
    """Seal the trace."""

    help = "Scelle les traces en attente."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal until nothing is left."""
        total = 0
        while sealed := seal_pending():
            total += sealed
        self.stdout.write(f"{total} trace(s) scellée(s).")
