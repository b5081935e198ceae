"""Note that a step outside the software was done: a person says so, with its date."""

from __future__ import annotations

import datetime

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.models import Preparation
from amarre.dui.organisations.models import Essms


def note_preparation(
    *, essms: Essms, key: str, done_on: datetime.date, note: str = "", actor: Actor
) -> Preparation:
    """Write or change the date of one step of `readiness.establishment.NOTED`. Raises the access errors."""
    require(actor, Permission.CONFIGURE_ESSMS, essms)
    with transaction.atomic():
        with system_scope("steps of an establishment in scope"):
            known = Preparation.objects.select_for_update().filter(essms=essms, key=key).first()
        row = known or Preparation(essms=essms, key=key)
        row.done_on, row.note = done_on, note.strip()
        row.noted_at, row.noted_by_id = now(), actor.person_id
        row.save()
        record(actor, "dmp.preparation_noted", subject=row, details={"point": key})
    return row
