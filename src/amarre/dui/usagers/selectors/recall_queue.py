"""« À appeler à la prochaine venue »: who has no INS, or was added by hand; next visits first.

A visit is the date noted by hand, or an entry that is still to come. Without one, the latest entries come
first.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Subquery, When

from amarre.dui.access.scope import ScopedQuerySet
from amarre.dui.core.actor import Actor
from amarre.dui.core.paging import keyset_page
from amarre.dui.usagers.models import InsiSearch, RecallNote
from amarre.dui.usagers.presenters import birth_date, status_key, usual_name
from amarre.dui.usagers.selectors.people import present_dossiers
from amarre.dui.web.dates import day

EXPECTED_SHOWN = 50
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class RecallLine:
    """One person to call INSi for. `state` is "" when INSi may be called now."""

    dossier_id: int
    name: str
    birth_date: str
    status: str
    visit: str
    note: str
    is_today: bool
    state: str


@dataclass(frozen=True, slots=True)
class RecallPage:
    """The persons expected, then one page of the others; `next_cursor` is empty on the last one."""

    expected: list[RecallLine]
    others: list[RecallLine]
    next_cursor: str
    total: int


def recall_rows(actor: Actor, today: datetime.date) -> ScopedQuerySet[Any]:
    """Return the dossiers of the list, with their note and the state of their last question to INSi."""
    notes = RecallNote.objects.visible_to(actor).filter(dossier=OuterRef("pk"), closed_at=None)
    searches = InsiSearch.objects.visible_to(actor).filter(dossier=OuterRef("pk"))
    rows = present_dossiers(actor).filter(
        identity__is_douteuse=False, identity__is_fictive=False, joined_to=None, is_test=False
    )
    return (
        rows.annotate(
            recall_note=Subquery(notes.values("note")[:1]),
            recall_on=Subquery(notes.values("expected_on")[:1]),
            is_noted=Exists(notes),
            is_asked=Exists(searches.filter(outcome="")),
            to_decide=Exists(searches.filter(outcome=InsiSearch.Outcome.FOUND, decision="")),
        )
        .filter(Q(identity__matricule="") | Q(is_noted=True))
        .annotate(
            visit_on=Case(
                When(recall_on__gte=today, then=F("recall_on")),
                When(entered_on__gte=today, then=F("entered_on")),
                output_field=DateField(),
            )
        )
    )


def recall_page(actor: Actor, today: datetime.date, cursor: str = "") -> RecallPage:
    """Return the list: three queries, whatever its length."""
    rows = recall_rows(actor, today).select_related("identity")
    dated = rows.filter(visit_on__isnull=False).order_by("visit_on", "pk")
    page = keyset_page(
        rows.filter(visit_on=None), order=("-entered_on", "-pk"), cursor=cursor, size=PAGE_SIZE
    )
    return RecallPage(
        expected=[] if cursor else [_line(row, today) for row in dated[:EXPECTED_SHOWN]],
        others=[_line(row, today) for row in page.items],
        next_cursor=page.next_cursor,
        total=rows.count(),
    )


def count_expected(actor: Actor, today: datetime.date) -> int:
    """Return how many are expected today."""
    return recall_rows(actor, today).filter(visit_on=today).count()


def _line(row: Any, today: datetime.date) -> RecallLine:
    """Return the line of a dossier annotated by `recall_rows`."""
    visit_on = row.visit_on
    if visit_on is None:
        visit = f"Entrée le {day(row.entered_on)}, pas de venue notée"
    elif row.recall_on == visit_on:
        visit = f"Venue prévue le {day(visit_on)}"
    else:
        visit = f"Entrée prévue le {day(visit_on)}"
    return RecallLine(
        dossier_id=row.pk,
        name=usual_name(row.identity),
        birth_date=birth_date(row.identity),
        status=status_key(row.identity),
        visit=visit,
        note=row.recall_note or "",
        is_today=visit_on == today,
        state="en_cours" if row.is_asked else "a_decider" if row.to_decide else "",
    )
