"""Writing rules, lexical rules, dates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amarre.interop.ins import (
    BirthDate,
    BirthDateRefused,
    Sexe,
    Trait,
    Traits,
    TraitsRefused,
    birth_date_from_parts,
    birth_date_typed,
    first_name_coherent,
    hidden_characters,
    name_problems,
    show_hidden,
    traits_typed,
    write_name,
)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("d’Essai", "D'ESSAI"),
        ("Cœur", "COEUR"),
        ("  Éléonore–Zoé ", "ELEONORE-ZOE"),
        ("Lætitia", "LAETITIA"),
        ("Nuñez  Straße", "NUNEZ STRASSE"),
        ("Łukasz", "LUKASZ"),
        ("Le\u00a0Bihan", "LE BIHAN"),
        ("E\u0301ric", "ERIC"),
    ],
)
def test_names_are_written_by_the_rules(typed: str, written: str) -> None:
    assert write_name(typed) == written


@given(st.text(max_size=30))
def test_writing_twice_changes_nothing(text: str) -> None:
    assert write_name(write_name(text)) == write_name(text)


@pytest.mark.req("SEL-MP-043 EF_INS01_03")
@pytest.mark.parametrize(
    "nom", ["D'ESSAI", "'TKINT", "DAMPI--ERRE", "DE VINCI", "D'ARTAGNAN DE L'HERAULT", "GUIVARC'H", "O'"]
)
def test_birth_names_accepted(nom: str) -> None:
    assert name_problems(Trait.NOM_NAISSANCE, nom) == ()


@pytest.mark.req("SEL-MP-043 EF_INS01_03")
@pytest.mark.parametrize(
    ("nom", "rule"),
    [
        ("", "obligatoire"),
        ("-A", "premier_caractere"),
        ("A  B", "espace_double"),
        ("A' B", "apostrophe_espace"),
        ("D' ALEMBERT", "apostrophe_espace"),
        ("A''B", "apostrophe_double"),
        ("A---B", "tiret_triple"),
        ("dampierre", "alphabet"),
        ("DAMPI_ERRE", "alphabet"),
        ("MART1N", "alphabet"),
        ("A" * 101, "longueur"),
    ],
)
def test_birth_names_refused_with_the_rule(nom: str, rule: str) -> None:
    assert rule in [problem.rule for problem in name_problems(Trait.NOM_NAISSANCE, nom)]


@pytest.mark.req("SEL-MP-043 EF_INS10_01")
@pytest.mark.parametrize("prenom", ["ANNE-SOPHIE", "E'RIC", "PIERRE PAUL JACQUES"])
def test_given_names_accepted(prenom: str) -> None:
    assert name_problems(Trait.PRENOMS, prenom) == ()


@pytest.mark.req("SEL-MP-043 EF_INS10_02")
@pytest.mark.parametrize("prenom", ["ERIC-", "ERIC'", "ER--IC", "ERIC- PAUL", "PAUL -ERIC"])
def test_given_names_refused(prenom: str) -> None:
    assert name_problems(Trait.PRENOMS, prenom)


@pytest.mark.req("issue 3: invisible or look-alike characters are refused or shown")
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("MAR\u200bTIN", "U+200B"),
        ("М\u0410RTIN", "U+041C"),
        ("MARTIN\u00ad", "U+00AD"),
        ("ＭARTIN", "U+FF2D"),
        ("MAR\u034fTIN", "U+034F"),
        ("MAR\ufe0fTIN", "U+FE0F"),
        ("MAR\u3164TIN", "U+3164"),
        ("\u202eMARTIN", "U+202E"),
        ("ÞORSSON", "U+00DE"),
    ],
)
def test_invisible_and_look_alike_characters_are_shown(name: str, shown: str) -> None:
    problems = name_problems(Trait.NOM_NAISSANCE, write_name(name))
    assert [problem.rule for problem in problems] == ["alphabet"]
    assert shown in problems[0].sentence


@pytest.mark.req("GI-INS EXI ID 10")
@pytest.mark.parametrize(
    ("first", "coherent"),
    [
        ("JEAN CHRISTOPHE", True),
        ("JEAN-CHRISTOPHE", True),
        ("JEAN-CHRISTOPHE-PIERRE", True),
        ("JEAN", True),
        ("CHRISTOPHE", False),
        ("PIERRE", False),
        ("JEA", False),
        ("", False),
    ],
)
def test_first_name_is_the_beginning_of_the_list(first: str, coherent: bool) -> None:
    assert first_name_coherent(first, "JEAN CHRISTOPHE PIERRE") is coherent


@pytest.mark.req("RNIV EXI PP 19")
@pytest.mark.parametrize(
    ("parts", "text", "interpreted"),
    [
        ((1940, 5, None), "1940-05-01", True),
        ((1940, None, 17), "1940-01-17", True),
        ((1940, None, None), "1940-12-31", True),
        ((1940, 5, 17), "1940-05-17", False),
    ],
)
def test_incomplete_dates_follow_the_national_rule(
    parts: tuple[int, int | None, int | None], text: str, interpreted: bool
) -> None:
    assert birth_date_from_parts(*parts) == BirthDate(text, interpreted)


@pytest.mark.parametrize("text", ["1/12/1984", "01.12.1984", "01-12-1984", " 1984-12-01 "])
def test_usual_date_formats_are_read(text: str) -> None:
    date = birth_date_typed(text)
    assert (date.text, date.french, date.compact) == ("1984-12-01", "01/12/1984", "19841201")


@pytest.mark.parametrize("text", ["", "00/00/1950", "31/02/1950", "1950", "12/1950", "1950-13-01"])
def test_dates_out_of_the_calendar_are_refused(text: str) -> None:
    with pytest.raises(BirthDateRefused):
        birth_date_typed(text)


def test_a_lunar_date_received_is_kept_as_text() -> None:
    assert BirthDate("1950-00-00").calendar is None


def test_typed_traits_are_written_checked_and_placed_in_99999_when_unknown() -> None:
    traits = traits_typed(
        nom_naissance="d’Essai",
        prenoms="Anne-Sophie Louise",
        premier_prenom="Anne-Sophie",
        sexe=Sexe.F,
        date_naissance=BirthDate("1984-12-01"),
        lieu_naissance="",
    )
    assert (traits.nom_naissance, traits.prenoms, traits.lieu_naissance) == (
        "D'ESSAI",
        "ANNE-SOPHIE LOUISE",
        "99999",
    )
    assert traits.nom_utilise == ""
    assert "ESSAI" not in repr(traits)


def test_every_broken_rule_is_told_and_no_trait_leaks() -> None:
    with pytest.raises(TraitsRefused) as caught:
        traits_typed(
            nom_naissance="Mart1n",
            prenoms="Paul Jean",
            premier_prenom="Jean",
            sexe=Sexe.M,
            date_naissance=BirthDate("1984-13-01"),
            lieu_naissance="6322",
        )
    assert [problem.rule for problem in caught.value.problems] == [
        "alphabet",
        "coherence",
        "calendrier",
        "cog",
    ]
    assert "MART" not in str(caught.value)
    assert "MART" not in caught.value.explanation().what


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("75114", False), ("2A004", False), ("2b033", False), ("97105", False), ("99352", False),
        ("20004", False), ("", False), ("ABCDE", True), ("2C004", True), ("00123", True), ("7511A", True),
        ("751 4", True),
    ],
)  # fmt: skip
def test_a_birthplace_typed_is_a_departement_then_three_digits(code: str, refused: bool) -> None:
    typed = {
        "nom_naissance": "DURAND", "prenoms": "ANNE", "premier_prenom": "ANNE", "sexe": Sexe.F,
        "date_naissance": BirthDate("1984-12-01"), "lieu_naissance": code,
    }  # fmt: skip
    if refused:
        with pytest.raises(TraitsRefused) as caught:
            traits_typed(**typed)  # type: ignore[arg-type]
        assert [one.rule for one in caught.value.problems] == ["cog"]
    else:
        assert traits_typed(**typed).lieu_naissance == (code.upper() or "99999")  # type: ignore[arg-type]


def test_traits_are_read_by_name() -> None:
    traits = Traits("A", "B C", Sexe.F, BirthDate("2000-01-02"), "75101")
    assert [traits.of(trait) for trait in Trait] == ["A", "", "B C", "F", "2000-01-02", "75101"]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("D'ESSAI-DURAND", ()),
        ("ÉLODIE CŒUR Ÿ ß", ()),
        ("d\u2019Artagnan", ()),
        ("E\u0301LODIE", ()),
        ("DU\u200bPONT", ("U+200B",)),
        ("\u202eDUPONT", ("U+202E",)),
        ("DU\u00adPONT", ("U+00AD",)),
        ("DU\u00a0PONT", ("U+00A0",)),
        ("D\u0415NIS", ("U+0415",)),
        ("\u0391NNA", ("U+0391",)),
        ("\uff24UPONT", ("U+FF24",)),
        ("\U0001d400NNA", ("U+1D400",)),
    ],
)
def test_what_the_eye_cannot_tell(text: str, hidden: tuple[str, ...]) -> None:
    assert hidden_characters(text) == hidden
    shown = show_hidden(text)
    assert all(f"⟨{name}⟩" in shown for name in hidden)
    assert not hidden_characters(shown)


@given(st.text(max_size=40))
def test_what_is_written_by_the_rules_hides_nothing(text: str) -> None:
    written = write_name(text)
    if written and not name_problems(Trait.NOM_NAISSANCE, written):
        assert hidden_characters(written) == ()
        assert write_name(written) == written
    assert hidden_characters(show_hidden(text)) == ()


@pytest.mark.req("issue 3: invisible or look-alike characters are refused or shown")
@pytest.mark.parametrize("used", ["MAR\u200bTIN", "M\u0410RTIN", "MARTIN 2", "A" * 101])
@pytest.mark.parametrize("field", ["nom_utilise", "prenom_utilise"])
def test_used_names_have_the_same_letters(field: str, used: str) -> None:
    common = {
        "nom_naissance": "Martin", "prenoms": "", "premier_prenom": "Anne", "sexe": Sexe.F,
        "date_naissance": BirthDate("1980-01-01"), "lieu_naissance": "",
    }  # fmt: skip
    with pytest.raises(TraitsRefused) as refused:
        traits_typed(**common, **{field: used})  # type: ignore[arg-type]
    assert [problem.trait.value for problem in refused.value.problems] == [field]
