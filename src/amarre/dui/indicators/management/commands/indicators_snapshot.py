"""`amarre manage indicators_snapshot [--month 2026-10]`: write the monthly snapshots that are missing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from amarre.dui.core.clock import today
from amarre.dui.indicators.errors import IndicatorsError, UnknownMonth
from amarre.dui.indicators.periods import Period, last_closed_month, parse_month
from amarre.dui.indicators.services.take_snapshots import take_snapshots


class Command(BaseCommand):
    """Write the snapshots of one month."""

    help = "Écrit le relevé mensuel des indicateurs, une fois par établissement."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --month."""
        parser.add_argument("--month", help="mois terminé, par exemple 2026-10 (par défaut, le dernier)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, then say how many."""
        try:
            month = _asked_month(options["month"])
            written = take_snapshots(month=month)
        except IndicatorsError as error:
            said = error.explanation()
            raise CommandError(f"{said.what} {said.data_state} {said.advice} ({said.reference})") from error
        self.stdout.write(f"{written} relevé(s) écrit(s) pour {month.label}.")


def _asked_month(text: str | None) -> Period:
    if text is None:
        return last_closed_month(today())
    period = parse_month(text)
    if period is None:
        raise UnknownMonth()
    return period
