"""What the person was told about the DMP, and whether they oppose (R. 1111-26 CSP and following)."""

from __future__ import annotations

import datetime

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers.models import DmpInformation, Dossier


def record_dmp_information(
    *, dossier: Dossier, decision: str, informed_on: datetime.date, actor: Actor
) -> DmpInformation:
    """Add one line; the last one counts. Raises the access errors."""
    require(actor, Permission.FEED_DMP, dossier)
    with transaction.atomic():
        information = DmpInformation(
            dossier=dossier,
            decision=DmpInformation.Decision(decision),
            informed_on=informed_on,
            informed_by_id=actor.person_id,
            recorded_at=now(),
        )
        information.save()
        record(
            actor,
            "dmp.information_recorded",
            subject=information,
            dossier_id=dossier.pk,
            usager_id=dossier.identity_id,
            details={"decision": information.decision},
        )
    return information


def current_information(dossier: Dossier) -> DmpInformation | None:
    """Return the decision that counts today, None when nothing was recorded."""
    # Newest first by the model's own order; a page that already read them all is not read again.
    return next(iter(dossier.dmp_information.all()), None)
