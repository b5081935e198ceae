"""The deposits of the other versions of a document: what this one replaces, waits for, or must not follow."""

from __future__ import annotations

from amarre.dui.documents.control import Shared
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.exchanges.enums import OPEN_STATES, State


def deposits_of_document(document_id: int) -> list[DmpDeposit]:
    """Return the deposits of every version of a document, newest version first; needs a scope."""
    return list(
        DmpDeposit.objects.filter(version__document=document_id)
        .select_related("exchange", "version", "reception")
        .order_by("-version__number")
    )


def deposits_beside(version: DocumentVersion, shared: Shared) -> list[DmpDeposit]:
    """Return the deposits of the versions of the document of `version`, newest first; needs a scope."""
    document_id = version.document_id
    return shared.once(("deposits", document_id), lambda: deposits_of_document(document_id))


def own_deposit(version: DocumentVersion, shared: Shared) -> DmpDeposit | None:
    """Return the deposit of `version`, None when it was never asked; needs a scope."""
    return next((one for one in deposits_beside(version, shared) if one.version_id == version.pk), None)


def may_be_there(deposit: DmpDeposit) -> bool:
    """Say whether the DMP holds it, may hold it, or is about to."""
    if is_gone(deposit):
        return False
    exchange = deposit.exchange
    in_doubt = exchange.state == State.A_REFAIRE and exchange.outcome_unknown
    return exchange.state in (*OPEN_STATES, State.ACCEPTE) or in_doubt


def is_gone(deposit: DmpDeposit) -> bool:
    """Say whether a person noted that the DMP does not hold it any more."""
    reception = getattr(deposit, "reception", None)
    return reception is not None and reception.gone_noted_at is not None


def earlier_of(deposits: list[DmpDeposit], version: DocumentVersion) -> DmpDeposit | None:
    """Return the deposit of the latest earlier version that reached the DMP or may have."""
    earlier = (one for one in deposits if one.version.number < version.number and may_be_there(one))
    return next(earlier, None)


def later_of(deposits: list[DmpDeposit], version: DocumentVersion) -> DmpDeposit | None:
    """Return the deposit of a later version that is at the DMP, or may be: open ones wait in the lane."""
    later = (one for one in deposits if one.version.number > version.number and may_be_there(one))
    return next((one for one in later if one.exchange.state not in OPEN_STATES), None)
