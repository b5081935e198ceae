"""What « Documents à déposer » and « Dépôts à valider » read, in a number of queries that does not grow."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor
from amarre.dui.core.paging import Page, keyset_page
from amarre.dui.dmp.models import DepositProposal
from amarre.dui.dmp.services.queue_deposit import KIND
from amarre.dui.documents.control import ControlPoint, PointState, Shared, Target, control_points
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.exchanges.enums import State

PAGE_SIZE = 25
DOSSIER = "version__document__dossier"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One document to deposit, and what the control says of it now. `blocking` empty: it is ready."""

    proposal: DepositProposal
    blocking: list[ControlPoint]
    looking: list[ControlPoint]

    @property
    def is_ready(self) -> bool:
        """Say whether pressing « Déposer » would queue it."""
        return not self.blocking


def open_proposals(actor: Actor) -> QuerySet[DepositProposal]:
    """Return what waits in the actor's establishment."""
    return DepositProposal.objects.visible_to(actor).filter(closed_at=None)


def count_proposals(actor: Actor) -> int:
    """Return how many documents wait for a decision."""
    return open_proposals(actor).count()


def proposal_page(actor: Actor, cursor: str = "") -> Page[DepositProposal]:
    """Return one page, newest first, with all that the control of each will look at."""
    with system_scope("documents to deposit of the actor's establishment"):
        return keyset_page(_with_all(open_proposals(actor)), order=("-pk",), cursor=cursor, size=PAGE_SIZE)


def judged(proposals: list[DepositProposal], sender: User, shared: Shared | None = None) -> list[Waiting]:
    """Return what the control says of each document, `sender` depositing."""
    shared = shared or Shared()
    _preload(proposals, shared)
    found = []
    for proposal in proposals:
        points = control_points(proposal.version, target=Target.DMP, sender=sender, shared=shared)
        found.append(
            Waiting(
                proposal,
                [point for point in points if point.state is PointState.BLOCKING],
                [point for point in points if point.state is PointState.LOOK],
            )
        )
    return found


def _with_all(rows: QuerySet[DepositProposal]) -> QuerySet[DepositProposal]:
    versions = DocumentVersion.objects.only("id", "number", "document_id")
    return rows.select_related(
        f"{DOSSIER}__identity", f"{DOSSIER}__essms__organisme", "version__author"
    ).prefetch_related(
        Prefetch("version__document__versions", versions),
        f"{DOSSIER}__dmp_information",
        f"{DOSSIER}__identity__evidence",
    )


def _preload(proposals: list[DepositProposal], shared: Shared) -> None:
    """Give the deposits of all these documents to the control, in one query."""
    documents = {proposal.version.document_id for proposal in proposals}
    found: dict[int, list[DmpDeposit]] = {document_id: [] for document_id in documents}
    with system_scope("deposits of the documents of a list in scope"):
        deposits = DmpDeposit.objects.filter(version__document__in=documents).select_related(
            "exchange", "version", "reception"
        )
        for deposit in deposits.order_by("-version__number"):
            found[deposit.version.document_id].append(deposit)
    for document_id, rows in found.items():
        shared.keep(("deposits", document_id), rows)


def awaiting_approval(actor: Actor) -> QuerySet[DmpDeposit]:
    """Return the deposits of the actor's establishment that wait for a second person, oldest first."""
    return (
        DmpDeposit.objects.visible_to(actor)
        .filter(exchange__kind=KIND, exchange__state=State.A_VALIDER)
        .select_related(
            "exchange__created_by", f"{DOSSIER}__identity", f"{DOSSIER}__essms__organisme", "version__author"
        )
        .order_by("pk")
    )


def count_to_approve(actor: Actor) -> int:
    """Return how many deposits wait for the agreement of this person: not those they asked themselves."""
    return awaiting_approval(actor).exclude(exchange__created_by=actor.user_id).count()
