"""An answer that does not match the request is never stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amarre.interop.ins import BirthDate, Environment, OidNotAccepted, Sexe, Trait
from amarre.interop.ins.insi import (
    AnswerDoesNotMatch,
    InsiProfile,
    InsiRequest,
    TraitsQuery,
    mismatches,
    parse_answer,
    require_match,
)
from tests.interop.ins.insi import material

QUERY = TraitsQuery("D'ESSAI", "ANNE-SOPHIE", Sexe.F, BirthDate("1984-12-01"))
REQUEST = InsiRequest("urn:a", "uuid:1", b"")
PROFILE = InsiProfile("https://x/lps", "i", "n", "v", "u", "e", Environment.PRODUCTION)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (material.found(), ()),
        (material.found(nom="D ESSAI"), ()),
        (material.found(prenoms="LOUISE ANNE-SOPHIE"), ()),
        (material.empty("01"), ()),
        (material.found(nom="DURAND"), (Trait.NOM_NAISSANCE,)),
        (material.found(prenoms="MARIE ANNE SOPHIE"), ()),
        (material.found(prenoms="LOUISE"), (Trait.PRENOMS,)),
        (material.found(prenoms="SOPHIE LOUISE"), (Trait.PRENOMS,)),
        (material.found(sexe="M"), (Trait.SEXE,)),
        (material.found(date="1984-12-02"), (Trait.DATE_NAISSANCE,)),
    ],
)
def test_traits_of_the_answer_are_those_asked(answer: bytes, wrong: tuple[Trait, ...]) -> None:
    parsed = parse_answer(answer)
    assert mismatches(QUERY, parsed) == wrong
    if wrong:
        with pytest.raises(AnswerDoesNotMatch):
            require_match(QUERY, REQUEST, parsed, PROFILE)
    else:
        require_match(QUERY, REQUEST, parsed, PROFILE)


def test_an_answer_to_another_message_is_refused() -> None:
    answer = replace(parse_answer(material.found()), relates_to="uuid:2")
    with pytest.raises(AnswerDoesNotMatch):
        require_match(QUERY, REQUEST, answer, PROFILE)
    require_match(QUERY, REQUEST, replace(answer, relates_to="uuid:1"), PROFILE)


def test_an_oid_of_tests_is_refused_in_production() -> None:
    answer = parse_answer(material.found(oid="1.2.250.1.213.1.4.10"))
    with pytest.raises(OidNotAccepted):
        require_match(QUERY, REQUEST, answer, PROFILE)
    require_match(QUERY, REQUEST, answer, replace(PROFILE, environment=Environment.QUALIFICATION))
