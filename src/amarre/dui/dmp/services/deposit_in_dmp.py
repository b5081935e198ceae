"""Deposit the current version of a document in the person's DMP: controlled, frozen, queued, traced."""

from __future__ import annotations

from typing import TypeGuard

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.core.actor import Actor
from amarre.dui.dmp.earlier_versions import own_deposit
from amarre.dui.dmp.services.queue_deposit import queue_deposit
from amarre.dui.dmp.visibility.audiences import Hidden
from amarre.dui.documents.control import Shared, Target, control_points, require_clear
from amarre.dui.documents.models import DmpDeposit, Document, DocumentVersion
from amarre.dui.documents.selectors import deposit_of
from amarre.dui.exchanges.enums import State


def deposit_in_dmp(*, version: DocumentVersion, actor: Actor, hidden: Hidden | None = None) -> DmpDeposit:
    """Queue the deposit of `version`, or have it wait for a second person if the rule of its type says so.

    `hidden`: whom it is hidden from; None keeps the choice made for the version it replaces.

    A second call returns the first one's row; a deposit that was cancelled is asked anew. Raises the access
    errors, the error behind the first blocking point of the control, and what the kit refuses to freeze.
    Nothing is sent here: the worker asks the DMP what it must know, then deposits.
    """
    dossier = version.document.dossier
    require(actor, Permission.FEED_DMP, dossier)
    user = User.objects.get(pk=actor.user_id) if actor.user_id else version.author
    shared = Shared()
    with transaction.atomic():
        with system_scope("document in scope, locked: one deposit of it at a time"):
            Document.objects.select_for_update(of=("self",)).get(pk=version.document_id)
            held = own_deposit(version, shared)
        if _is_live(held):
            return held
        # Asked under the lock: an earlier version may have left since the page was shown.
        require_clear(control_points(version, target=Target.DMP, sender=user, shared=shared))
        return queue_deposit(version, user, actor, hidden, shared)


def live_deposit(version: DocumentVersion) -> DmpDeposit | None:
    """Return the deposit of a version in scope, None when it was never asked or was cancelled."""
    held = deposit_of(version)
    return held if _is_live(held) else None


def _is_live(held: DmpDeposit | None) -> TypeGuard[DmpDeposit]:
    return held is not None and held.exchange.state != State.ANNULE
