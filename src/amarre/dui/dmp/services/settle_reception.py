"""What a person does of a disagreement: note a deletion, correct our state, ask again."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.models import DepositReception
from amarre.dui.dmp.reconciliation.asking import ask_about
from amarre.dui.dmp.reconciliation.errors import NotAbsent, NothingToAsk, NothingToCorrect
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.resume import resume_held

Finding = DepositReception.Finding


def ask_reception(*, deposits: list[DmpDeposit], actor: Actor) -> int:
    """Ask the DMP about each deposit; return how many questions were queued.

    Raises the access errors, NothingToAsk.
    """
    require(actor, Permission.RETRY_ENVOIS)
    count = ask_about(deposits, actor)
    if not count:
        raise NothingToAsk
    return count


def note_gone(*, reception: DepositReception, actor: Actor) -> None:
    """Note that a document was deleted from the DMP: a later version will be an ordinary deposit.

    Raises the access errors, NotAbsent.
    """
    require(actor, Permission.RETRY_ENVOIS, reception)
    with transaction.atomic():
        held = _held(reception)
        if held.finding != Finding.ABSENT or held.gone_noted_at is not None:
            raise NotAbsent
        held.gone_noted_at, held.gone_noted_by_id = now(), actor.person_id
        held.finding = Finding.CONCORDANT
        held.save()
        _trace(actor, "dmp.deposit_noted_gone", held)


def correct_state(*, reception: DepositReception, actor: Actor) -> None:
    """Have the outbox ask the DMP and write that it holds the document; nothing is sent if it does.

    Raises the access errors, NothingToCorrect.
    """
    require(actor, Permission.RETRY_ENVOIS, reception)
    with transaction.atomic():
        held = _held(reception)
        if held.finding != Finding.RECENT:
            raise NothingToCorrect
        if held.gone_noted_at is not None:
            held.gone_noted_at = held.gone_noted_by = None
        else:
            _ask_before_all(held, actor)
        held.finding = Finding.INCONNU
        held.save()
        _trace(actor, "dmp.deposit_corrected", held)


def _ask_before_all(held: DepositReception, actor: Actor) -> None:
    """Put the deposit back in the queue as one whose outcome is in doubt: it is asked about first."""
    with system_scope("exchange of a deposit in scope"):
        exchange = Exchange.objects.select_for_update(of=("self",)).get(pk=held.deposit.exchange_id)
    if exchange.state not in (State.REFUSE, State.A_REFAIRE):
        raise NothingToCorrect
    exchange.outcome_unknown = True
    exchange.save(update_fields=["outcome_unknown"])
    resume_held(exchange, actor)


def _held(reception: DepositReception) -> DepositReception:
    with system_scope("reception in scope"):
        return (
            DepositReception.objects.select_for_update(of=("self",))
            .select_related("deposit__version__document__dossier")
            .get(pk=reception.pk)
        )


def _trace(actor: Actor, verb: str, held: DepositReception) -> None:
    document = held.deposit.version.document
    record(
        actor,
        verb,
        subject=document,
        dossier_id=document.dossier_id,
        usager_id=document.dossier.identity_id,
        details={"version": held.deposit.version.number},
    )
