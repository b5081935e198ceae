"""What the page of indicators shows: tiles, table, months, history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from amarre.dui.indicators.definitions import BY_CODE, INS, TBB1, Definition, Family
from amarre.dui.indicators.models import MonthlySnapshot
from amarre.dui.indicators.periods import Period
from amarre.dui.indicators.selectors import Months
from amarre.dui.indicators.tbb1 import Figure
from amarre.dui.web import charts
from amarre.dui.web.dates import MONTHS

# Title, then what the link says, of the numbers shown first.
_TILES = {
    "TBB1.1": ("Documents au DMP", "les documents"),
    "TBB1.2": ("Messages MSSanté", "les messages"),
    "TBB1.3a": ("Dossiers au DMP", "les dossiers"),
    "TBB1.4": ("Trois actions faites", "les dossiers"),
    "INS.Q": ("Identités qualifiées", "les dossiers"),
}
_SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of numbers."""

    definition: Definition
    figure: Figure
    url: str

    @property
    def status(self) -> str:
        """Return « Qualifiées » for « Identités qualifiées »."""
        return self.definition.label.removeprefix("Identités ").capitalize()

    @property
    def share(self) -> str:
        """Return « 78,6 % », « sans objet », or an empty string for a count."""
        return charts.percent(self.figure.percent) if self.figure.is_share else ""


def list_url(code: str, period: Period, name: str = "list_behind", **more: str) -> str:
    """Return the address of the list behind a number, or of another view of it."""
    query = {key: value for key, value in {"periode": period.key, **more}.items() if value}
    address = reverse(f"indicators:{name}", kwargs={"code": code})
    return f"{address}?{urlencode(query)}" if query else address


def rows(found: Mapping[str, Figure], definitions: tuple[Definition, ...], period: Period) -> list[Row]:
    """Return the lines of the numbers that are in `found`."""
    return [Row(d, found[d.code], list_url(d.code, period)) for d in definitions if d.code in found]


def tiles(found: Mapping[str, Figure], period: Period) -> list[dict[str, Any]]:
    """Return the tiles of `web/composants/tuile.html` for the numbers that are in `found`."""
    shown = []
    for code, (title, things) in _TILES.items():
        figure = found.get(code)
        if figure is None:
            continue
        shown.append(
            {
                "title": title,
                "value": figure.percent,
                "count": None if figure.is_share else figure.numerator,
                "url": list_url(code, period),
                "link_text": f"Voir {things} ({figure.numerator})" if figure.is_share else f"Voir {things}",
            }
        )
    return shown


def zero_labels(codes: tuple[str, ...]) -> list[str]:
    """Return « 2 Total messages » for each code."""
    return [f"{BY_CODE[code].number} {BY_CODE[code].label}" for code in codes]


def months_chart(months: Months) -> dict[str, Any]:
    """Return what the small multiples and their table show; each drawing has its own scale, said in words."""
    series = (
        ("Documents au DMP", months.documents),
        ("Dossiers au DMP", months.dossiers_dmp),
        ("MSSanté professionnels", months.professionnels),
        ("MSSanté usagers", months.usagers),
        ("Dossiers par MSSanté", months.dossiers_mssante),
    )
    short = [_SHORT_MONTHS[period.first.month - 1] for period in months.periods if period.first]
    drawings = []
    for title, values in series:
        highest = max(values)
        heights = [value * 100 / highest if value else None for value in values]
        drawing = charts.multiple(title, short, heights, target=0, counted=1)
        drawings.append({"drawing": drawing, "highest": highest})
    columns = [{"label": "Mois"}, *({"label": title, "numeric": True} for title, _ in series)]
    lines = [
        {"cells": [period.label, *({"text": values[rank], "numeric": True} for _, values in series)]}
        for rank, period in enumerate(months.periods)
    ]
    caption = "Documents déposés et messages envoyés, mois par mois"
    return {"multiples": drawings, "table": {"caption": caption, "columns": columns, "rows": lines}}


def history_table(snapshots: list[MonthlySnapshot], span: str) -> dict[str, Any] | None:
    """Return the table of the closed months, one column each, newest first; None when there is none."""
    kept = [row for row in snapshots if row.span == span]
    months = sorted({row.month for row in kept}, reverse=True)
    if not months:
        return None
    said = {(row.code, row.month): _said(row) for row in kept}
    present = [d for d in (*TBB1, *INS) if any((d.code, month) in said for month in months)]
    return {
        "caption": f"Relevés mensuels, {MonthlySnapshot.Span(span).label.lower()}",
        "columns": [
            {"label": "Indicateur"},
            *({"label": f"{MONTHS[month.month - 1]} {month.year}", "numeric": True} for month in months),
        ],
        "rows": [
            {
                "cells": [
                    f"{d.number} {d.label}" if d.family is Family.TBB1 else d.label,
                    *({"text": said.get((d.code, month), "–"), "numeric": True} for month in months),
                ]
            }
            for d in present
        ],
        "versions": sorted({row.rule_version for row in kept}),
        "computed_at": max(row.computed_at for row in kept),
    }


def _said(row: MonthlySnapshot) -> str:
    if row.denominator is None:
        return str(row.numerator)
    if row.value is None:
        return charts.percent(None)
    return f"{charts.percent(float(row.value))} ({row.numerator}/{row.denominator})"
