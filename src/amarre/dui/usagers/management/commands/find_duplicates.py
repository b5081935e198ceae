"""Compare the identities of every organisme with one another, and keep the pairs to examine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from amarre.dui.access.scope import system_scope
from amarre.dui.usagers.models import DuplicatePair, Identity
from amarre.dui.usagers.services.propose_duplicates import BATCH, catch_up


class Command(BaseCommand):
    """Look for duplicates."""

    help = "Cherche les doublons d’identité dans chaque organisme."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --all."""
        parser.add_argument(
            "--all", action="store_true", help="compare à nouveau toutes les identités, même déjà comparées"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare what was never compared, or everything; say how many pairs wait."""
        if options["all"]:
            with system_scope("duplicates: every identity is compared again"):
                Identity.objects.filter(merged_into=None).update(keys_version=0)
        compared = 0
        while done := catch_up(limit=50 * BATCH):
            compared += done
        with system_scope("duplicates: how many pairs wait"):
            waiting = DuplicatePair.objects.filter(
                state=DuplicatePair.State.PROPOSED, first__merged_into=None, second__merged_into=None
            ).count()
        self.stdout.write(f"{compared} identités comparées, {waiting} paires à examiner")
