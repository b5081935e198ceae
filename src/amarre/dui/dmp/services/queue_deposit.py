"""Freeze one deposit and write its row in the outbox, in the transaction of the act."""

from __future__ import annotations

from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.connector import dmp_client
from amarre.dui.dmp.depositors import depositor_once
from amarre.dui.dmp.earlier_versions import deposits_beside, earlier_of, own_deposit
from amarre.dui.dmp.models import DepositProposal
from amarre.dui.dmp.rules import Moment, rule_of
from amarre.dui.dmp.services.close_proposal import close_proposals
from amarre.dui.dmp.visibility.audiences import (
    Hidden,
    in_order,
    inherited,
    keep_audience,
    require_meaningful,
)
from amarre.dui.documents import store
from amarre.dui.documents.control import Shared, profile_once
from amarre.dui.documents.identity import open_gate
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.enqueue import enqueue

KIND = "dmp.deposit"
# The whole deposit, as every attempt sends it.
PART = "submission"
# A deposit that replaces another: the number to replace is asked by the worker, which then freezes PART.
PART_WITHOUT_NUMBER = "submission-without-number"


def lane_of(identity_id: int) -> str:
    """Return the lane of the deposits about one person: their order is kept."""
    return f"dmp:{identity_id}"


def queue_deposit(
    version: DocumentVersion, user: User, actor: Actor, hidden: Hidden | None, shared: Shared
) -> DmpDeposit:
    """Queue a deposit that the control let through; the document is locked by the caller.

    `hidden`: whom it is hidden from; None keeps the choice made for the version it replaces. `shared`: what
    the control of this deposit read, in the same transaction.

    When an earlier version may be at the DMP, its number there is not known yet: the document, its depositor
    and its identifiers are frozen, and the worker completes them (see `DmpDepositHandler.complete`).
    """
    document = version.document
    dossier = document.dossier
    profile = profile_once(dossier.essms, shared)
    with system_scope("rule of the establishment, earlier deposits of a document in scope"):
        rule = rule_of(version, shared)
        earlier = earlier_of(deposits_beside(version, shared), version)
        deposit = own_deposit(version, shared)
        audience = inherited(earlier) if hidden is None else hidden
    require_meaningful(audience, dossier)
    replaces = earlier is not None
    frozen = dmp_client(profile, depositor_once(user, dossier.essms, shared)).prepare(
        open_gate(dossier.identity, profile),
        store.get(version.cda_sha256),
        visibility=in_order(audience),
    )
    exchange = enqueue(
        kind=KIND,
        actor=actor,
        essms_id=dossier.essms_id,
        dossier_id=dossier.pk,
        key=_next_key(version, deposit),
        lane=lane_of(dossier.identity_id),
        payload={"document": document.pk, "type": document.type_code, "version": version.number},
        parts={PART_WITHOUT_NUMBER if replaces else PART: frozen.to_bytes()},
        state=State.A_VALIDER if rule.moment is Moment.ACCORD else State.EN_FILE,
    )
    is_new = deposit is None
    deposit = deposit or DmpDeposit(version=version, identity_qualified=True)
    # After a cancelled one: the row says where the deposit is now, « Envois » keeps the cancelled exchange.
    deposit.exchange = exchange
    deposit.environment = profile.environment
    deposit.requested_at = now()
    deposit.save()
    with system_scope("audience of a deposit in scope"):
        keep_audience(deposit, audience, is_new=is_new)
    close_proposals([version.pk], DepositProposal.Closing.DEPOSE, actor)
    record(
        actor,
        "dmp.deposit_requested",
        subject=document,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
        exchange_id=exchange.reference,
        details={
            "version": version.number,
            "replaces": replaces,
            "hidden": [item.value for item in in_order(audience)],
        },
    )
    return deposit


def _next_key(version: DocumentVersion, deposit: DmpDeposit | None) -> str:
    """Return the intention: the version, and how many times it was cancelled then asked anew."""
    key = f"dmp:{version.pk}"
    if deposit is None:
        return key
    with system_scope("earlier intentions about a version in scope"):
        again = Exchange.objects.filter(key__startswith=f"{key}:").count()
    return f"{key}:{again + 1}"
