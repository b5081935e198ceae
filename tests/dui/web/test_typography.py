"""French typography and the way dates are said."""

from __future__ import annotations

import datetime as dt

import pytest

from amarre.dui.web import dates
from amarre.dui.web.typography import french, french_markup


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Personne ne correspond ?", "Personne ne correspond\u202f?"),
        ("Attention : lisez ; puis signez !", "Attention\u00a0: lisez\u202f; puis signez\u202f!"),
        ("Cible 80 %.", "Cible 80\u202f%."),
        ("« Ma journée »", "«\u202fMa journée\u202f»"),
        ("à 8 h 45, puis 14 h", "à 8\u00a0h\u00a045, puis 14\u00a0h"),
        ("12 500 dossiers", "12\u202f500 dossiers"),
        ("l'identité d'Inès", "l’identité d’Inès"),
        ("https://exemple.fr:8400/?a=1", "https://exemple.fr:8400/?a=1"),
        ("20/11/2026", "20/11/2026"),
    ],
)
def test_french_spaces(written: str, expected: str) -> None:
    assert french(written) == expected


def test_french_is_idempotent() -> None:
    once = french("« Quoi ? » : 8 h 45, 80 % !")
    assert french(once) == once


def test_markup_keeps_tags_template_code_and_data() -> None:
    source = (
        '<a title="Quoi ?" {% if n > 3 %}class="x"{% endif %}>Quoi ?</a>'
        "<textarea>a ?</textarea><code>b ?</code>{{ value|default:'c ?' }}{# d ? #}"
    )
    assert french_markup(source) == source.replace(">Quoi ?<", ">Quoi\u202f?<")


NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)  # 10 h 00 in Paris


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (dt.datetime(2026, 11, 20, 7, 45, tzinfo=dt.UTC), "8\u00a0h\u00a045"),
        (dt.datetime(2026, 11, 19, 16, 5, tzinfo=dt.UTC), "hier, 17\u00a0h\u00a005"),
        (dt.datetime(2026, 11, 19, 23, 30, tzinfo=dt.UTC), "0\u00a0h\u00a030"),
        (dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC), "demain, 9\u00a0h\u00a000"),
        (dt.datetime(2026, 7, 14, 10, 0, tzinfo=dt.UTC), "14/07/2026, 12\u00a0h\u00a000"),
    ],
)
def test_moment_in_french_time(moment: dt.datetime, expected: str) -> None:
    assert dates.moment(moment, NOW) == expected


def test_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        dates.hour(dt.datetime(2026, 11, 20, 8, 0))  # noqa: DTZ001


def test_days() -> None:
    assert dates.day(dt.date(2026, 6, 2)) == "02/06/2026"
    assert dates.long_day(dt.date(2026, 12, 1)) == "mardi 1er\u00a0décembre 2026"
    today = dt.date(2026, 11, 20)
    assert dates.relative_day(dt.date(2026, 12, 11), today) == "dans 21\u00a0jours, le 11/12/2026"
    assert dates.relative_day(dt.date(2026, 11, 17), today) == "il y a 3\u00a0jours, le 17/11/2026"
    assert [dates.relative_day(today + dt.timedelta(n), today) for n in (-1, 0, 1)] == [
        "hier",
        "aujourd’hui",
        "demain",
    ]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(3, "3 s"), (59.9, "59 s"), (60, "1 min"), (7500, "2 h 05"), (86400, "1 jour"), (4 * 86400, "4 jours")],
)
def test_durations(seconds: float, expected: str) -> None:
    assert dates.duration(dt.timedelta(seconds=seconds)).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (dt.date(1936, 6, 21), "90 ans"),
        (dt.date(1936, 11, 21), "89 ans"),
        (dt.date(2025, 11, 20), "1 an"),
        (dt.date(2026, 4, 21), "6 mois"),
        (dt.date(2027, 1, 1), ""),
    ],
)
def test_age(birth: dt.date, expected: str) -> None:
    assert dates.age(birth, dt.date(2026, 11, 20)).replace("\u00a0", " ") == expected
