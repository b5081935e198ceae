"""`amarre manage seed_demo --sandbox FILE`: the data of the demonstration. Runs twice safely."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from amarre.dui.access.scope import system_scope
from amarre.dui.demo.seeding.letterheads import seed_letterheads
from amarre.dui.demo.seeding.papers import seed_papers
from amarre.dui.demo.seeding.people import seed_people
from amarre.dui.demo.seeding.places import SandboxAddresses, seed_places
from amarre.dui.demo.seeding.stories import seed_stories
from amarre.dui.demo.seeding.usagers import seed_usagers
from amarre.dui.demo.seeding.writings import seed_writings


class Command(BaseCommand):
    """Load the cast."""

    help = "Charge les personnes et établissements fictifs de la démonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--sandbox", type=Path, required=True, help="adresses annoncées par le bac à sable"
        )
        parser.add_argument("--no-stories", action="store_true", help="sans échange avec le bac à sable")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.AMARRE_ENVIRONMENT == "production":
            raise CommandError("La démonstration ne se charge jamais dans une installation de production.")
        announced = json.loads(options["sandbox"].read_text(encoding="utf-8"))
        addresses = SandboxAddresses(
            https=announced["https"],
            smtp=announced["smtp"],
            imap=announced["imap"],
            data=Path(announced["data"]),
        )
        with system_scope("demonstration data"):
            places = seed_places(addresses)
            staff = seed_people(places)
            dossiers = seed_usagers(places, staff)
            seed_letterheads(places, staff)
            if not options["no_stories"]:
                seed_stories(dossiers, staff)
                seed_writings(dossiers, staff)
                seed_papers(dossiers, staff)
        self.stdout.write(
            f"{len(places)} établissements, {len(staff)} professionnels, {len(dossiers)} dossiers"
        )
