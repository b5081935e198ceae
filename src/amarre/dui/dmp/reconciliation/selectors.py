"""What the page « Contrôle de réception » reads: deposits of a period, counters by finding, the file."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.core.paging import Page, keyset_page
from amarre.dui.dmp.models import DepositReception
from amarre.dui.documents.models import DmpDeposit
from amarre.dui.exchanges.enums import State
from amarre.dui.usagers.importing.refused_file import safe_cell
from amarre.dui.web.dates import day, hour

Finding = DepositReception.Finding
PAGE_SIZE = 25
EXPORTED_AT_MOST = 5_000
PERIODS = {"1": "depuis hier", "7": "7 jours", "30": "30 jours", "90": "90 jours"}
DEFAULT_PERIOD = "7"
NEVER = "jamais"
HEADINGS = (
    "Demandé le", "À", "Dossier", "Document", "Version", "Identifiant du document", "Référence de l'envoi",
    "Ce que nous croyons", "Contrôlé le", "À", "Constat", "Noté supprimé le",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deposits of the period are in each finding; `never` were not asked about yet."""

    total: int
    concordant: int
    absent: int
    recent: int
    unknown: int
    never: int


def deposits_of_period(actor: Actor, period: str) -> QuerySet[DmpDeposit]:
    """Return the deposits asked in the period, newest first, cancelled ones left out: they never left."""
    days = int(period) if period in PERIODS else int(DEFAULT_PERIOD)
    since = now() - datetime.timedelta(days=days)
    return (
        DmpDeposit.objects.visible_to(actor)
        .filter(requested_at__gte=since)
        .exclude(exchange__state__in=(State.ANNULE, State.A_VALIDER))
        .select_related(
            "exchange", "reception__exchange", "version__document__dossier__identity", "version__author"
        )
    )


def counts_of(rows: QuerySet[DmpDeposit]) -> Counts:
    """Return the counters of the page, in one query."""
    found = rows.aggregate(
        total=Count("pk"),
        concordant=Count("pk", filter=Q(reception__finding=Finding.CONCORDANT)),
        absent=Count("pk", filter=Q(reception__finding=Finding.ABSENT)),
        recent=Count("pk", filter=Q(reception__finding=Finding.RECENT)),
        unknown=Count("pk", filter=Q(reception__finding=Finding.INCONNU)),
        never=Count("pk", filter=Q(reception=None) | Q(reception__finding="")),
    )
    return Counts(**found)


def with_finding(rows: QuerySet[DmpDeposit], finding: str) -> QuerySet[DmpDeposit]:
    """Keep one finding; « jamais » is what was not asked about yet."""
    if finding == NEVER:
        return rows.filter(Q(reception=None) | Q(reception__finding=""))
    return rows.filter(reception__finding=finding) if finding in Finding.values else rows


def reception_page(rows: QuerySet[DmpDeposit], cursor: str) -> Page[DmpDeposit]:
    """Return one page, newest first."""
    return keyset_page(rows, order=("-pk",), cursor=cursor, size=PAGE_SIZE)


def to_ask(rows: QuerySet[DmpDeposit]) -> list[DmpDeposit]:
    """Return the deposits to ask about, those never asked about first; what was deleted is not waited for."""
    waited_for = rows.filter(Q(reception=None) | Q(reception__gone_noted_at=None))
    return list(waited_for.order_by(F("reception__asked_at").asc(nulls_first=True), "pk"))


def count_disagreements(actor: Actor) -> int:
    """Return how many deposits the DMP does not see as we do."""
    disagrees = (Finding.ABSENT, Finding.RECENT)
    return DepositReception.objects.visible_to(actor).filter(finding__in=disagrees).count()


def reception_csv(rows: Iterable[DmpDeposit]) -> bytes:
    """Return the list as CSV: no name in it; UTF-8 with a mark, semicolons, CRLF, no formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        reception: DepositReception | None = getattr(row, "reception", None)
        checked = reception.checked_at if reception else None
        gone = reception.gone_noted_at if reception else None
        cells = (
            day(row.requested_at), hour(row.requested_at), row.version.document.dossier.number,
            row.version.document.title, str(row.version.number), row.version.unique_id,
            row.exchange.reference, row.exchange.get_state_display(),
            day(checked) if checked else "", hour(checked) if checked else "",
            reception.get_finding_display() if reception and reception.finding else "Pas encore contrôlé",
            day(gone) if gone else "",
        )  # fmt: skip
        writer.writerow([safe_cell(text) for text in cells])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")
