"""Change the rule of deposit of one type of document."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.errors import TypeNotForDmp
from amarre.dui.dmp.models import DepositProposal, DepositRule
from amarre.dui.dmp.rules import is_accepted
from amarre.dui.dmp.services.close_proposal import Closing, close_proposals
from amarre.dui.organisations.models import Essms


def set_rule(
    *,
    essms: Essms,
    type_code: str,
    moment: str,
    roles: Collection[str] = (),
    follows_versions: bool = False,
    actor: Actor,
) -> DepositRule:
    """Write the rule of `type_code`: it holds for what is filed from now on.

    What waited « à déposer » is set aside when the type is not deposited any more; a deposit that waits for
    an agreement still waits. Raises the access errors, TypeNotForDmp, ValidationError for an unknown role.
    """
    require(actor, Permission.CONFIGURE_ESSMS, essms)
    if not is_accepted(type_code):
        raise TypeNotForDmp(type_code=type_code[:40])
    with transaction.atomic():
        with system_scope("rule of an establishment in scope"):
            known = DepositRule.objects.select_for_update().filter(essms=essms, type_code=type_code).first()
        rule = known or DepositRule(essms=essms, type_code=type_code)
        rule.moment = DepositRule.Moment(moment)
        rule.roles = sorted(set(roles))
        rule.follows_versions = follows_versions and rule.moment != DepositRule.Moment.JAMAIS
        rule.changed_at, rule.changed_by_id = now(), actor.person_id
        rule.save()
        if rule.moment == DepositRule.Moment.JAMAIS:
            close_proposals(_waiting(essms, type_code), Closing.ECARTE, actor)
        record(
            actor,
            "dmp.rule_changed",
            subject=rule,
            details={"type": type_code, "decision": rule.moment},
        )
    return rule


def _waiting(essms: Essms, type_code: str) -> list[int]:
    with system_scope("proposals of an establishment in scope"):
        rows = DepositProposal.objects.filter(
            essms=essms, version__document__type_code=type_code, closed_at=None
        )
        return list(rows.values_list("version", flat=True))
