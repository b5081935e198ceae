"""Forget the sessions that closed: they name a person, and hold the hint that closes Pro Santé Connect's."""

from __future__ import annotations

import datetime

from django.contrib.sessions.models import Session

from amarre.dui.core.clock import now

# A form sent late still finds who held its session (see `access.kept_forms`).
KEPT = datetime.timedelta(days=1)


def purge_sessions() -> int:
    """Delete the sessions past their date for a day, and return how many."""
    return Session.objects.filter(expire_date__lt=now() - KEPT).delete()[0]
