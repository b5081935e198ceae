"""What the establishment's rules do of a version just filed: deposit it, have it approved, or propose it."""

from __future__ import annotations

import logging

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import can
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.earlier_versions import deposits_of_document, earlier_of
from amarre.dui.dmp.models import DepositProposal
from amarre.dui.dmp.rules import Moment, Rule, rule_for, stored_rules
from amarre.dui.dmp.rules_errors import NewerVersionFiled
from amarre.dui.dmp.services.close_proposal import Closing, close_proposals
from amarre.dui.dmp.services.queue_deposit import KIND, queue_deposit
from amarre.dui.documents.control import Shared, Target, blocking_points, control_points
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.cancel import stop_waiting
from amarre.interop.common.errors import AmarreError

logger = logging.getLogger("amarre.dmp")


def apply_rules(version: DocumentVersion, actor: Actor) -> None:
    """Apply the rule of the type, in the transaction that files `version` (see `documents.filed`).

    A deposit that leaves by itself leaves only if every point of the control is clear; else the document
    waits in « Documents à déposer », where the reason is shown. Never raises what holds a deposit back: the
    document is filed whatever the DMP thinks of it.
    """
    document = version.document
    _withdraw_earlier(version, actor)
    with system_scope("rules of the establishment that files a document"):
        rule = rule_for(stored_rules(document.dossier.essms_id), document.type_code)
        earlier = earlier_of(deposits_of_document(document.pk), version)
    if rule.moment is Moment.JAMAIS:
        return
    if _leaves_by_itself(rule, has_earlier=earlier is not None) and _queued(version, actor):
        return
    DepositProposal(
        essms_id=document.dossier.essms_id, version=version, moment=rule.moment, proposed_at=now()
    ).save()


def _leaves_by_itself(rule: Rule, *, has_earlier: bool) -> bool:
    """Say whether nobody is asked first (an agreement is asked of a colleague, afterwards)."""
    if rule.moment in (Moment.VALIDATION, Moment.ACCORD):
        return True
    return rule.follows_versions and has_earlier


def _queued(version: DocumentVersion, actor: Actor) -> bool:
    """Queue the deposit if nothing holds it back; say whether it was."""
    if not can(actor, Permission.FEED_DMP, version.document.dossier):
        return False
    user = User.objects.get(pk=actor.user_id) if actor.user_id else version.author
    shared = Shared()
    if blocking_points(control_points(version, target=Target.DMP, sender=user, shared=shared)):
        return False
    try:
        with transaction.atomic():
            queue_deposit(version, user, actor, None, shared)
    except AmarreError as error:
        # What only the freezing sees (a body too long for the DMP): said again to who presses « Déposer ».
        logger.warning("version %s: not deposited by itself: %s", version.pk, error)
        return False
    return True


def _withdraw_earlier(version: DocumentVersion, actor: Actor) -> None:
    """Close what was still to be decided about the earlier versions: they are not current any more."""
    with system_scope("earlier versions of the document being filed"):
        others = DocumentVersion.objects.filter(document=version.document_id).exclude(pk=version.pk)
        numbers = list(others.values_list("pk", flat=True))
        if not numbers:
            return
        waiting = Exchange.objects.filter(
            kind=KIND, state=State.A_VALIDER, dmp_deposit__version__in=numbers
        ).values_list("pk", flat=True)
        stop_waiting(exchange_ids=list(waiting), why=NewerVersionFiled(), actor=actor)
    close_proposals(numbers, Closing.REMPLACE, actor)
