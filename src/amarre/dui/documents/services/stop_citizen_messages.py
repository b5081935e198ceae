"""An opposition stops the messages to the person that have not left."""

from __future__ import annotations

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.documents.models import MssanteMessage
from amarre.dui.documents.mssante_errors import CitizenOpposed
from amarre.dui.exchanges.services.cancel import stop_waiting
from amarre.dui.usagers.models import Dossier


def stop_citizen_messages(dossier: Dossier, actor: Actor) -> None:
    """Cancel the messages to Mon espace santé of the person that still wait; those to professionals go on."""
    with system_scope("messages of the dossier whose opposition is recorded"):
        waiting = MssanteMessage.objects.filter(
            dossier=dossier, audience=MssanteMessage.Audience.USAGER, accepted_at=None
        ).values_list("exchange_id", flat=True)
        stop_waiting(exchange_ids=list(waiting), why=CitizenOpposed(), actor=actor)
