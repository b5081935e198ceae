"""The outbox's handler of changes: read the entry of today (TD3.1b), change it (TD3.3), is it so now?

Deleting goes by the establishment's certificate, by the number of the registry alone; the rest goes by the
access of the professional who asked, whose login must not be too old.
"""

from __future__ import annotations

import datetime

from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.connector import dmp_client
from amarre.dui.dmp.errors import IdentityChanged
from amarre.dui.dmp.models import DepositAudience, DepositReception, DmpChange
from amarre.dui.dmp.reading.connector import open_reader
from amarre.dui.dmp.services.request_change import KIND, PART
from amarre.dui.dmp.visibility.audiences import in_order
from amarre.dui.dmp.visibility.changes import Door, after, row_of
from amarre.dui.dmp.visibility.errors import DocumentNotShown, LoginTooOld
from amarre.dui.dmp.visibility.frozen import FrozenChange
from amarre.dui.dmp.visibility.offers import audience_of
from amarre.dui.documents.identity import open_gate
from amarre.dui.exchanges.handlers import Description, Job, Outcome
from amarre.dui.exchanges.models import Exchange
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.models import Dossier
from amarre.interop.clients.dmp import DmpClient
from amarre.interop.dmp import (
    NORMAL_ACCESS,
    Access,
    Change,
    DmpDocument,
    FoundDocument,
    StatusTarget,
    Visibility,
    patient_id_of,
)
from amarre.interop.dmp.td3_3 import RULES
from amarre.interop.ins import QualifiedIdentity

# A change asked in the morning does not leave with that login the next day.
LOGIN_LASTS = datetime.timedelta(hours=12)


class DmpChangeHandler:
    """Plays one change. The metadata sent back are those of the DMP at each attempt."""

    kind = KIND
    service = "dmp"
    service_label = "Le DMP"
    has_receipts = False
    # Asked twice, the DMP refuses the second: the document is already so.
    recognises_resends = True
    is_quiet = False

    def send(self, job: Job) -> Outcome:
        """Read the entry, then change it. Raises DocumentNotShown, the refusals and the transport errors."""
        frozen = FrozenChange.from_bytes(job.parts[PART])
        client, identity = _connect(job, frozen)
        found = _look(client, identity, frozen)
        if found is None:
            raise DocumentNotShown
        if not _is_done(frozen, found):
            client.change(identity, frozen.row.change, _target(found), access=_access(frozen))
        return Outcome("Changé au DMP", {"change": frozen.row.key})

    def find(self, job: Job) -> Outcome | None:
        """Ask the DMP whether the document is already as asked. Raises what the question raises."""
        frozen = FrozenChange.from_bytes(job.parts[PART])
        client, identity = _connect(job, frozen)
        found = _look(client, identity, frozen)
        if found is None:
            return Outcome("Supprimé du DMP", {"change": frozen.row.key}) if _deletes(frozen) else None
        return Outcome("Changé au DMP", {"change": frozen.row.key}) if _is_done(frozen, found) else None

    def apply(self, exchange: Exchange, outcome: Outcome) -> None:
        """Write what the DMP holds now; a deleted document is not waited for by the control of reception."""
        with system_scope("worker: the change it holds"):
            change = DmpChange.objects.select_related("deposit__version__document__dossier").get(
                exchange=exchange
            )
            _believe(change)
        change.applied_at = now()
        change.save()
        version = change.deposit.version
        record(
            system_actor("worker", essms_id=exchange.essms_id),
            "dmp.changed",
            subject=version.document,
            dossier_id=exchange.dossier_id,
            usager_id=version.document.dossier.identity_id,
            exchange_id=exchange.reference,
            details={"change": change.change, "version": version.number},
        )

    def failed(self, exchange: Exchange) -> None:
        """Nothing more to write: the change's state is its exchange's."""

    def describe(self, exchange: Exchange) -> Description:
        """Return how the change is shown, without a query."""
        row = row_of(str(exchange.payload.get("change", "")))
        words = row.verb if row else "Changement"
        url = reverse(
            "documents:show_document",
            kwargs={"dossier_id": exchange.dossier_id, "document_id": exchange.payload["document"]},
        )
        return Description(f"{words}, version {exchange.payload['version']}", "DMP", url)


def _connect(job: Job, frozen: FrozenChange) -> tuple[DmpClient, QualifiedIdentity]:
    """Return the door of this change, and the person as they are now.

    Raises IdentityChanged, LoginTooOld, what the gate and the doors raise.
    """
    with system_scope("worker: the change it holds"):
        profile = ConnectorProfile.objects.select_related("essms").get(essms_id=job.essms_id)
        dossier = Dossier.objects.select_related("identity").get(documents=job.payload["document"])
        identity = open_gate(dossier.identity, profile)
        if patient_id_of(identity) != frozen.patient:
            raise IdentityChanged()
        if frozen.row.door is Door.ETABLISSEMENT:
            return dmp_client(profile, frozen.actor), identity
        login = frozen.actor.authenticated_at
        if login is None or login + LOGIN_LASTS < now():
            raise LoginTooOld
        return open_reader(profile, frozen.actor).client, identity


def _look(client: DmpClient, identity: QualifiedIdentity, frozen: FrozenChange) -> FoundDocument | None:
    """Return what the DMP holds: its number alone by the establishment's door, which may read no metadata."""
    metadata = frozen.row.door is Door.PROFESSIONNEL
    return client.find_by_unique_id(identity, frozen.unique_id, metadata=metadata, access=_access(frozen))


def _target(found: FoundDocument) -> DmpDocument | StatusTarget:
    return DmpDocument(found.metadata) if found.metadata else StatusTarget(found.entry_uuid)


def _is_done(frozen: FrozenChange, found: FoundDocument) -> bool:
    """Tell whether an entry is already as asked; without metadata, being there is not being deleted."""
    if found.metadata is None:
        return False
    document, rule = DmpDocument(found.metadata), RULES[frozen.row.change]
    if rule.after is not None:
        return document.status is rule.after
    if rule.added is not None:
        return rule.added in document.hidden_from
    return rule.removed not in document.hidden_from


def _deletes(frozen: FrozenChange) -> bool:
    return frozen.row.change is Change.DELETE


def _access(frozen: FrozenChange) -> Access:
    """What concerns legal representatives is done in secret from them."""
    secret = RULES[frozen.row.change].removed is Visibility.INVISIBLE_REPRESENTANTS_LEGAUX
    return Access(secret=True) if secret else NORMAL_ACCESS


def _believe(change: DmpChange) -> None:
    """Write who the document is hidden from and its status, once the change is made. Needs a scope."""
    row = row_of(change.change)
    if row is None:
        return
    hidden, status = audience_of(change.deposit)
    shown, availability = after(row, hidden, status)
    held = DepositAudience.objects.filter(deposit=change.deposit).first()
    held = held or DepositAudience(deposit=change.deposit)
    held.hidden_from = [item.value for item in in_order(shown)]
    held.status = availability
    held.changed_at = now()
    held.save()
    if row.change is Change.DELETE:
        _note_gone(change)


def _note_gone(change: DmpChange) -> None:
    """Tell the control of reception, and later versions, that the DMP does not hold it any more."""
    essms_id = change.deposit.version.document.dossier.essms_id
    held = DepositReception.objects.filter(deposit=change.deposit).first()
    held = held or DepositReception(deposit=change.deposit, essms_id=essms_id, asked_at=now())
    held.gone_noted_at, held.gone_noted_by_id = now(), change.requested_by_id
    held.finding = DepositReception.Finding.CONCORDANT
    held.save()
