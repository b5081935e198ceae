"""What the person was told about the DMP, and what they answered (R. 1111-26 CSP and following)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers import opposition
from amarre.dui.usagers.dmp_speakers import Means, Speaker
from amarre.dui.usagers.joined_dossiers import refuse_joined
from amarre.dui.usagers.models import DmpInformation, Dossier


@dataclass(frozen=True, slots=True)
class Collected:
    """How the answer was collected, and the answer about the team; empty for what was not said."""

    access: str = DmpInformation.Access.NOT_ASKED
    said_by: str = ""
    means: str = ""
    representative: str = ""


NOTHING_MORE = Collected()


def record_dmp_information(
    *,
    dossier: Dossier,
    decision: str,
    informed_on: datetime.date,
    actor: Actor,
    collected: Collected = NOTHING_MORE,
) -> DmpInformation:
    """Add one line; the last one counts. Who opposes agrees to nothing. Raises the access errors.

    An opposition stops what waits to leave about the person, in the same transaction (see `opposition`).
    """
    require(actor, Permission.FEED_DMP, dossier)
    refuse_joined(dossier)
    decided = DmpInformation.Decision(decision)
    access = DmpInformation.Access(collected.access)
    if decided is DmpInformation.Decision.OPPOSITION and access is DmpInformation.Access.AGREED:
        access = DmpInformation.Access.REFUSED
    with transaction.atomic():
        information = DmpInformation(
            dossier=dossier,
            decision=decided,
            informed_on=informed_on,
            informed_by_id=actor.person_id,
            recorded_at=now(),
            access=access,
            said_by=Speaker(collected.said_by) if collected.said_by else "",
            means=Means(collected.means) if collected.means else "",
            representative=collected.representative,
        )
        information.save()
        record(
            actor,
            "dmp.information_recorded",
            subject=information,
            dossier_id=dossier.pk,
            usager_id=dossier.identity_id,
            details={
                "decision": information.decision,
                "access": information.access,
                "said_by": information.said_by,
                "means": information.means,
            },
        )
        if decided is DmpInformation.Decision.OPPOSITION:
            opposition.announce(dossier, actor)
    return information


def current_information(dossier: Dossier) -> DmpInformation | None:
    """Return the decision that counts today, None when nothing was recorded."""
    # Newest first by the model's own order; a page that already read them all is not read again.
    return next(iter(dossier.dmp_information.all()), None)
