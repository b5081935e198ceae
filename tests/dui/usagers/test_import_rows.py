"""Rows: what is written, what is flagged, what is refused and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amarre.dui.usagers.importing.rows import Person
from tests.dui.usagers.import_samples import HEADINGS, LE_GOFF, PRIGENT, csv_of, plan_of, reasons, usual


def person(**cells: str) -> Person:
    """Return the person of one row; cells replaced or added by heading (underscores for spaces)."""
    plan = plan_of(row(**cells))
    assert reasons(plan) == []
    return plan.rows[0].person


def row(**cells: str) -> bytes:
    values = dict(zip(HEADINGS, LE_GOFF, strict=True)) | {k.replace("_", " "): v for k, v in cells.items()}
    return csv_of(tuple(values), tuple(values.values())).encode()


@pytest.mark.parametrize(
    ("text", "sex"),
    [("M", "M"), ("F", "F"), ("H", "M"), ("homme", "M"), ("FEMME", "F"), ("1", "M"), ("2", "F"), ("M.", "M"),
     ("Mme", "F"), ("Mlle", "F"), ("Masculin", "M"), ("féminin", "F"), ("I", "I")],
)  # fmt: skip
def test_sex_in_every_word(text: str, sex: str) -> None:
    assert person(Sexe=text).traits.sexe.value == sex


def test_a_row_without_sex_is_refused() -> None:
    for text in ("", "?", "inconnu"):
        assert reasons(plan_of(row(Sexe=text))) == ["Le sexe manque."]
    assert reasons(plan_of(row(Sexe="Dr"))) == ["Ce sexe n'est pas reconnu."]


def test_sex_and_civility_must_agree() -> None:
    assert person(Sexe="", Civilité="Mme").traits.sexe.value == "F"
    assert person(Sexe="F", Civilité="Dr").traits.sexe.value == "F"
    assert reasons(plan_of(row(Sexe="F", Civilité="M."))) == ["Le sexe et la civilité se contredisent."]


def test_without_birthplace_99999_and_a_flag() -> None:
    one = person(Code_INSEE="")
    assert one.traits.lieu_naissance == "99999"
    assert "99999" in one.flags[-1]


def test_a_town_is_kept_as_a_label_and_never_guessed() -> None:
    one = person(Code_INSEE="", Ville_de_naissance="Morlaix", CP_naissance="29600")
    assert (one.traits.lieu_naissance, one.place_label) == ("99999", "Morlaix (29600)")
    abroad = person(Code_INSEE="", Ville_de_naissance="Porto", Pays_de_naissance="Portugal")
    assert (abroad.traits.lieu_naissance, abroad.place_label) == ("99999", "Porto, Portugal")


@pytest.mark.parametrize(("text", "code"), [("2a004", "2A004"), ("99139", "99139"), ('="01053"', "01053")])
def test_codes_of_places(text: str, code: str) -> None:
    assert person(Code_INSEE=text).traits.lieu_naissance == code


def test_a_wrong_code_is_refused_and_a_code_in_the_town_column_is_flagged() -> None:
    assert "code INSEE" in reasons(plan_of(row(Code_INSEE="Morlaix")))[0]
    one = person(Code_INSEE="", Lieu_de_naissance="29151")
    assert one.traits.lieu_naissance == "29151"
    assert "code postal" in one.flags[0]


def test_names_are_written_by_the_national_rules() -> None:
    one = person(Nom_de_naissance="  o’neill-guézénoc ", Prénom="Élo\u00a0ïse", Nom_marital="Le  Bœuf")
    assert one.traits.nom_naissance == "O'NEILL-GUEZENOC"
    assert one.traits.nom_utilise == "LE BOEUF"


@pytest.mark.req("GI-INS EXI ID 08")
def test_used_names_are_never_derived() -> None:
    one = person()
    assert (one.traits.nom_utilise, one.traits.prenom_utilise) == ("", "")


@pytest.mark.parametrize(
    ("name", "said"),
    [("Dup0nt", "« 0 »"), ("Dupont (Durand)", "« ( »"), ("DUPONT née MARTIN", "deux noms"),
     ("Martin ép. Dupont", "deux noms"), ("Mme Dupont", "civilité"), ("GuÃ©zÃ©noc", "abîmées"),
     ("", "nom de naissance manque"), ("A" * 101, "100 caractères"), ("B" * 600, "trop long"),
     ("Дюпон", "lettre latine"), ("DU\u202ePONT", "invisible"), ("=1+1", "« = »"), ("#REF!", "formule")],
)  # fmt: skip
def test_a_name_that_is_not_one_is_refused(name: str, said: str) -> None:
    told = " ".join(reasons(plan_of(row(Nom_de_naissance=name))))
    assert said.lower() in told.lower()


def test_given_names_whole_listed_or_separated() -> None:
    assert person(Prénom="Marie Claude").traits.premier_prenom == "MARIE CLAUDE"
    values = dict(zip(HEADINGS, LE_GOFF, strict=True))
    del values["Prénom"]
    for text, first, flagged in (
        ("Anne, Marie, Jeanne", "ANNE", False),
        ("Anne Marie", "ANNE", True),
        ("Anne-Marie", "ANNE-MARIE", False),
    ):  # fmt: skip
        cells = values | {"Prénoms": text}
        one = plan_of(csv_of(tuple(cells), tuple(cells.values())).encode()).rows[0].person
        assert one.traits.premier_prenom == first
        assert any("composé" in flag for flag in one.flags) is flagged
    one = person(Prénoms="Anne-Marie Jeanne")
    assert (one.traits.premier_prenom, one.traits.prenoms) == ("ANNE-MARIE", "ANNE-MARIE JEANNE")


def test_a_national_number_is_refused_as_a_local_one() -> None:
    assert "sécurité sociale" in reasons(plan_of(row(Matricule="238032915100112")))[0]
    assert "sécurité sociale" in reasons(plan_of(row(Matricule="2 38 03 29 151 001 12")))[0]
    assert person(Matricule="A-12/7").local_number == "A-12/7"
    assert "20 caractères" in reasons(plan_of(row(Matricule="9" * 30)))[0]


def test_entry_and_exit_hold_together() -> None:
    absent = person(**{"Date d'entrée": ""})
    assert f"{absent.entered_on:%d/%m/%Y}" == "20/11/2026"
    assert any("date d'entrée absente" in flag for flag in absent.flags)
    assert "avant la naissance" in reasons(plan_of(row(**{"Date d'entrée": "01/01/1930"})))[0]
    assert "sortie est avant" in reasons(plan_of(row(Date_de_sortie="01/01/2019")))[0]


def test_every_reason_comes_back_at_once_with_line_column_and_what_to_do() -> None:
    plan = plan_of(usual(LE_GOFF, ("Dup0nt", "Paul", "X", "31/02/1938", "29151", "")))
    problems = plan.refused[0].problems
    assert {problem.column for problem in problems} == {"Nom de naissance", "Sexe", "Date de naissance"}
    assert {problem.line for problem in problems} == {3}
    assert all(problem.advice.endswith(".") for problem in problems)


def test_one_person_twice_in_the_file_is_taken_once() -> None:
    plan = plan_of(usual(LE_GOFF, PRIGENT, LE_GOFF, (*LE_GOFF[:4], "", "")))
    assert len(plan.rows) == 2
    assert reasons(plan) == ["Cette personne est déjà à la ligne 2 du fichier."] * 2


def test_one_number_for_two_persons_is_refused() -> None:
    headings = ("Matricule interne", *HEADINGS)
    plan = plan_of(csv_of(headings, ("7", *LE_GOFF), ("7", *PRIGENT)).encode())
    assert reasons(plan) == ["Ce numéro est déjà celui d'une autre personne, ligne 2."]


def test_months_written_first_are_told_for_the_whole_list() -> None:
    plan = plan_of(usual(LE_GOFF, (*PRIGENT[:3], "07/14/1941", *PRIGENT[4:])))
    assert plan.month_first


@given(
    cells=st.lists(
        st.text(st.characters(exclude_characters='";\r\n\x00'), max_size=40), min_size=6, max_size=6
    )
)
def test_any_row_is_a_person_or_reasons(cells: list[str]) -> None:
    headings, text = csv_of(HEADINGS), csv_of(LE_GOFF, cells)
    if any(ord(char) < 32 and char not in "\t\x0b\x0c" for char in text.replace("\r\n", "")):
        return
    plan = plan_of((headings + text).encode("utf-8", "ignore"))
    assert len(plan.rows) + len(plan.refused) >= 1
