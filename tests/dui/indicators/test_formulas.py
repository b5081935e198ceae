"""Formulas and periods, without a database."""

from __future__ import annotations

import datetime

import pytest

from amarre.dui.indicators import periods
from amarre.dui.indicators.definitions import BY_CODE, DEFINITIONS
from amarre.dui.indicators.tbb1 import Counts, Figure, figures, still_zero
from amarre.dui.web.charts import percent


@pytest.mark.req("TBB.1")
def test_totals_follow_the_formulas() -> None:
    found = figures(
        Counts(
            documents_qualified=5,
            documents_unqualified=1,
            messages=7,
            messages_professionnels=6,
            messages_usagers=3,
            dossiers_dmp=4,
        )
    )
    assert found["TBB1.1"] == Figure(6)
    # Two messages went to both kinds of recipients: once in the total, once in each part.
    assert (found["TBB1.2"], found["TBB1.2a"], found["TBB1.2b"]) == (Figure(7), Figure(6), Figure(3))
    assert still_zero(found) == ("TBB1.3b", "TBB1.3c", "TBB1.4")


def test_parts_alone_never_block_the_va() -> None:
    found = figures(Counts(documents_unqualified=1, messages=1, messages_usagers=1, dossiers_dmp=1))
    assert still_zero(found) == ("TBB1.3b", "TBB1.3c", "TBB1.4")


def test_nothing_to_divide_by_is_said_so() -> None:
    assert percent(Figure(0, 0).percent) == "sans objet"
    assert percent(Figure(0, 4).percent).startswith("0,0")
    assert percent(Figure(17, 24).percent).startswith("70,8")


def test_every_number_has_a_rule_a_version_and_a_source() -> None:
    assert len(BY_CODE) == len(DEFINITIONS) == 14
    assert all(d.label and d.rule and d.version and d.source for d in DEFINITIONS)


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-T1", "2026-01-01", "2026-03-31"),
        ("2026-T4", "2026-10-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_periods_hold_their_first_and_last_day(key: str, first: str, last: str) -> None:
    period = periods.parse(key)
    assert period is not None
    assert (str(period.first), str(period.last), period.key) == (first, last, key)


@pytest.mark.parametrize("key", ["2026-13", "2026-T5", "26-11", "1999", "hier", "2026-11-01", "２０２６"])
def test_what_is_not_a_period_is_refused(key: str) -> None:
    assert periods.parse(key) is None


def test_limits_are_those_of_paris_whatever_the_season() -> None:
    summer, winter = periods.parse("2026-07"), periods.parse("2026-11")
    assert summer is not None
    assert summer.start is not None
    assert winter is not None
    assert winter.end is not None
    assert summer.start.astimezone(datetime.UTC).isoformat() == "2026-06-30T22:00:00+00:00"
    assert winter.end.astimezone(datetime.UTC).isoformat() == "2026-11-30T23:00:00+00:00"


def test_proposed_periods_start_with_the_current_ones() -> None:
    groups = dict(periods.proposals(datetime.date(2026, 11, 20)))
    assert [p.key for p in groups["Mois"]][:2] == ["2026-11", "2026-10"]
    assert [p.key for p in groups["Trimestres"]][:2] == ["2026-T4", "2026-T3"]
    assert [p.key for p in groups["Années"]] == ["2026", "2025", "2024"]
    assert [p.key for p in periods.months_before(datetime.date(2026, 2, 3), 4)] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
