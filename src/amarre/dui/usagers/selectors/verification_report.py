"""Read model of a verification: how far it is, its outcomes with their reasons, its lines, its file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count

from amarre.dui.core.actor import Actor
from amarre.dui.exchanges.enums import OPEN_STATES
from amarre.dui.exchanges.models import Exchange
from amarre.dui.usagers.importing.refused_file import safe_cell
from amarre.dui.usagers.models import VerificationBatch, VerificationItem
from amarre.dui.usagers.presenters import usual_name
from amarre.dui.web.dates import day, hour
from amarre.interop.ins.status import STATUS_LABELS, Status

SHOWN = 50
HEADINGS = (
    "Numéro de dossier", "Nom de naissance", "1er prénom", "Date de naissance", "Résultat", "Motif",
    "Statut avant", "Statut après", "Le",
)  # fmt: skip
Outcome = VerificationItem.Outcome


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One outcome of the report: words, reason, how many, key of its list."""

    key: str
    label: str
    detail: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """One batch as its page shows it. `blocked` is the lot that waits for a person."""

    batch: VerificationBatch
    total: int
    done: int
    lines: tuple[OutcomeLine, ...]
    current: Exchange | None
    blocked: Exchange | None

    @property
    def is_running(self) -> bool:
        """Say whether the page must ask again."""
        return self.batch.state == VerificationBatch.State.RUNNING and self.blocked is None

    @property
    def count_refuted(self) -> int:
        """Return how many INS were not confirmed."""
        return sum(line.count for line in self.lines if line.key == Outcome.REFUTED)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One identity of the list: where to look at it, and what became of it."""

    dossier_id: int
    name: str
    number: str
    detail: str
    status: str


def batches(actor: Actor) -> list[VerificationBatch]:
    """Return the verifications of the establishment, latest first."""
    return list(VerificationBatch.objects.visible_to(actor).select_related("requested_by")[:20])


def report(batch: VerificationBatch) -> Report:
    """Return the report of a batch; two queries."""
    rows = batch.items.values("outcome", "reason").annotate(count=Count("pk")).order_by("outcome", "reason")
    counts = {(row["outcome"], row["reason"]): row["count"] for row in rows}
    lot = batch.lots.select_related("exchange").order_by("-number").first()
    exchange = lot.exchange if lot and lot.answered_at is None else None
    is_open = exchange is not None and exchange.state in OPEN_STATES
    running = batch.state == VerificationBatch.State.RUNNING
    return Report(
        batch=batch,
        total=sum(counts.values()),
        done=sum(count for (outcome, _), count in counts.items() if outcome),
        lines=tuple(_line(outcome, reason, count) for (outcome, reason), count in sorted(counts.items())),
        current=exchange if is_open else None,
        blocked=exchange if running and not is_open else None,
    )


def _line(outcome: str, reason: str, count: int) -> OutcomeLine:
    detail = VerificationItem.Reason(reason).label if reason else _DETAILS.get(outcome, "")
    return OutcomeLine(outcome or "attente", Outcome(outcome).label, detail, count)


_DETAILS = {
    "": "Pas encore demandée à INSi",
    Outcome.CONFIRMED.value: "INS et traits concordent toujours",
    Outcome.REFUTED.value: "L’INS a été retirée : écart à traiter, puis rappeler INSi à la prochaine venue",
    Outcome.REFUSED.value: "INSi n’a pas pu lire cette ligne : rien n’a changé",
}


def lines(batch: VerificationBatch, outcome: str) -> list[ReportLine]:
    """Return the first identities of one outcome, by name; those to act on when it is empty."""
    wanted = [outcome] if outcome in Outcome.values and outcome else [Outcome.REFUTED, Outcome.REFUSED]
    rows = (
        batch.items.filter(outcome__in=wanted)
        .select_related("identity", "dossier")
        .order_by("identity__search_key", "pk")
    )
    return [
        ReportLine(
            dossier_id=item.dossier_id,
            name=usual_name(item.identity),
            number=item.dossier.number,
            detail=_detail(item),
            status=item.outcome,
        )
        for item in rows[:SHOWN]
    ]


def _detail(item: VerificationItem) -> str:
    if item.reason:
        return VerificationItem.Reason(item.reason).label
    if item.outcome == Outcome.REFUTED:
        return f"{_status(item.status_before).capitalize()} avant, {_status(item.status_after)} maintenant"
    return f"Code {item.remote_code}" if item.remote_code else ""


def csv_lines(batch: VerificationBatch) -> Iterator[bytes]:
    """Yield the whole report as CSV, one line per identity, without any matricule."""
    yield b"\xef\xbb\xbf" + _row(HEADINGS)
    rows = batch.items.select_related("identity", "dossier").order_by("dossier__number", "pk")
    for item in rows.iterator(2000):
        identity = item.identity
        yield _row(
            (
                item.dossier.number, identity.nom_naissance, identity.premier_prenom,
                identity.traits.date_naissance.french, Outcome(item.outcome).label, _detail(item),
                _status(item.status_before), _status(item.status_after),
                f"{day(item.settled_at)} {hour(item.settled_at)}" if item.settled_at else "",
            )
        )  # fmt: skip


def _row(cells: tuple[str, ...]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
        [safe_cell(cell) for cell in cells]
    )
    return buffer.getvalue().encode("utf-8")


def _status(code: str) -> str:
    return STATUS_LABELS[Status(code)].removeprefix("identité ") if code else ""


def waiting_block(found: Report, poll_url: str, page_url: str) -> dict[str, object]:
    """Return what `composants/attente.html` shows while a batch goes on."""
    text = f"{found.done} identités sur {found.total}."
    if found.current is not None and found.current.explanation:
        text += f" Le lot en cours sera redemandé à {hour(found.current.due_at)}."
    return {
        "id": "avancement",
        "title": "Vérification en cours",
        "text": text,
        "value": found.done,
        "max": found.total,
        "seconds": 3,
        "poll_url": poll_url,
        "reload_url": page_url,
        "note": "Vous pouvez continuer votre travail, ou fermer cette page : la vérification avance seule.",
    }
