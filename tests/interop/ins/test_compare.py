"""Discrepancies: cause, letters, verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amarre.interop.ins import (
    BirthDate,
    Cause,
    Severity,
    Sexe,
    Trait,
    Traits,
    Verdict,
    compare,
    differing_spans,
)
from amarre.interop.ins.compare import TOLERANCES

BASE = Traits("LE BIHAN", "YVONNE MARIE", Sexe.F, BirthDate("1938-04-12"), "29151", "YVONNE")


def cause_of(local: Traits, received: Traits) -> tuple[Trait, Cause]:
    found = compare(local, received).discrepancies
    assert found
    return found[0].trait, found[0].cause


def test_same_traits_have_no_discrepancy() -> None:
    assert compare(BASE, BASE).verdict is Verdict.IDENTIQUE


@pytest.mark.parametrize(
    ("local", "received", "trait", "cause", "verdict"),
    [
        (
            replace(BASE, nom_naissance="LE-BIHAN"),
            BASE,
            Trait.NOM_NAISSANCE,
            Cause.TIRET,
            Verdict.ACCEPTABLE,
        ),
        (
            replace(BASE, nom_naissance="KERVELLA", nom_utilise="KERVELLA"),
            BASE,
            Trait.NOM_NAISSANCE,
            Cause.NOM_USAGE,
            Verdict.DISCORDANTE,
        ),
        (
            replace(BASE, nom_naissance="KERVELLA"),
            BASE,
            Trait.NOM_NAISSANCE,
            Cause.NOM_USAGE,
            Verdict.DISCORDANTE,
        ),
        (
            replace(BASE, nom_naissance="LE BIAHN"),
            BASE,
            Trait.NOM_NAISSANCE,
            Cause.UNE_LETTRE,
            Verdict.DISCORDANTE,
        ),
        (
            replace(BASE, prenoms="YVONNE"),
            BASE,
            Trait.PRENOMS,
            Cause.LISTE_PLUS_LONGUE,
            Verdict.ACCEPTABLE,
        ),
        (
            BASE,
            replace(BASE, prenoms="YVONNE"),
            Trait.PRENOMS,
            Cause.LISTE_PLUS_COURTE,
            Verdict.A_MOTIVER,
        ),
        (
            replace(BASE, prenoms="MARIE"),
            replace(BASE, prenoms="MARIE-CLAUDE ANNE", premier_prenom=""),
            Trait.PRENOMS,
            Cause.PRENOM_COMPOSE,
            Verdict.A_MOTIVER,
        ),
        (
            replace(BASE, prenoms="MARIE YVONNE", premier_prenom="MARIE"),
            replace(BASE, premier_prenom=""),
            Trait.PRENOMS,
            Cause.ORDRE_PRENOMS,
            Verdict.DISCORDANTE,
        ),
        (
            replace(BASE, date_naissance=BirthDate("1938-12-04")),
            BASE,
            Trait.DATE_NAISSANCE,
            Cause.JOUR_MOIS_INVERSES,
            Verdict.DISCORDANTE,
        ),
        (
            replace(BASE, date_naissance=BirthDate("1938-12-31", interpreted=True)),
            BASE,
            Trait.DATE_NAISSANCE,
            Cause.DATE_INCOMPLETE,
            Verdict.DISCORDANTE,
        ),
        (
            replace(BASE, lieu_naissance="20151"),
            replace(BASE, lieu_naissance="2A151"),
            Trait.LIEU_NAISSANCE,
            Cause.LIEU_DIFFERENT,
            Verdict.A_MOTIVER,
        ),
        (
            replace(BASE, lieu_naissance="99999"),
            BASE,
            Trait.LIEU_NAISSANCE,
            Cause.LIEU_INCONNU,
            Verdict.ACCEPTABLE,
        ),
        (
            BASE,
            replace(BASE, lieu_naissance=""),
            Trait.LIEU_NAISSANCE,
            Cause.LIEU_ABSENT,
            Verdict.ACCEPTABLE,
        ),
        (
            replace(BASE, sexe=Sexe.INDETERMINE),
            BASE,
            Trait.SEXE,
            Cause.SEXE_NON_RENSEIGNE,
            Verdict.ACCEPTABLE,
        ),
        (replace(BASE, sexe=Sexe.M), BASE, Trait.SEXE, Cause.SEXE_DIFFERENT, Verdict.DISCORDANTE),
        (
            replace(BASE, nom_naissance="YVONNE MARIE", prenoms="LE BIHAN", premier_prenom=""),
            BASE,
            Trait.NOM_NAISSANCE,
            Cause.NOM_PRENOM_INVERSES,
            Verdict.DISCORDANTE,
        ),
    ],
)
def test_causes_and_verdicts(
    local: Traits, received: Traits, trait: Trait, cause: Cause, verdict: Verdict
) -> None:
    assert cause_of(local, received) == (trait, cause)
    assert compare(local, received).verdict is verdict


def test_several_real_differences_mean_another_person() -> None:
    other = replace(BASE, nom_naissance="DURAND", date_naissance=BirthDate("1951-09-30"))
    assert compare(BASE, other).verdict is Verdict.AUTRE_PERSONNE


def test_the_differing_letters_are_shown() -> None:
    left, right = differing_spans("LEFEVRE", "LEFEBVRE")
    assert [("LEFEBVRE"[span.start : span.end]) for span in right] == ["B"]
    assert left == ()


def test_two_names_that_share_little_differ_as_a_whole() -> None:
    """KERVELLA, LE BIHAN: two letters in common are chance, marking around them shows confetti."""
    (left,), (right,) = differing_spans("KERVELLA", "LE BIHAN")
    assert ((left.start, left.end), (right.start, right.end)) == ((0, 8), (0, 8))


names = st.text("ABCD'- ", min_size=1, max_size=12)


@given(names, names)
def test_what_is_outside_the_spans_is_equal(left: str, right: str) -> None:
    left_spans, right_spans = differing_spans(left, right)

    def rest(text: str, spans: tuple[object, ...]) -> str:
        cut = {at for span in spans for at in range(span.start, span.end)}  # type: ignore[attr-defined]
        return "".join(char for at, char in enumerate(text) if at not in cut)

    assert rest(left, left_spans) == rest(right, right_spans)


def test_every_cause_is_explained_in_the_table() -> None:
    assert set(TOLERANCES) == set(Cause)
    for row in TOLERANCES.values():
        assert row.explanation.endswith(".")
        assert row.action.endswith(".")
        assert row.source
        assert row.severity in Severity
