"""The outbox's handler of verification lots: deposit, wait for the results, record them.

A deposit with the same number is the same lot for the service: after a lost answer or a dead worker, `find`
reads the lot, and only one the service does not know is deposited. Lots are closed at the service once their
results are recorded here, never before.
"""

from __future__ import annotations

import time

from django.urls import reverse

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.exchanges.handlers import Description, Job, Outcome
from amarre.dui.exchanges.models import Exchange
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.connector import verification_port
from amarre.dui.usagers.errors import LotStillRunning, VerificationResultsIncomplete
from amarre.dui.usagers.models import VerificationLot
from amarre.dui.usagers.services.verification_lots import KIND, PART, record_results, thaw
from amarre.interop.common.errors import AmarreError
from amarre.interop.ins.insi import LotUnknown
from amarre.interop.ins.verification import VerificationPort, VerificationResult

# Within one claim: well under the lease of a worker.
PATIENCE_SECONDS = 20.0
PAUSE_SECONDS = 0.5
CLOSE_SECONDS = 300
CLOSED_AT_ONCE = 50


class VerificationHandler:
    """Plays one lot."""

    kind = KIND
    service = "insi"
    service_label = "INSi"
    has_receipts = False
    recognises_resends = True
    is_quiet = False

    def send(self, job: Job) -> Outcome:
        """Deposit the frozen lot, then wait for its results. Raises the transport and INSi errors."""
        port = _port(job.essms_id)
        close_answered_lots(port, job.essms_id)
        requests = thaw(job.parts[PART])
        port.deposit(job.payload["lot_id"], requests)
        return _results(port, job, {request.reference for request in requests})

    def find(self, job: Job) -> Outcome | None:
        """Read the lot if the service knows it."""
        wanted = {request.reference for request in thaw(job.parts[PART])}
        try:
            return _results(_port(job.essms_id), job, wanted)
        except LotUnknown:
            return None

    def apply(self, exchange: Exchange, outcome: Outcome) -> None:
        """Record the results and queue the next lot."""
        record_results(exchange, outcome.carried)

    def failed(self, exchange: Exchange) -> None:
        """Nothing changes: the identities of the lot wait, « Réessayer » plays it again."""

    def describe(self, exchange: Exchange) -> Description:
        """Return how the lot is shown among the exchanges."""
        title = f"Vérification d’identités, lot {exchange.payload['number']}"
        url = reverse("usagers:show_verification", kwargs={"batch_id": exchange.payload["batch"]})
        return Description(title, "INSi", url)


def _results(port: VerificationPort, job: Job, wanted: set[str]) -> Outcome:
    """Return every result of a lot. Raises LotUnknown, LotStillRunning, VerificationResultsIncomplete."""
    lot_id = job.payload["lot_id"]
    found: dict[str, VerificationResult] = {}
    line, end = 0, time.monotonic() + PATIENCE_SECONDS
    while True:
        report = port.fetch(lot_id, line)
        found |= {item.reference: item for item in report.results if item.reference in wanted}
        if report.all_read:
            break
        if report.next_line <= line:
            if time.monotonic() > end:
                raise LotStillRunning(processed=report.processed, total=report.total)
            time.sleep(PAUSE_SECONDS)
        line = max(line, report.next_line)
    if missing := len(wanted - set(found)):
        raise VerificationResultsIncomplete(missing=missing)
    return Outcome(f"{len(found)} identités vérifiées", {"results": len(found)}, carried=found)


def _port(essms_id: int) -> VerificationPort:
    with system_scope("worker: settings of the lot it holds"):
        profile = ConnectorProfile.objects.select_related("essms").get(essms_id=essms_id)
        return verification_port(profile)


def close_answered_lots(port: VerificationPort, essms_id: int) -> None:
    """Tell the service that it may forget the lots whose results are recorded. Raises the INSi errors."""
    with system_scope("worker: lots already answered"):
        lots = VerificationLot.objects.filter(
            batch__essms_id=essms_id, answered_at__isnull=False, closed_at=None
        )
        for lot in lots.order_by("answered_at")[:CLOSED_AT_ONCE]:
            port.close(str(lot.lot_id))
            VerificationLot.objects.filter(pk=lot.pk).update(closed_at=now())


def close_every_answered_lot() -> None:
    """Periodic task: close what the end of a batch left open at the service. A service down waits."""
    with system_scope("worker: lots already answered"):
        essms_ids = list(
            VerificationLot.objects.filter(answered_at__isnull=False, closed_at=None)
            .values_list("batch__essms_id", flat=True)
            .distinct()
        )
    failed: AmarreError | None = None
    for essms_id in essms_ids:
        try:
            close_answered_lots(_port(essms_id), essms_id)
        except AmarreError as error:
            failed = error
    if failed is not None:
        raise failed
