"""2,000 rows of name traps, as lists write them, each with what must happen: import, search, INSi.

One function per trap, which makes one row or two (a person and the other one they may be confused with).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from tests.dui.usagers.traps.people import NIA_OID, People, Truth

HEADINGS = (
    "N° usager", "Nom de naissance", "Nom utilisé", "1er prénom", "Prénoms", "Sexe", "Date de naissance",
    "Code INSEE du lieu", "Lieu de naissance", "Date d'entrée",
)  # fmt: skip
ENTRY = "02/11/2026"
OPENED, FLAGGED = "ouvert", "ouvert, à regarder"
FOUND, NOT_FOUND, SEVERAL, NOT_ASKED = "trouvé", "introuvable", "plusieurs", "pas appelé"
AGREED, TOLERATED, BLOCKING = "concorde", "toléré", "différent"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list and what is expected of it.

    `fate` is OPENED, FLAGGED, or words of the reason of the refusal. `insi` and `gap` are what the search at
    INSi ends with ("" for a refused row). `sought` is what somebody types to find the person again; "" when
    nothing sensible can be. `twin` is the local number of the row it must be proposed with as a duplicate,
    `apart` of the row it must never be proposed with at 100.
    """

    trap: str
    number: str
    nom: str
    prenom: str
    sexe: str
    date: str
    lieu: str = ""
    usage: str = ""
    prenoms: str = ""
    ville: str = ""
    fate: str = OPENED
    insi: str = FOUND
    gap: str = AGREED
    sought: str = ""
    twin: str = ""
    apart: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The line, in the order of HEADINGS."""
        return (
            self.number, self.nom, self.usage, self.prenom, self.prenoms, self.sexe, self.date, self.lieu,
            self.ville, ENTRY,
        )  # fmt: skip

    @property
    def is_refused(self) -> bool:
        """Whether the import must give the row back."""
        return self.fate not in (OPENED, FLAGGED)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The rows, and the register INSi answers from."""

    rows: tuple[Row, ...]
    register: tuple[Truth, ...]

    @property
    def csv(self) -> bytes:
        """The list as a file."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(row.cells for row in self.rows)
        return out.getvalue().encode()


class Maker:
    """What a trap draws from: persons, the register, numbers of rows."""

    def __init__(self, seed: int) -> None:
        self.people = People(seed)
        self.draw = self.people.draw
        self.register: list[Truth] = []
        self._rows = 0

    def known(self, **options: object) -> Truth:
        """Return a person that the register has."""
        one = self.people.person(**options)  # type: ignore[arg-type]
        self.register.append(one)
        return one

    def changed(self, truth: Truth, **changes: str) -> Truth:
        """Return the person the register just gave, some traits changed, and keep this one instead."""
        other = replace(truth, **changes)  # type: ignore[arg-type]
        self.register[self.register.index(truth)] = other
        return other

    def number(self) -> str:
        """Return the next local number."""
        self._rows += 1
        return f"P{self._rows:05d}"

    def row(self, trap: str, truth: Truth, **changes: str) -> Row:
        """Return the line of a person as it should be typed, with what the trap changes."""
        values: dict[str, str] = {
            "number": self.number(), "nom": truth.nom, "prenom": truth.first, "prenoms": truth.prenoms,
            "sexe": truth.sexe, "date": truth.day, "lieu": truth.lieu, "usage": truth.used,
            "sought": f"{truth.nom} {truth.day}",
        }  # fmt: skip
        return Row(trap, **{**values, **changes})


Trap = Callable[[Maker], list[Row]]
TRAPS: dict[str, Trap] = {}


def trap(name: str) -> Callable[[Callable[[Maker, str], list[Row]]], Callable[[Maker, str], list[Row]]]:
    """Register a trap under its French name."""

    def register(make: Callable[[Maker, str], list[Row]]) -> Callable[[Maker, str], list[Row]]:
        TRAPS[name] = lambda maker: make(maker, name)
        return make

    return register


def corpus(rows: int = 2_000, seed: int = 20261120) -> Corpus:
    """Return `rows` lines at least, every trap as often as the others."""
    from tests.dui.usagers.traps import dates, letters, names, persons  # noqa: F401 (each fills TRAPS)

    maker = Maker(seed)
    made: list[Row] = []
    while len(made) < rows:
        for make in TRAPS.values():
            made += make(maker)
    return Corpus(tuple(made), tuple(maker.register))


def refused(maker: Maker, name: str, words: str, **changes: str) -> list[Row]:
    """Return a row that the import must refuse with these words."""
    return [maker.row(name, maker.known(), fate=words, insi="", gap="", sought="", **changes)]


def many(rows: Iterable[list[Row]]) -> list[Row]:
    """Return the rows of several lists."""
    return [row for part in rows for row in part]


__all__ = ["NIA_OID", "Corpus", "Maker", "Row", "TRAPS", "corpus", "many", "refused", "trap"]
