"""Set the delays of identitovigilance of an establishment."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.models import Essms
from amarre.dui.usagers.models import VigilanceSettings


def set_delays(*, actor: Actor, provisional_days: int, reverification_months: int) -> VigilanceSettings:
    """Write both delays, in days and in months. Raises the access errors."""
    require(actor, Permission.QUALIFY_IDENTITE)
    with transaction.atomic():
        row = VigilanceSettings.objects.visible_to(actor).select_for_update().first()
        row = row or VigilanceSettings(essms=Essms.objects.visible_to(actor).get())
        row.provisional_days = provisional_days
        row.reverification_months = reverification_months
        row.save()
        record(actor, "vigilance.settings_changed", subject=row)
    return row
