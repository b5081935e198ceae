"""The outbox's handler of deposits: is there an open DMP (TD0.2), deposit (TD2.1), is it there (TD3.1b).

A deposit that replaces another needs the number the DMP gave to the other one (entryUUID). That number
changes each time somebody hides or shows the document, so it is asked just before the deposit, by the worker,
and the whole is then frozen before anything leaves (`complete`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.connector import AnswerKeeper, answer_keeper, dmp_client
from amarre.dui.dmp.earlier_versions import deposits_of_document, earlier_of, later_of
from amarre.dui.dmp.errors import (
    AccessForbiddenByPerson,
    EarlierVersionPending,
    EarlierVersionUnknown,
    ExistenceUnanswered,
    IdentityChanged,
    LaterVersionLeft,
    PersonOpposed,
    ReplacedVersionNotFound,
    ReplacedVersionUnanswered,
)
from amarre.dui.dmp.services.queue_deposit import KIND, PART, PART_WITHOUT_NUMBER
from amarre.dui.documents.identity import open_gate
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.exchanges import milestones
from amarre.dui.exchanges.enums import OPEN_STATES, State
from amarre.dui.exchanges.handlers import Description, Job, Outcome
from amarre.dui.exchanges.models import Exchange
from amarre.dui.exchanges.services.keep_answer import keep_answer
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.models import DmpInformation, Dossier
from amarre.dui.usagers.services.record_dmp_information import current_information
from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.errors import AmarreError, Effect
from amarre.interop.dmp import Authorisation, FrozenSubmission, patient_id_of
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.terminology import document_type


class DmpDepositHandler:
    """Plays one deposit. Its frozen bytes never change; the person's situation is looked at each time."""

    kind = KIND
    service = "dmp"
    service_label = "Le DMP"
    has_receipts = False
    recognises_resends = True
    is_quiet = False

    def send(self, job: Job) -> Outcome:
        """Test the existence, then deposit. Raises the explained refusals and the transport errors."""
        frozen = FrozenSubmission.from_bytes(job.parts[PART])
        profile = _profile(job)
        identity = _identity_that_may_leave(_held(job), profile, frozen)
        client, keeper = _connect(profile, frozen)
        _require_open_dmp(client, identity)
        milestones.reach("existence-known")
        acknowledgement = client.submit(frozen)
        milestones.reach("submitted")
        summary = "Déjà au DMP" if acknowledgement.already_there else "Déposé au DMP"
        return Outcome(summary, _result(frozen, acknowledgement.warnings), carried=keeper.last)

    def complete(self, job: Job) -> dict[str, bytes]:
        """Ask the number to replace, and freeze the whole deposit with it.

        Raises what holds the deposit back, EarlierVersionPending, EarlierVersionUnknown,
        ReplacedVersionNotFound, ReplacedVersionUnanswered.
        """
        if PART in job.parts:
            return {}
        draft = FrozenSubmission.from_bytes(job.parts[PART_WITHOUT_NUMBER])
        held, profile = _held(job), _profile(job)
        identity = _identity_that_may_leave(held, profile, draft)
        client, _ = _connect(profile, draft)
        number = _number_to_replace(held, client, draft, identity)
        milestones.reach("number-known")
        frozen = client.prepare(
            identity, draft.document, actor=draft.actor, visibility=draft.hidden_from, replaces=number
        )
        return {PART: frozen.to_bytes()}

    def find(self, job: Job) -> Outcome | None:
        """Ask the DMP whether it holds the document. Raises what the question raises.

        Asked whatever became of the identity or of the person's decision: the document may be there already.
        """
        frozen = FrozenSubmission.from_bytes(job.parts.get(PART) or job.parts[PART_WITHOUT_NUMBER])
        client, keeper = _connect(_profile(job), frozen)
        found = client.find_frozen(frozen)
        if found is None:
            return None
        return Outcome("Retrouvé au DMP", _result(frozen, ()), carried=keeper.last)

    def apply(self, exchange: Exchange, outcome: Outcome) -> None:
        """Keep the acknowledgement: the bytes of the DMP's answer."""
        deposit = _deposit_of(exchange)
        kept = keep_answer(exchange, outcome.carried)
        with system_scope("worker: the deposit it holds"):
            mine = DmpDeposit.objects.filter(pk=deposit.pk)
            mine.update(accepted_at=now(), acknowledgement_sha256=kept)
        document = deposit.version.document
        record(
            system_actor("worker", essms_id=exchange.essms_id),
            "dmp.deposited",
            subject=document,
            dossier_id=exchange.dossier_id,
            usager_id=document.dossier.identity_id,
            exchange_id=exchange.reference,
            details={"version": deposit.version.number},
        )

    def failed(self, exchange: Exchange) -> None:
        """Nothing more to write: the deposit's state is its exchange's."""

    def describe(self, exchange: Exchange) -> Description:
        """Return how the deposit is shown, without a query."""
        kind = document_type(str(exchange.payload.get("type", "")))
        name = kind.code.display if kind else "Document"
        url = reverse(
            "documents:show_document",
            kwargs={"dossier_id": exchange.dossier_id, "document_id": exchange.payload["document"]},
        )
        return Description(f"Dépôt : {name}, version {exchange.payload['version']}", "DMP", url)


@dataclass(frozen=True, slots=True)
class _Held:
    """What a job is about, as it is now: `deposits` are those of every version of its document."""

    dossier: Dossier
    version: DocumentVersion
    deposits: list[DmpDeposit]


def _held(job: Job) -> _Held:
    with system_scope("worker: the deposit it holds"):
        dossier = Dossier.objects.select_related("identity").get(documents=job.payload["document"])
        deposits = deposits_of_document(job.payload["document"])
    version = next(one.version for one in deposits if one.exchange_id == job.exchange_id)
    return _Held(dossier, version, deposits)


def _profile(job: Job) -> ConnectorProfile:
    with system_scope("worker: the deposit it holds"):
        profiles = ConnectorProfile.objects.select_related("essms").prefetch_related("certificates")
        return profiles.get(essms_id=job.essms_id)


def _connect(profile: ConnectorProfile, frozen: FrozenSubmission) -> tuple[DmpClient, AnswerKeeper]:
    keeper = answer_keeper(profile)
    return dmp_client(profile, frozen.actor, keeper), keeper


def _identity_that_may_leave(
    held: _Held, profile: ConnectorProfile, frozen: FrozenSubmission
) -> QualifiedIdentity:
    """Return the identity as it is now.

    Raises PersonOpposed, LaterVersionLeft, IdentityChanged, or what the gate raises.
    """
    with system_scope("worker: the deposit it holds"):
        information = current_information(held.dossier)
    later = later_of(held.deposits, held.version)
    if information is not None and information.decision == DmpInformation.Decision.OPPOSITION:
        raise PersonOpposed()
    if later is not None:
        raise LaterVersionLeft(number=later.version.number)
    identity = open_gate(held.dossier.identity, profile)
    if patient_id_of(identity) != frozen.patient:
        raise IdentityChanged()
    return identity


def _require_open_dmp(client: DmpClient, identity: QualifiedIdentity) -> None:
    """TD0.2. A lost answer to a question leaves no doubt about the deposit: nothing was sent yet."""
    try:
        status = client.exists(identity)
    except AmarreError as error:
        if error.effect is Effect.UNKNOWN:
            cause = error.explanation().what
            raise ExistenceUnanswered(remote_code=error.remote_code or error.code, cause=cause) from error
        raise
    status.require_open()
    if status.authorisation is Authorisation.INTERDIT:
        raise AccessForbiddenByPerson()


def _number_to_replace(
    held: _Held, client: DmpClient, draft: FrozenSubmission, identity: QualifiedIdentity
) -> str:
    """Return the entryUUID of the version that the DMP holds, "" when it holds none."""
    earlier = earlier_of(held.deposits, held.version)
    if earlier is None:
        return ""
    number = earlier.version.number
    if earlier.exchange.state != State.ACCEPTE:
        # The lane keeps the order; these are the cases where it could not.
        waits = earlier.exchange.state in OPEN_STATES
        raise EarlierVersionPending(number=number) if waits else EarlierVersionUnknown(number=number)
    try:
        found = client.find_by_unique_id(identity, earlier.version.unique_id, actor=draft.actor)
    except AmarreError as error:
        if error.effect is Effect.UNKNOWN:
            cause = error.explanation().what
            code = error.remote_code or error.code
            raise ReplacedVersionUnanswered(number=number, cause=cause, remote_code=code) from error
        raise
    if found is None:
        raise ReplacedVersionNotFound(number=number)
    return found.entry_uuid


def _result(frozen: FrozenSubmission, warnings: tuple[str, ...]) -> dict[str, object]:
    return {"replaced": bool(frozen.replaces), "warnings": list(warnings)}


def _deposit_of(exchange: Exchange) -> DmpDeposit:
    with system_scope("worker: the deposit it holds"):
        deposits = DmpDeposit.objects.select_related("version__document__dossier")
        return deposits.only("version__number", "version__document__dossier__identity").get(exchange=exchange)
