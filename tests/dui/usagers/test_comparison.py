"""Letters that differ, aligned, and the reading in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amarre.dui.usagers.selectors.comparison import MISSING, segments, traits_table
from amarre.interop.ins import BirthDate, Sexe, Traits, Verdict, differing_spans


def shown(left: str, right: str) -> tuple[str, str]:
    mine, theirs = differing_spans(left, right)

    def write(text: str, spans: object, other: object) -> str:
        parts = segments(text, spans, other)  # type: ignore[arg-type]
        return "".join(f"[{part.text}]" if part.marked else part.text for part in parts)

    return write(left, mine, theirs), write(right, theirs, mine)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("LEFEVRE", "LEFEBVRE", ("LEFE[_]VRE", "LEFE[B]VRE")),
        ("LEFEBVRE", "LEFEVRE", ("LEFE[B]VRE", "LEFE[_]VRE")),
        ("MARIE-LOUISE", "MARIE LOUISE", ("MARIE[-]LOUISE", "MARIE[ ]LOUISE")),
        ("YVONNE", "YVONNE MARIE", ("YVONNE[_]", "YVONNE[ MARIE]")),
        ("A", "", ("[A]", "[_]")),
        ("SAME", "SAME", ("SAME", "SAME")),
    ],
)
def test_letters_are_marked(left: str, right: str, expected: tuple[str, str]) -> None:
    assert shown(left, right) == expected


@given(st.text("ABC -", max_size=12), st.text("ABC -", max_size=12))
def test_nothing_is_lost_nor_invented(left: str, right: str) -> None:
    mine, theirs = differing_spans(left, right)
    for text, spans, other in ((left, mine, theirs), (right, theirs, mine)):
        parts = segments(text, spans, other)
        assert "".join(p.text for p in parts if not (p.marked and p.text == MISSING)) == text


def traits(**changes: object) -> Traits:
    values: dict[str, object] = {
        "nom_naissance": "LEFEVRE", "prenoms": "ODETTE", "premier_prenom": "ODETTE", "sexe": Sexe.F,
        "date_naissance": BirthDate("1932-11-05"), "lieu_naissance": "75114",
    }  # fmt: skip
    return Traits(**{**values, **changes})  # type: ignore[arg-type]


def test_table_reads_in_words() -> None:
    table = traits_table(traits(), traits(nom_naissance="LEFEBVRE", lieu_naissance="75056"))
    words = {row.label: row.word for row in table.rows}
    assert words["Nom de naissance"] == "Différent."
    assert words["Lieu de naissance"] == "Toléré avec un motif."
    assert words["Sexe"] == ""
    assert table.is_blocking
    assert table.needs_reason


def test_identical_traits() -> None:
    table = traits_table(traits(), traits())
    assert table.verdict is Verdict.IDENTIQUE
    assert not any(row.word for row in table.rows)
