"""A professional saw an identity document and compared it: the identity becomes validée or qualifiée."""

from __future__ import annotations

import datetime

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.usagers.errors import UnknownDevice
from amarre.dui.usagers.models import Dossier, Identity
from amarre.dui.usagers.services.identity_events import apply_identity_event, locked_identity
from amarre.interop.ins.devices import device as find_device
from amarre.interop.ins.status import Event, Evidence


def record_evidence(*, dossier: Dossier, device: str, seen_on: datetime.date, actor: Actor) -> Identity:
    """Record the document seen and apply the transition of the table.

    Raises the access errors, UnknownDevice, TransitionRefused (douteuse or fictive).
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
    return identity
