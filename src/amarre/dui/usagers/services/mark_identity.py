"""Mark an identity: homonyme, douteuse, fictive (RNIV 1 EXI SI 09, 22), or take the mark away."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers.errors import ReasonMissing
from amarre.dui.usagers.models import Discrepancy, Dossier, Identity
from amarre.dui.usagers.services.identity_events import apply_identity_event, locked_identity, note_change
from amarre.dui.usagers.services.open_discrepancy import settle_open
from amarre.interop.ins.status import Attribute, Event

EVENTS: dict[tuple[Attribute, bool], Event] = {
    (Attribute.HOMONYME, True): Event.POSER_HOMONYME,
    (Attribute.HOMONYME, False): Event.RETIRER_HOMONYME,
    (Attribute.DOUTEUSE, True): Event.POSER_DOUTEUSE,
    (Attribute.DOUTEUSE, False): Event.RETIRER_DOUTEUSE,
    (Attribute.FICTIVE, True): Event.POSER_FICTIVE,
    (Attribute.FICTIVE, False): Event.RETIRER_FICTIVE,
}


def mark_identity(
    *, dossier: Dossier, attribute: Attribute, held: bool, reason: str, actor: Actor
) -> Identity:
    """Put the mark (`held`) or take it away. Douteuse and fictive take back trust, INS and document.

    Raises the access errors, ReasonMissing, TransitionRefused, AttributesIncompatible.
    """
    require(actor, Permission.QUALIFY_IDENTITE, dossier)
    if not reason.strip():
        raise ReasonMissing
    event = EVENTS[attribute, held]
    with transaction.atomic():
        identity = locked_identity(dossier.identity_id)
        had = attribute in identity.state.attributes
        apply_identity_event(identity, event, actor=actor, reason=reason.strip())
        if held and attribute is not Attribute.HOMONYME:
            settle_open(identity, Discrepancy.Decision.DOUBTFUL, actor, reason.strip())
        note_change(identity, attribute.value, _word(had), _word(held), actor, now(), reason.strip())
        record(
            actor,
            "identity.changed",
            subject=identity,
            dossier_id=dossier.pk,
            usager_id=identity.pk,
            details={"event": event.value},
        )
    return identity


def _word(held: bool) -> str:
    return "oui" if held else "non"
