"""Verify the chains of seals; exit code 1 at the first break."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from amarre.dui.audit.services.verify import Verification, verify


class Command(BaseCommand):
    """Verify the trace."""

    help = "Vérifie les scellés du journal des accès."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --anchors and --write-anchors."""
        parser.add_argument("--anchors", type=Path, help="têtes de chaîne notées auparavant (JSON)")
        parser.add_argument("--write-anchors", type=Path, help="note les têtes de chaîne, à garder ailleurs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the result in French; exit 1 when a chain is broken."""
        anchors = None
        if options["anchors"]:
            content = json.loads(options["anchors"].read_text(encoding="utf-8"))
            anchors = {int(chain): (int(head[0]), str(head[1])) for chain, head in content.items()}
        result = verify(anchors)
        self._print(result)
        if not result.intact:
            raise SystemExit(1)
        if options["write_anchors"]:
            options["write_anchors"].write_text(json.dumps(result.heads, indent=1), encoding="utf-8")

    def _print(self, result: Verification) -> None:
        self.stdout.write(f"{result.links} maillon(s) lus, {len(result.heads)} chaîne(s) intacte(s).")
        for found in result.breaks:
            trace = f", trace {found.trace_id}" if found.trace_id else ""
            self.stdout.write(
                f"RUPTURE : établissement {found.chain}, maillon {found.number}{trace} : {found.reason}."
            )
        if result.unsealed:
            self.stdout.write(
                f"{result.unsealed} trace(s) pas encore scellée(s), à partir de {result.oldest_unsealed_id}."
            )
