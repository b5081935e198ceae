"""The outbox's handler of the control of reception: one question (TD3.1b) about one deposit."""

from __future__ import annotations

from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.audit.services.record import record
from amarre.dui.core.actor import system_actor
from amarre.dui.core.clock import now
from amarre.dui.dmp.connector import answer_keeper, dmp_client
from amarre.dui.dmp.models import DepositReception
from amarre.dui.dmp.reconciliation.asking import KIND
from amarre.dui.dmp.reconciliation.verdict import Finding, verdict
from amarre.dui.dmp.services.queue_deposit import PART, PART_WITHOUT_NUMBER
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.handlers import Description, Job, Outcome
from amarre.dui.exchanges.models import Exchange, ExchangePart
from amarre.dui.organisations.models import ConnectorProfile
from amarre.interop.dmp import FrozenSubmission


class ReceptionHandler:
    """Asks whether the DMP holds a document; deposits nothing, changes nothing there."""

    kind = KIND
    service = "dmp"
    service_label = "Le DMP"
    has_receipts = False
    recognises_resends = True
    is_quiet = True

    def send(self, job: Job) -> Outcome:
        """Ask by number, as who deposited, about the person the document was deposited for."""
        with system_scope("worker: the deposit it asks about"):
            profile = ConnectorProfile.objects.select_related("essms").get(essms_id=job.essms_id)
            frozen = _frozen(job.payload["deposit"])
            client = dmp_client(profile, frozen.actor, answer_keeper(profile))
        found = client.find_frozen(frozen)
        summary = "Présent au DMP" if found else "Absent du DMP"
        return Outcome(summary, {"found": found is not None})

    def find(self, job: Job) -> Outcome | None:
        """A question leaves nothing behind: it may be asked again."""
        return None

    def apply(self, exchange: Exchange, outcome: Outcome) -> None:
        """Compare the answer with what we believe at this instant."""
        reception = _reception_of(exchange)
        deposit = reception.deposit
        believed = State(deposit.exchange.state)
        noted_gone = reception.gone_noted_at is not None
        reception.finding = verdict(believed, found=bool(outcome.result["found"]), noted_gone=noted_gone)
        reception.believed, reception.checked_at = believed, now()
        reception.save()
        document = deposit.version.document
        record(
            system_actor("worker", essms_id=exchange.essms_id),
            "dmp.reception_checked",
            subject=document,
            dossier_id=document.dossier_id,
            usager_id=document.dossier.identity_id,
            exchange_id=exchange.reference,
            details={"version": deposit.version.number, "conclusion": reception.finding},
        )

    def failed(self, exchange: Exchange) -> None:
        """Nothing is known; the page says so, and nobody has to resume a question."""
        reception = _reception_of(exchange)
        reception.finding, reception.checked_at = Finding.INCONNU, now()
        reception.believed = reception.deposit.exchange.state
        reception.save()
        exchange.closed_at = now()
        exchange.save(update_fields=["closed_at"])

    def describe(self, exchange: Exchange) -> Description:
        """Return how the question is shown, without a query."""
        number = exchange.payload.get("version", "")
        return Description(f"Contrôle de réception, version {number}", "DMP", reverse("dmp:reception"))


def _frozen(deposit_id: int) -> FrozenSubmission:
    rows = ExchangePart.objects.filter(exchange__dmp_deposit=deposit_id, name__in=(PART, PART_WITHOUT_NUMBER))
    parts = {part.name: bytes(part.data) for part in rows}
    return FrozenSubmission.from_bytes(parts.get(PART) or parts[PART_WITHOUT_NUMBER])


def _reception_of(exchange: Exchange) -> DepositReception:
    with system_scope("worker: the question it holds"):
        return DepositReception.objects.select_related(
            "deposit__exchange", "deposit__version__document__dossier"
        ).get(deposit=exchange.payload["deposit"])
