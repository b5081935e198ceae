"""Dates of lists: each usual writing read one way, everything else refused and never an exception."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amarre.dui.usagers.importing import dates
from amarre.dui.usagers.importing.dates import DateRefused, birth_date, plain_date

TODAY = datetime.date(2026, 11, 20)
_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()

past = st.dates(datetime.date(1902, 1, 1), TODAY)
WRITINGS = {
    "french": lambda d: f"{d:%d/%m/%Y}",
    "short": lambda d: f"{d.day}/{d.month}/{d.year}",
    "dots": lambda d: f"{d:%d.%m.%Y}",
    "hyphens": lambda d: f"{d:%d-%m-%Y}",
    "spaces": lambda d: f"{d:%d %m %Y}",
    "iso": lambda d: d.isoformat(),
    "iso with time": lambda d: f"{d.isoformat()}T00:00:00",
    "time": lambda d: f"{d:%d/%m/%Y} 00:00",
    "digits": lambda d: f"{d:%d%m%Y}",
    "iso digits": lambda d: f"{d:%Y%m%d}",
    "words": lambda d: f"{d.day} {_MONTHS[d.month - 1]} {d.year}",
    "capitals": lambda d: f"{d.day} {_MONTHS[d.month - 1].upper()} {d.year}",
    "born": lambda d: f"née le {d:%d/%m/%Y}",
}


@pytest.mark.parametrize("writing", WRITINGS)
@given(day=past)
def test_every_writing_gives_the_day_back(writing: str, day: datetime.date) -> None:
    found, flags = birth_date(WRITINGS[writing](day), TODAY)
    assert (found.text, found.interpreted, flags) == (day.isoformat(), False, ())


@given(day=past)
def test_a_cell_of_type_date_is_that_day(day: datetime.date) -> None:
    assert birth_date(day, TODAY)[0].text == day.isoformat()


@given(day=st.dates(datetime.date(1911, 1, 1), TODAY))
def test_the_day_number_of_a_spreadsheet_is_read_and_flagged(day: datetime.date) -> None:
    number = (day - datetime.date(1899, 12, 30)).days
    for value in (number, float(number), str(number)):
        found, flags = birth_date(value, TODAY)
        assert found.text == day.isoformat()
        assert "tableur" in flags[0]


@given(day=past)
def test_two_digits_mean_the_latest_year_that_is_not_after_today(day: datetime.date) -> None:
    try:
        found, flags = birth_date(f"{day:%d/%m/%y}", TODAY)
    except DateRefused:
        # Only days of this year that have not come yet.
        assert day.year % 100 == TODAY.year % 100
        return
    year = int(found.text[:4])
    assert year % 100 == day.year % 100
    assert 0 <= TODAY.year - year < 100
    assert str(year) in flags[0]


@given(text=st.text(max_size=30))
def test_any_text_is_a_date_or_a_refusal(text: str) -> None:
    for read in (birth_date, plain_date):
        try:
            read(text, TODAY)
        except DateRefused:
            continue


@given(value=st.floats(allow_nan=True) | st.integers())
def test_any_number_is_a_date_or_a_refusal(value: float) -> None:
    try:
        birth_date(value, TODAY)
    except DateRefused:
        return


@pytest.mark.req("GI-INS EXI ID 11-12")
@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("00/00/1938", "1938-12-31"),
        ("1938", "1938-12-31"),
        ("XX/XX/1938", "1938-12-31"),
        ("00/03/1938", "1938-03-01"),
        ("??/03/1938", "1938-03-01"),
        ("03/1938", "1938-03-01"),
        ("1938-03", "1938-03-01"),
        ("1938-00-00", "1938-12-31"),
        ("mars 1938", "1938-03-01"),
        ("15/00/1938", "1938-01-15"),
    ],
)
def test_an_incomplete_date_follows_the_national_rule_and_is_flagged(text: str, stored: str) -> None:
    found, flags = birth_date(text, TODAY)
    assert (found.text, found.interpreted) == (stored, True)
    assert any("règle nationale" in flag for flag in flags)


@pytest.mark.parametrize(
    ("text", "stored"),
    [("1er mars 1938", "1938-03-01"), ("jeudi 3 mars 1938", "1938-03-03"), ("03-mars-38", "1938-03-03"),
     ("3 sept. 1938", "1938-09-03"), ("le 3 déc 1938", "1938-12-03"), ("3 juil 1938", "1938-07-03"),
     ("3/3/38", "1938-03-03"), ("12/03/12", "2012-03-12")],
)  # fmt: skip
def test_words_and_abbreviations(text: str, stored: str) -> None:
    assert birth_date(text, TODAY)[0].text == stored


@pytest.mark.parametrize(
    ("text", "said"),
    [("03/25/1938", "mois vient avant"), ("31/02/1938", "calendrier"), ("29/02/1937", "calendrier"),
     ("20/11/2030", "futur"), ("01/01/1890", "125 ans"), ("3 jui 1938", "mois"), ("hier", "pas une date"),
     ("88 ans", "pas une date"), ("99999", "pas une date"), ("12/1938/03", "pas une date"), ("", "vide")],
)  # fmt: skip
def test_what_is_not_a_birth_date_is_refused_with_its_reason(text: str, said: str) -> None:
    with pytest.raises(DateRefused, match=said):
        birth_date(text, TODAY)


def test_an_entry_may_be_planned_within_a_year_and_is_never_incomplete() -> None:
    assert plain_date("01/02/2027", TODAY)[0] == datetime.date(2027, 2, 1)
    assert plain_date("01/02/27", TODAY)[0] == datetime.date(2027, 2, 1)
    for text in ("2020", "03/2020", "01/02/2030", "01/01/1880"):
        with pytest.raises(DateRefused):
            plain_date(text, TODAY)


def test_a_number_of_eight_digits_is_never_ambiguous() -> None:
    assert dates.parse("20121920", TODAY).year == 1920
    assert dates.parse("20201201", TODAY).year == 2020
