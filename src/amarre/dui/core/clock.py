"""Time of the record. Every other module asks here, so that a test freezes one place."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime.datetime:
    """Return the current instant, aware, UTC."""
    return timezone.now()


def today(zone: ZoneInfo = PARIS) -> datetime.date:
    """Return the current date of an establishment (Europe/Paris unless it lies overseas)."""
    return now().astimezone(zone).date()
