"""A professional saw an identity document and compared it: the identity becomes validée or qualifiée."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.usagers.errors import UnknownDevice
from amarre.dui.usagers.models import Dossier, Identity
from amarre.dui.usagers.services.evidence_copies import keep_copies
from amarre.dui.usagers.services.identity_events import apply_identity_event, locked_identity
from amarre.interop.ins.devices import device as find_device
from amarre.interop.ins.status import Event, Evidence


def record_evidence(
    *, dossier: Dossier, device: str, seen_on: datetime.date, actor: Actor, pages: Sequence[bytes] = ()
) -> Identity:
    """Record the document seen, apply the transition of the table, keep the copy when there is one.

    `pages` come from `evidence_files.clean_pages`. Raises the access errors, UnknownDevice, TransitionRefused
    (douteuse or fictive), CopiesNotKept.
    """
    require(actor, Permission.QUALIFY_IDENTITE, dossier)
    if find_device(device) is None:
        raise UnknownDevice
    evidence = Evidence(device, seen_on, actor.name)
    with transaction.atomic():
        identity = locked_identity(dossier.identity_id)
        apply_identity_event(identity, Event.JUSTIFICATIF, actor=actor, evidence=evidence)
        record(
            actor,
            "identity.evidence_recorded",
            subject=identity,
            dossier_id=dossier.pk,
            usager_id=identity.pk,
            details={"device": evidence.device},
        )
        if pages:
            seen = identity.evidence.latest("recorded_at", "pk")
            keep_copies(dossier=dossier, evidence=seen, pages=pages, actor=actor)
    return identity
