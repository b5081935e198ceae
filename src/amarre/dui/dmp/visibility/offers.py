"""Which changes a person may ask about one deposit, and for the others, who may: judged before any call."""

from __future__ import annotations

from dataclasses import dataclass

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can
from amarre.dui.access.scope import system_scope
from amarre.dui.dmp.connector import require_configured
from amarre.dui.dmp.depositors import depositor
from amarre.dui.dmp.models import DepositAudience, DmpChange
from amarre.dui.dmp.reading.connector import professional_of, reading_profile
from amarre.dui.dmp.reading.control import ReadingSituation, reading_points
from amarre.dui.dmp.visibility.audiences import Hidden, hidden_from_values
from amarre.dui.dmp.visibility.changes import ROWS, Door, Row, makes_sense
from amarre.dui.dmp.visibility.errors import (
    ChangeAlreadyAsked,
    ChangeWithoutMeaning,
    NotAtDmp,
    OnlyItsAuthor,
)
from amarre.dui.documents.control import blocking_points
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import OPEN_STATES, State
from amarre.interop.common.errors import AmarreError
from amarre.interop.dmp import Actor, AuthenticationMode, Scope, caller_of, rights, scope_of
from amarre.interop.dmp.rights import PHYSICIAN, Transaction


@dataclass(frozen=True, slots=True)
class ChangeOffer:
    """One change: the button when `error` is None, otherwise why not, in words."""

    row: Row
    error: AmarreError | None = None


def audience_of(deposit: DmpDeposit) -> tuple[Hidden, str]:
    """Return who the document is hidden from and its status, as we believe them. Needs a scope."""
    held = DepositAudience.objects.filter(deposit=deposit).first()
    if held is None:
        return frozenset(), DepositAudience.Status.ACTUEL.value
    return hidden_from_values(held.hidden_from), held.status


def offers_for(deposit: DmpDeposit, situation: ReadingSituation) -> list[ChangeOffer]:
    """Return the changes that would change something, each allowed or explained. Nothing is asked."""
    if deposit.exchange.state != State.ACCEPTE:
        return []
    with system_scope("what may be changed of a deposit in scope"):
        hidden, status = audience_of(deposit)
        useful = [row for row in ROWS if makes_sense(row, hidden, status)]
        return [ChangeOffer(row, _judge(row, deposit, situation)) for row in useful]


def require_offered(row: Row, deposit: DmpDeposit, situation: ReadingSituation) -> None:
    """Raise what forbids a change: NotAtDmp, ChangeWithoutMeaning, or what `offers_for` explains."""
    with system_scope("what may be changed of a deposit in scope"):
        hidden, status = audience_of(deposit)
        if deposit.exchange.state != State.ACCEPTE or status == DepositAudience.Status.SUPPRIME:
            raise NotAtDmp
        if not makes_sense(row, hidden, status):
            raise ChangeWithoutMeaning
        error = _judge(row, deposit, situation)
    if error is not None:
        raise error


def door_permission(door: Door) -> Permission:
    """Return the right that a door asks for: depositing, or reading."""
    return Permission.FEED_DMP if door is Door.ETABLISSEMENT else Permission.CONSULT_DMP


def _judge(row: Row, deposit: DmpDeposit, situation: ReadingSituation) -> AmarreError | None:
    """Return what forbids a change, None when it may be asked."""
    if DmpChange.objects.filter(deposit=deposit, exchange__state__in=OPEN_STATES).exists():
        return ChangeAlreadyAsked()
    try:
        if row.door is Door.ETABLISSEMENT:
            require_configured(situation.profile)
            depositor(situation.user, situation.dossier.essms)
        else:
            _require_professional(row, deposit, situation)
    except AmarreError as error:
        return error
    return None


def _require_professional(row: Row, deposit: DmpDeposit, situation: ReadingSituation) -> None:
    """Refuse what the professional's own door may not do, as the table of rights says."""
    if not can(situation.actor, Permission.CONSULT_DMP, situation.dossier):
        raise rights.refusal_of(row.transaction)
    for point in blocking_points(reading_points(situation)):
        if point.error is not None:
            raise point.error
    profile = situation.profile
    professional = professional_of(situation.user, profile, situation.actor.means)
    opened = reading_profile(profile, professional)
    rights.require_call(row.transaction, opened, opened.responsible)
    author = deposit.version.author
    limited = scope_of(row.transaction, caller_of(opened, opened.responsible)) is Scope.OWN
    if limited and author.pk != situation.user.pk and not _any_archive(row, opened.mode, professional):
        raise OnlyItsAuthor(author=author.get_full_name())


def _any_archive(row: Row, mode: AuthenticationMode, professional: Actor) -> bool:
    """Physicians in mode AIR may archive any document (PDT-INF-606)."""
    first = professional.roles[0] if professional.roles else None
    physician = first is not None and (first.code, first.system) == PHYSICIAN
    reinforced = mode is AuthenticationMode.INDIRECTE_RENFORCEE
    return row.transaction is Transaction.ARCHIVER and physician and reinforced
