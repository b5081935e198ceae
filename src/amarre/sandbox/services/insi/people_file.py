"""More fictive persons for this INSi, from a file: for tests on thousands of names.

A tab-separated file with a line of headings: nom, prenoms, sexe, naissance (AAAA-MM-JJ), lieu, matricule (13
characters), cle, oid, and optionally anciens (former matricules, 15 characters, separated by spaces). Only
fictive numbers are taken: a test OID, or an order number (last three characters) from 900, which no register
gives in the births of one month.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from amarre.sandbox.services.insi.persons import Former, Person

COLUMNS = ("nom", "prenoms", "sexe", "naissance", "lieu", "matricule", "cle", "oid")
TEST_OIDS = frozenset({"1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"})
MAX_PEOPLE = 200_000
_MATRICULE = re.compile(r"[0-9]{6}[0-9AB][0-9]{6}")


class PeopleFileRefused(ValueError):
    """The file cannot be taken; the argument is a French sentence with the line."""


def people_from_file(path: Path) -> tuple[Person, ...]:
    """Return the persons of a file. Raises PeopleFileRefused, OSError."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise PeopleFileRefused(f"Il manque les colonnes : {', '.join(missing)}.")
        people: list[Person] = []
        for row in reader:
            if len(people) == MAX_PEOPLE:
                raise PeopleFileRefused(f"Plus de {MAX_PEOPLE} personnes.")
            people.append(_person(row, reader.line_num))
    return tuple(people)


def _person(row: dict[str, str], line: int) -> Person:
    matricule, oid = row["matricule"], row["oid"]
    if not _MATRICULE.fullmatch(matricule) or row["sexe"] not in ("F", "M"):
        raise PeopleFileRefused(f"Ligne {line} : matricule ou sexe illisible.")
    if oid not in TEST_OIDS and int(matricule[10:]) < 900:
        raise PeopleFileRefused(
            f"Ligne {line} : ce matricule peut être celui d'une personne. Le bac à sable ne prend que des "
            "identités fictives : un OID de test, ou un numéro d'ordre à partir de 900."
        )
    former = tuple(Former(text[:13], text[13:]) for text in (row.get("anciens") or "").split())
    return Person(
        nom=row["nom"],
        prenoms=row["prenoms"],
        sexe=row["sexe"],
        naissance=row["naissance"],
        lieu=row["lieu"],
        matricule=matricule,
        cle=row["cle"],
        oid=oid,
        history=former,
    )
