"""More fictive persons from a file; a number that may be somebody's is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from amarre.sandbox.services.insi.people_file import COLUMNS, PeopleFileRefused, people_from_file
from amarre.sandbox.settings import from_environment

GOOD = ("KERVELLA", "ANNE", "F", "1950-01-02", "2A004", "250012A004001", "12", "1.2.250.1.213.1.4.10")


def written(folder: Path, *rows: tuple[str, ...], head: tuple[str, ...] = (*COLUMNS, "anciens")) -> Path:
    path = folder / "people.tsv"
    path.write_text("\n".join("\t".join(row) for row in (head, *rows)) + "\n", encoding="utf-8")
    return path


def test_people_and_their_former_numbers(tmp_path: Path) -> None:
    (one,) = people_from_file(written(tmp_path, (*GOOD, "250012A00490112 250012A00490213")))
    assert (one.nom, one.lieu, one.oid) == ("KERVELLA", "2A004", GOOD[-1])
    assert [former.matricule for former in one.history] == ["250012A004901", "250012A004902"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((*GOOD[:-1], "1.2.250.1.213.1.4.8"), "celui d'une personne"),
        ((*GOOD[:5], "25001", *GOOD[6:]), "illisible"),
        (("X", "Y", "I", *GOOD[3:]), "illisible"),
    ],
)
def test_a_number_that_may_be_somebody_s_is_refused(tmp_path: Path, row: tuple[str, ...], words: str) -> None:
    with pytest.raises(PeopleFileRefused, match=words) as refused:
        people_from_file(written(tmp_path, GOOD, row))
    assert "Ligne 3" in str(refused.value)


def test_a_published_oid_with_an_order_number_never_given(tmp_path: Path) -> None:
    row = (*GOOD[:5], "250012A004901", "12", "1.2.250.1.213.1.4.9")
    assert len(people_from_file(written(tmp_path, row))) == 1


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(PeopleFileRefused, match="matricule"):
        people_from_file(written(tmp_path, head=("nom", "prenoms")))


def test_the_file_comes_from_the_environment() -> None:
    assert from_environment({"AMARRE_SANDBOX_INSI_PEOPLE": "/x/y.tsv"}).insi_people == Path("/x/y.tsv")
    assert from_environment({}).insi_people is None
