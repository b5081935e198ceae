"""Reading of the trace, for its own screen only: no other screen depends on it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from amarre.dui.audit import registry
from amarre.dui.audit.detail_words import in_words
from amarre.dui.audit.models import Trace
from amarre.dui.core.clock import PARIS
from amarre.dui.core.paging import Page, keyset_page

# Who acted, in the words of those who read the journal.
WORKER_NAME = "Amarre"


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """What is looked for; dates are whole days of the establishment.

    `verb_prefixes` limits what the reader may see: None for everything, an empty tuple for nothing.
    """

    verb: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None
    dossier_id: str = ""
    zone: ZoneInfo = PARIS
    verb_prefixes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line, ready to be read: « Maud Keravel a consulté le dossier »."""

    at: datetime.datetime
    who: str
    sentence: str
    outcome: str
    outcome_label: str
    reason: str
    dossier_id: str
    request_id: str
    details: str


def journal_page(essms_id: int, wanted: JournalFilter, cursor: str = "", size: int = 50) -> Page[Trace]:
    """Return one page of the trace of an establishment, latest first."""
    rows = Trace.objects.filter(essms_id=essms_id)
    if wanted.verb_prefixes is not None:
        allowed = [v.name for v in registry.registered() if v.name.startswith(wanted.verb_prefixes)]
        rows = rows.filter(verb__in=allowed)
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.dossier_id:
        rows = rows.filter(dossier_id=wanted.dossier_id)
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since, wanted.zone))
    if wanted.until:
        rows = rows.filter(at__lt=_midnight(wanted.until + datetime.timedelta(days=1), wanted.zone))
    return keyset_page(rows, order=("-at", "-id"), cursor=cursor, size=size)


def _midnight(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), tzinfo=zone)


def line_of(trace: Trace) -> JournalLine:
    """Return the words of one trace."""
    return JournalLine(
        at=trace.at,
        who=WORKER_NAME if trace.actor_name == "worker" else trace.actor_name,
        sentence=registry.sentence(trace.verb),
        outcome=trace.outcome,
        outcome_label=trace.get_outcome_display(),
        reason=trace.reason,
        dossier_id=trace.dossier_id,
        request_id=trace.request_id,
        details=in_words(trace.details, trace.verb),
    )
