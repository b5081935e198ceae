"""One field understands what people type and what scanners type for them."""

from __future__ import annotations

import datetime

import pytest

from amarre.dui.usagers.search_terms import read_terms

TODAY = datetime.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("21/06/1936", ("19360621",)),
        ("21.06.1936", ("19360621",)),
        ("21-6-1936", ("19360621",)),
        ("21 06 1936", ("19360621",)),
        ("21061936", ("19360621",)),
        ("1936-06-21", ("19360621",)),
        ("21 juin 1936", ("19360621",)),
        ("1er février 1936", ("19360201",)),
        ("21/06/36", ("19360621",)),
        ("21/06/20", ("19200621", "20200621")),
        ("06/1936", ("193606",)),
        ("13/1936", ()),
        ("32/13/1936", ()),
    ],
)
def test_birth_dates_in_their_usual_writings(text: str, dates: tuple[str, ...]) -> None:
    assert read_terms(text, TODAY).dates == dates


def test_name_and_date_together() -> None:
    terms = read_terms("  d'artagnan 17/06/2001 ", TODAY)
    assert (terms.words, terms.dates) == (("D", "ARTAGNAN"), ("20010617",))


def test_name_with_accents_is_folded() -> None:
    assert read_terms("Quéré Marie-Thérèse", TODAY).words == ("QUERE", "MARIE", "THERESE")


def test_local_number() -> None:
    terms = read_terms("000012", TODAY)
    assert (terms.words, terms.year) == (("000012",), "")


@pytest.mark.parametrize(
    ("text", "year"), [("1938", "1938"), ("Quéré 1938", "1938"), ("3938", ""), ("1700", "")]
)
def test_a_year_may_be_that_of_the_birth_or_a_number(text: str, year: str) -> None:
    terms = read_terms(text, TODAY)
    assert (terms.year, terms.words[-1]) == (year, text[-4:])


@pytest.mark.parametrize("text", ["141092915110242", "1 41 09 29 151 102 42", "1.41.09.29.151.102.42"])
def test_matricule_typed(text: str) -> None:
    assert read_terms(text, TODAY).matricule == "1410929151102"


def test_corsican_matricule() -> None:
    assert read_terms("1 80 03 2B 020 401 23", TODAY).matricule == "180032B020401"


def test_matricule_mistyped_is_explained_and_never_searched_as_a_name() -> None:
    terms = read_terms("1 41 09 29 151 102 43", TODAY)
    assert terms.problem
    assert terms.is_empty


@pytest.mark.parametrize("separator", ["\x1d", "<GS>", ""])
def test_datamatrix_of_a_keyboard_scanner(separator: str) -> None:
    payload = (
        "IS01" + "0" * 22 + "S1141092915110242" + "S21.2.250.1.213.1.4.10"
        + separator + "S3JEAN FRANCOIS" + separator + "S4RIOU" + separator + "S5MS603-09-1941S729151"
    )  # fmt: skip
    assert read_terms(payload, TODAY).matricule == "1410929151102"


def test_broken_datamatrix_is_explained() -> None:
    assert "code" in read_terms("IS01" + "0" * 22 + "S9", TODAY).problem


@pytest.mark.parametrize("text", ["", "   ", "-", "'"])
def test_nothing_to_look_for(text: str) -> None:
    assert read_terms(text, TODAY).is_empty


def test_repr_hides_what_was_typed() -> None:
    assert "QUERE" not in repr(read_terms("quere", TODAY))
