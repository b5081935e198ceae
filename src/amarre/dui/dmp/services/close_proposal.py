"""Close « à déposer »: the deposit was asked, set aside, or made pointless by a newer version."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.models import DepositProposal
from amarre.dui.dmp.rules_errors import ProposalClosed

Closing = DepositProposal.Closing


def close_proposals(version_ids: Collection[int], closing: Closing, actor: Actor) -> int:
    """Close the open proposals about these versions; return how many. In the transaction of the act."""
    with system_scope("proposals about versions in scope"):
        waiting = DepositProposal.objects.filter(version__in=version_ids, closed_at=None)
        return waiting.update(closed_at=now(), closing=closing, closed_by=actor.user_id)


def set_aside(*, proposal: DepositProposal, actor: Actor) -> None:
    """Decide not to deposit a document. Raises the access errors, ProposalClosed.

    It may still be deposited from its own page.
    """
    document = proposal.version.document
    require(actor, Permission.FEED_DMP, document.dossier)
    with transaction.atomic():
        if not close_proposals([proposal.version_id], Closing.ECARTE, actor):
            raise ProposalClosed
        record(
            actor,
            "dmp.proposal_set_aside",
            subject=document,
            dossier_id=document.dossier_id,
            usager_id=document.dossier.identity_id,
            details={"version": proposal.version.number},
        )
