"""The second person: let a colleague's deposit leave, or say why not."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.dmp.rules_errors import ReasonMissing
from amarre.dui.documents.control import Target, control_points, require_clear
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.errors import ApproverIsAuthor, DeclinedByColleague, IllegalTransition
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.cancel import stop_held
from amarre.dui.exchanges.services.confirm import confirm_held

REASON_LENGTH = 200


def approve_deposit(*, deposit: DmpDeposit, actor: Actor) -> None:
    """Let the deposit leave. The control is done again: the person may have opposed since.

    Raises the access errors, ApproverIsAuthor, IllegalTransition, the error behind the first blocking point.
    """
    version = deposit.version
    require(actor, Permission.APPROVE_DMP, version.document.dossier)
    asker = deposit.exchange.created_by
    with transaction.atomic():
        held = _held(deposit)
        require_clear(control_points(version, target=Target.DMP, sender=asker))
        confirm_held(held, actor)
        _trace(actor, "dmp.deposit_approved", deposit, held)


def decline_deposit(*, deposit: DmpDeposit, reason: str, actor: Actor) -> None:
    """Stop the deposit, with the reason that its author reads. Raises as `approve_deposit`, ReasonMissing."""
    require(actor, Permission.APPROVE_DMP, deposit.version.document.dossier)
    said = reason.strip()[:REASON_LENGTH]
    if not said:
        raise ReasonMissing
    with transaction.atomic():
        held = _held(deposit)
        if held.state != State.A_VALIDER:
            raise IllegalTransition(state=held.get_state_display(), event="declined")
        if held.created_by_id == actor.user_id:
            raise ApproverIsAuthor
        stop_held(held, DeclinedByColleague(name=actor.name, reason=said), actor)
        _trace(actor, "dmp.deposit_declined", deposit, held)


def _held(deposit: DmpDeposit) -> Exchange:
    with system_scope("exchange of a deposit in scope"):
        return Exchange.objects.select_for_update(of=("self",)).get(pk=deposit.exchange_id)


def _trace(actor: Actor, verb: str, deposit: DmpDeposit, held: Exchange) -> None:
    document = deposit.version.document
    record(
        actor,
        verb,
        subject=document,
        dossier_id=document.dossier_id,
        usager_id=document.dossier.identity_id,
        exchange_id=held.reference,
        details={"version": deposit.version.number},
    )
