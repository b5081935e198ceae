"""« Déposer les N prêts »: one deposit for each document that nothing holds back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.core.actor import Actor
from amarre.dui.dmp.models import DepositProposal
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.interop.common.errors import AmarreError

# One page of the list: each deposit is signed while the person waits.
AT_ONCE = 25


@dataclass(slots=True)
class Batch:
    """How many deposits were asked, and what held the others back (titles of documents, sentences)."""

    asked: int = 0
    held: list[tuple[str, str]] = field(default_factory=list)


def deposit_ready(*, proposals: Sequence[DepositProposal], actor: Actor) -> Batch:
    """Ask for the deposit of each document, 25 at most; one that is held back does not stop the others.

    Raises the access errors when the actor may deposit nothing at all.
    """
    require(actor, Permission.FEED_DMP)
    batch = Batch()
    for proposal in proposals[:AT_ONCE]:
        try:
            deposit_in_dmp(version=proposal.version, actor=actor)
        except AmarreError as error:
            batch.held.append((proposal.version.document.title, error.explanation().what))
        else:
            batch.asked += 1
    return batch
