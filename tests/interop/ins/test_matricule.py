"""Matricule, key and OIDs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amarre.interop.ins import (
    INS_OIDS,
    Environment,
    Matricule,
    MatriculeKeyWrong,
    MatriculeKind,
    MatriculeMalformed,
    OidNotAccepted,
    UnknownInsOid,
    accepted_oids,
    compute_key,
    ins_oid,
    matricule_received,
    matricule_typed,
    require_accepted,
)

bases = st.from_regex(r"[0-9]{5}([0-9]{2}|2A|2B)[0-9]{6}", fullmatch=True).filter(str.isascii)


@pytest.mark.parametrize(
    ("base", "key"),
    [
        ("297022A020778", "78"),
        ("160012B020777", "13"),
        ("180032B020401", "23"),
        ("2360663220836", "56"),
        ("2790351215189", "89"),
        ("2600588154002", "33"),
        ("2841263220999", "62"),
        ("2841263220091", "97"),
    ],
)
def test_keys_of_published_matricules(base: str, key: str) -> None:
    assert compute_key(base) == key


@given(bases)
def test_corsica_is_the_same_by_the_other_published_rule(base: str) -> None:
    """Replace the letter by 0 and subtract 1,000,000 (A) or 2,000,000 (B)."""
    number = int(base.replace("A", "0").replace("B", "0"))
    number -= 1_000_000 * ("A" in base) + 2_000_000 * ("B" in base)
    assert int(compute_key(base)) == 97 - number % 97


@given(bases, st.integers(0, 12), st.integers(1, 9))
def test_one_digit_mistyped_is_always_refused(base: str, place: int, shift: int) -> None:
    key = compute_key(base)
    if not base[place].isdigit() or (place == 5 and not base[6].isdigit()):
        return
    wrong = base[:place] + str((int(base[place]) + shift) % 10) + base[place + 1 :]
    with pytest.raises(MatriculeKeyWrong):
        matricule_typed(wrong + key)


@given(bases)
def test_what_is_shown_can_be_typed_back(base: str) -> None:
    matricule = Matricule(base, compute_key(base))
    assert matricule_typed(matricule.grouped()) == matricule


@pytest.mark.req("issue 3: a received matricule with a wrong key is a warning, never a refusal")
def test_a_wrong_key_received_is_a_warning_and_typed_is_a_refusal() -> None:
    matricule, warnings = matricule_received("1810363220456", "60")
    assert matricule.value == "181036322045660"
    assert [warning.code for warning in warnings] == ["cle_incorrecte"]
    with pytest.raises(MatriculeKeyWrong):
        matricule_typed("1 81 03 63 220 456 60")


def test_a_received_matricule_may_come_without_its_key() -> None:
    assert matricule_received("2841263220999")[0].key == "62"


@pytest.mark.parametrize(
    "text", ["", "28412632209996", "2841263220999621", "284126C22099962", "28412632209996x", "2" * 14 + "²"]
)
def test_malformed_matricules_are_refused(text: str) -> None:
    with pytest.raises(MatriculeMalformed):
        matricule_received(text)
    with pytest.raises(MatriculeMalformed):
        matricule_typed(text)


def test_the_nature_comes_from_the_oid_never_from_the_digits() -> None:
    assert ins_oid("1.2.250.1.213.1.4.9").kind is MatriculeKind.NIA
    assert {oid.value for oid in INS_OIDS if oid.kind is MatriculeKind.NIR} == {
        "1.2.250.1.213.1.4.8",
        "1.2.250.1.213.1.4.10",
        "1.2.250.1.213.1.4.11",
    }


@pytest.mark.parametrize("oid", ["1.2.250.1.213.1.4.13", "1.2.250.1.213.1.4.2", "", "1.2.3"])
def test_other_oids_are_no_ins(oid: str) -> None:
    with pytest.raises(UnknownInsOid):
        ins_oid(oid)


def test_production_refuses_test_oids() -> None:
    production = accepted_oids(Environment.PRODUCTION)
    assert production == {"1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"}
    with pytest.raises(OidNotAccepted):
        require_accepted(ins_oid("1.2.250.1.213.1.4.10"), production)
    require_accepted(ins_oid("1.2.250.1.213.1.4.10"), accepted_oids(Environment.SANDBOX))


def test_a_repr_never_shows_the_matricule() -> None:
    assert "284" not in repr(matricule_received("284126322099962"))
