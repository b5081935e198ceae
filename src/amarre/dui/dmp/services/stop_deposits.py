"""An opposition stops the deposits that have not left, and what was still to be decided."""

from __future__ import annotations

from amarre.dui.access.scope import system_scope
from amarre.dui.core.actor import Actor
from amarre.dui.dmp.errors import PersonOpposed
from amarre.dui.dmp.models import DepositProposal
from amarre.dui.dmp.services.close_proposal import Closing, close_proposals
from amarre.dui.dmp.services.queue_deposit import KIND
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.cancel import stop_waiting
from amarre.dui.usagers.models import Dossier


def stop_deposits(dossier: Dossier, actor: Actor) -> None:
    """Cancel what waits about this person, in the transaction of the opposition (see `usagers.opposition`).

    A deposit that left, or may have, is asked about as usual: the DMP may hold it already. If it does not,
    the worker meets the opposition before it sends again.
    """
    with system_scope("deposits of the dossier whose opposition is recorded"):
        about = Exchange.objects.cancellable().filter(kind=KIND, dossier_id=dossier.pk)
        ids = list(about.values_list("pk", flat=True))
        stop_waiting(exchange_ids=ids, why=PersonOpposed(), actor=actor)
        proposed = list(
            DepositProposal.objects.filter(version__document__dossier=dossier, closed_at=None).values_list(
                "version", flat=True
            )
        )
    close_proposals(proposed, Closing.OPPOSITION, actor)
