"""Print the matrix role × right, or write it in the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from amarre.dui.access.matrix import matrix_page


class Command(BaseCommand):
    """Matrix of the rights."""

    help = "Affiche la matrice d’habilitation."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --write."""
        parser.add_argument("--write", type=Path, metavar="FICHIER", help="écrit la page dans ce fichier")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print or write the page."""
        if options["write"]:
            options["write"].parent.mkdir(parents=True, exist_ok=True)
            options["write"].write_text(matrix_page(), encoding="utf-8")
        else:
            self.stdout.write(matrix_page())
