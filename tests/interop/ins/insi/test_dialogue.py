"""The series of calls by traits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amarre.interop.ins import Attribute, BirthDate, IdentityState, Sexe, Traits
from amarre.interop.ins.insi import (
    CallForbidden,
    InsiAnswer,
    ResultCode,
    SearchCriteria,
    TraitsQuery,
    parse_answer,
    search_criteria,
    series,
)
from tests.interop.ins.insi import material

FOUND = parse_answer(material.found())
NOT_FOUND = parse_answer(material.empty("01"))
SEVERAL = parse_answer(material.empty("02"))
CRITERIA = SearchCriteria("HOUILLES", "PIERRE PAUL JACQUES", Sexe.M, BirthDate("1993-01-27"), "63220")


def play(criteria: SearchCriteria, answers: list[InsiAnswer]) -> tuple[list[TraitsQuery], InsiAnswer]:
    """Play a series with prepared answers; return the queries and the answer presented."""
    dialogue = series(criteria)
    queries = [next(dialogue)]
    for answer in answers:
        try:
            queries.append(dialogue.send(answer))
        except StopIteration as stop:
            assert answer is answers[-1]
            return queries, stop.value
    raise AssertionError("the series asks for more answers")


def test_one_call_per_name_then_all_of_them() -> None:
    queries, answer = play(CRITERIA, [NOT_FOUND] * 4)
    assert [query.prenom for query in queries] == ["PIERRE", "PAUL", "JACQUES", "PIERRE PAUL JACQUES"]
    assert answer.code is ResultCode.NOT_FOUND
    assert {query.lieu_naissance for query in queries} == {"63220"}


def test_the_first_identity_ends_the_series() -> None:
    queries, answer = play(CRITERIA, [NOT_FOUND, FOUND])
    assert [query.prenom for query in queries] == ["PIERRE", "PAUL"]
    assert answer is FOUND


def test_a_hyphenated_name_is_one_name_and_a_single_name_is_one_call() -> None:
    queries, _ = play(replace(CRITERIA, prenoms="ANNE-SOPHIE"), [NOT_FOUND])
    assert [query.prenom for query in queries] == ["ANNE-SOPHIE"]


def test_several_leaves_the_loop_for_all_the_names() -> None:
    queries, answer = play(CRITERIA, [SEVERAL, FOUND])
    assert [query.prenom for query in queries] == ["PIERRE", "PIERRE PAUL JACQUES"]
    assert answer is FOUND


def test_several_adds_the_place_last_when_it_was_kept() -> None:
    kept = replace(CRITERIA, send_place=False)
    queries, answer = play(kept, [SEVERAL, SEVERAL, FOUND])
    assert [query.lieu_naissance for query in queries] == ["", "", "63220"]
    assert queries[-1].prenom == "PIERRE PAUL JACQUES"
    assert answer is FOUND


def test_several_stands_when_more_criteria_find_nobody() -> None:
    _, answer = play(CRITERIA, [SEVERAL, NOT_FOUND])
    assert answer is SEVERAL


@pytest.mark.req("GI-INS EXI ID 26")
def test_no_call_for_a_doubtful_or_fictive_identity() -> None:
    traits = Traits("A", "B", Sexe.F, BirthDate("2000-01-01"), "99999")
    for attribute in (Attribute.DOUTEUSE, Attribute.FICTIVE):
        with pytest.raises(CallForbidden):
            search_criteria(traits, IdentityState(attributes=frozenset({attribute})))
    assert search_criteria(traits, IdentityState()).lieu_naissance == ""
