"""The acts and dossiers behind a number, line by line, for a page or for a file."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from amarre.dui.core.paging import Page, keyset_page
from amarre.dui.documents.models import Document, MssanteMessage
from amarre.dui.exchanges.models import Exchange
from amarre.dui.indicators import acts
from amarre.dui.indicators.acts import Lens
from amarre.dui.indicators.definitions import Content, Definition, Family
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.presenters import usual_name

PAGE_SIZE = 50
FILE_CHUNK = 500
# References shown on one line of a page; a file has them all.
SHOWN_ACTS = 3


@dataclass(frozen=True, slots=True)
class Act:
    """One accepted act: when, the reference of its exchange."""

    at: datetime.datetime
    reference: str
    exchange_id: int


@dataclass(frozen=True, slots=True)
class Line:
    """One counted document, message or dossier. `person` and `what` are for who may read identities."""

    dossier_id: int
    dossier_number: str
    acts: tuple[Act, ...]
    person: str
    what: str
    document_id: int | None = None

    @property
    def shown(self) -> tuple[Act, ...]:
        """Return the newest acts, as a page shows them."""
        return self.acts[:SHOWN_ACTS]

    @property
    def last_at(self) -> datetime.datetime | None:
        """Return when the last act was accepted."""
        return self.acts[0].at if self.acts else None

    @property
    def more(self) -> int:
        """Return how many acts a page leaves out."""
        return max(len(self.acts) - SHOWN_ACTS, 0)


@dataclass(frozen=True, slots=True)
class Source:
    """Rows behind one number, in the order they are shown."""

    definition: Definition
    lens: Lens
    rows: QuerySet[Any]
    order: tuple[str, ...]

    def page(self, cursor: str, size: int = PAGE_SIZE) -> Page[Any]:
        """Return one page of rows."""
        return keyset_page(self.rows, order=self.order, cursor=cursor, size=size)

    def lines(self, rows: Sequence[Model]) -> list[Line]:
        """Return the lines of some rows."""
        return _LINES[self.definition.content](self, rows)

    def all_lines(self) -> Iterator[Line]:
        """Yield every line, in chunks."""
        cursor = ""
        while True:
            page = self.page(cursor, FILE_CHUNK)
            yield from self.lines(page.items)
            cursor = page.next_cursor
            if not cursor:
                return


def source_of(definition: Definition, lens: Lens, today: datetime.date) -> Source:
    """Return what is behind a number; the rows of an INS status are those of `today`."""
    code = definition.code
    person = "identity" if definition.content is Content.DOSSIERS else "dossier__identity"
    rows: QuerySet[Any]
    if definition.family is Family.INS:
        rows = acts.dossiers_with_status(code, lens.essms_id, today)
    elif definition.content is Content.DOCUMENTS:
        rows = acts.documents_behind(code, lens)
    elif definition.content is Content.MESSAGES:
        rows = acts.messages_behind(code, lens).select_related("exchange")
        return Source(definition, lens, rows.select_related(person), ("-accepted_at", "-pk"))
    else:
        rows = acts.dossiers_behind(code, lens)
    return Source(definition, lens, rows.select_related(person), ("-pk",))


def _document_lines(source: Source, rows: Sequence[Document]) -> list[Line]:
    deposits = acts.deposits(source.lens).filter(version__document__in=[row.pk for row in rows])
    if source.definition.code == "TBB1.1a":
        deposits = deposits.filter(identity_qualified=True)
    found: dict[int, list[Act]] = defaultdict(list)
    for deposit in deposits.select_related("exchange", "version"):
        found[deposit.version.document_id].append(_act(deposit.accepted_at, deposit.exchange))
    return [
        Line(
            row.dossier_id,
            row.dossier.number,
            _newest_first(found[row.pk]),
            usual_name(row.dossier.identity),
            row.title,
            row.pk,
        )
        for row in rows
    ]


def _message_lines(source: Source, rows: Sequence[MssanteMessage]) -> list[Line]:
    return [
        Line(
            row.dossier_id,
            row.dossier.number,
            (_act(row.accepted_at, row.exchange),),
            usual_name(row.dossier.identity),
            "Mon espace santé" if row.audience == acts.USAGER else row.recipient_name,
        )
        for row in rows
    ]


def _dossier_lines(source: Source, rows: Sequence[Dossier]) -> list[Line]:
    found = _acts_by_dossier(source.definition.code, source.lens, [row.pk for row in rows])
    return [
        Line(row.pk, row.number, _newest_first(found[row.pk]), usual_name(row.identity), "") for row in rows
    ]


def _acts_by_dossier(code: str, lens: Lens, dossiers: list[int]) -> dict[int, list[Act]]:
    found: dict[int, list[Act]] = defaultdict(list)
    if code in ("TBB1.3a", "TBB1.4"):
        fed = acts.deposits(lens).filter(version__document__dossier__in=dossiers)
        for deposit in fed.select_related("exchange", "version__document"):
            found[deposit.version.document.dossier_id].append(_act(deposit.accepted_at, deposit.exchange))
    audiences = {"TBB1.3b": [acts.PROFESSIONNEL], "TBB1.3c": [acts.USAGER]}
    audiences["TBB1.4"] = [acts.PROFESSIONNEL, acts.USAGER]
    if code in audiences:
        sent = acts.with_document(acts.messages(lens)).filter(
            carries=True, dossier__in=dossiers, audience__in=audiences[code]
        )
        for message in sent.select_related("exchange"):
            found[message.dossier_id].append(_act(message.accepted_at, message.exchange))
    return found


def _act(at: datetime.datetime | None, exchange: Exchange) -> Act:
    if at is None:
        raise TypeError("an act that counts was accepted")
    return Act(at, exchange.reference, exchange.pk)


def _newest_first(found: Iterable[Act]) -> tuple[Act, ...]:
    return tuple(sorted(found, key=lambda act: (act.at, act.exchange_id), reverse=True))


_LINES: dict[Content, Any] = {
    Content.DOCUMENTS: _document_lines,
    Content.MESSAGES: _message_lines,
    Content.DOSSIERS: _dossier_lines,
}
