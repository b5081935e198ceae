"""Deposit the current version of a document in the person's DMP: controlled, frozen, queued, traced."""

from __future__ import annotations

from django.db import transaction

from amarre.dui.access.permissions import Permission
from amarre.dui.access.policy import require
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.documents import store
from amarre.dui.documents.control import Target, control_points, require_clear
from amarre.dui.documents.control_checks import earlier_deposit
from amarre.dui.documents.deposit_errors import ReplacedVersionNotFound
from amarre.dui.documents.depositors import depositor
from amarre.dui.documents.dmp_connector import dmp_client
from amarre.dui.documents.identity import open_gate
from amarre.dui.documents.models import DmpDeposit, Document, DocumentVersion
from amarre.dui.documents.selectors import deposit_of
from amarre.dui.exchanges.services.enqueue import enqueue
from amarre.dui.organisations.selectors import profile_of

KIND = "dmp.deposit"
PART = "submission"
ENTRY_UUID = "entry_uuid"


def deposit_in_dmp(*, version: DocumentVersion, actor: Actor) -> DmpDeposit:
    """Queue the deposit of `version`; a second call returns the first one's row.

    Raises the access errors, the error behind the first blocking point of the control, and what the kit
    refuses to freeze. Nothing is sent here, but for one question to the DMP (outside any transaction) when
    the registry number of the version to replace is not known yet.
    """
    dossier = version.document.dossier
    require(actor, Permission.FEED_DMP, dossier)
    held = deposit_of(version)
    if held is not None:
        return held
    user = User.objects.get(pk=actor.user_id) if actor.user_id else version.author
    require_clear(control_points(version, target=Target.DMP, sender=user))
    replaces = _replaced_entry(version, user)
    with transaction.atomic():
        with system_scope("document in scope, locked: one deposit of it at a time"):
            Document.objects.select_for_update(of=("self",)).get(pk=version.document_id)
        held = deposit_of(version)
        if held is not None:
            return held
        # Asked again under the lock: an earlier version may have left meanwhile.
        require_clear(control_points(version, target=Target.DMP, sender=user))
        return _queue(version, actor, user, replaces)


def _queue(version: DocumentVersion, actor: Actor, user: User, replaces: str) -> DmpDeposit:
    document = version.document
    dossier = document.dossier
    profile = profile_of(dossier.essms)
    frozen = dmp_client(profile, depositor(user, dossier.essms)).prepare(
        open_gate(dossier.identity, profile), store.get(version.cda_sha256), replaces=replaces
    )
    exchange = enqueue(
        kind=KIND,
        actor=actor,
        essms_id=dossier.essms_id,
        dossier_id=dossier.pk,
        key=f"dmp:{version.pk}",
        lane=f"dmp:{dossier.identity_id}",
        payload={"document": document.pk, "type": document.type_code, "version": version.number},
        parts={PART: frozen.to_bytes()},
    )
    deposit = DmpDeposit(
        version=version,
        exchange=exchange,
        environment=profile.environment,
        identity_qualified=True,
        requested_at=now(),
    )
    deposit.save()
    record(
        actor,
        "dmp.deposit_requested",
        subject=document,
        dossier_id=dossier.pk,
        usager_id=dossier.identity_id,
        exchange_id=exchange.reference,
        details={"version": version.number, "replaces": bool(replaces)},
    )
    return deposit


def _replaced_entry(version: DocumentVersion, user: User) -> str:
    """Return the registry number (entryUUID) of the accepted version this one replaces, or "".

    It is kept when the DMP gave it after the acceptance; otherwise it is asked now (TD3.1b). Raises the
    transport errors, ReplacedVersionNotFound.
    """
    with system_scope("earlier deposits of a document in scope"):
        earlier = earlier_deposit(version)
    if earlier is None:
        return ""
    known = str(earlier.exchange.result.get(ENTRY_UUID, ""))
    if known:
        return known
    dossier = version.document.dossier
    profile = profile_of(dossier.essms)
    client = dmp_client(profile, depositor(user, dossier.essms))
    found = client.find_by_unique_id(open_gate(dossier.identity, profile), earlier.version.unique_id)
    if found is None:
        raise ReplacedVersionNotFound(number=earlier.version.number)
    return found.entry_uuid
