"""The outbox's handler of deposits: is there an open DMP (TD0.2), deposit (TD2.1), is it there (TD3.1b)."""

from __future__ import annotations

from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now
from amarre.dui.documents import store
from amarre.dui.documents.deposit_errors import (
    AccessForbiddenByPerson,
    ExistenceUnanswered,
    IdentityChanged,
    PersonOpposed,
)
from amarre.dui.documents.dmp_connector import AnswerKeeper, answer_keeper, dmp_client
from amarre.dui.documents.identity import open_gate
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.documents.services.deposit_in_dmp import ENTRY_UUID, KIND, PART
from amarre.dui.exchanges.handlers import Description, Job, Outcome
from amarre.dui.exchanges.models import Exchange
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

    def send(self, job: Job) -> Outcome:
        """Test the existence, then deposit. Raises the explained refusals and the transport errors."""
        frozen = FrozenSubmission.from_bytes(job.parts[PART])
        identity = _identity_that_may_leave(job, frozen)
        client, keeper = _connect(job, frozen)
        _require_open_dmp(client, identity)
        acknowledgement = client.submit(frozen)
        answer = keeper.last
        summary = "Déjà au DMP" if acknowledgement.already_there else "Déposé au DMP"
        return Outcome(
            summary, _result(_entry_uuid(client, frozen), acknowledgement.warnings), carried=answer
        )

    def find(self, job: Job) -> Outcome | None:
        """Ask the DMP whether it holds the document. Raises what the question raises.

        Asked whatever became of the identity or of the person's decision: the document may be there already.
        """
        frozen = FrozenSubmission.from_bytes(job.parts[PART])
        client, keeper = _connect(job, frozen)
        found = client.find_frozen(frozen)
        if found is None:
            return None
        return Outcome("Retrouvé au DMP", _result(found.entry_uuid, ()), carried=keeper.last)

    def apply(self, exchange: Exchange, outcome: Outcome) -> None:
        """Keep the acknowledgement: the bytes of the DMP's answer."""
        deposit = _deposit_of(exchange)
        deposit.accepted_at = now()
        deposit.acknowledgement_sha256 = store.put(outcome.carried)
        deposit.save()
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


def _connect(job: Job, frozen: FrozenSubmission) -> tuple[DmpClient, AnswerKeeper]:
    with system_scope("worker: the deposit it holds"):
        profile = ConnectorProfile.objects.select_related("essms").get(essms_id=job.essms_id)
        keeper = answer_keeper(profile)
        return dmp_client(profile, frozen.actor, keeper), keeper


def _identity_that_may_leave(job: Job, frozen: FrozenSubmission) -> QualifiedIdentity:
    """Return the identity as it is now. Raises PersonOpposed, IdentityChanged, or what the gate raises."""
    with system_scope("worker: the deposit it holds"):
        profile = ConnectorProfile.objects.get(essms_id=job.essms_id)
        dossier = Dossier.objects.select_related("identity").get(documents=job.payload["document"])
        information = current_information(dossier)
    if information is not None and information.decision == DmpInformation.Decision.OPPOSITION:
        raise PersonOpposed()
    identity = open_gate(dossier.identity, profile)
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


def _entry_uuid(client: DmpClient, frozen: FrozenSubmission) -> str:
    """Ask for the registry number that a later version will replace; the deposit is accepted without it."""
    try:
        found = client.find_frozen(frozen)
    except AmarreError:
        return ""
    return found.entry_uuid if found else ""


def _result(entry_uuid: str, warnings: tuple[str, ...]) -> dict[str, object]:
    return {ENTRY_UUID: entry_uuid, "warnings": list(warnings)}


def _deposit_of(exchange: Exchange) -> DmpDeposit:
    with system_scope("worker: the deposit it holds"):
        return DmpDeposit.objects.select_related("version__document__dossier").get(exchange=exchange)
