"""A list of the DMP as a screen shows it: plain values, filtered, sorted and cut in pages here.

Rules of the guide (SEL-MP-037): instants in local time; masked, archived, replaced and patient-written
documents are marked; one page of twenty.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from amarre.interop.dmp import DmpDocument, Visibility
from amarre.interop.terminology import ValueSetId, value_set
from amarre.interop.xds import EntryStatus

PAGE = 20
# A registry may write anything: what a screen shows of one value.
_LONGEST = 200
_NO_DATE = "0000"
# Kind of speciality at the end of a label of JDV_J01: « (SM) », « (DESC) ».
_QUALIFIER = re.compile(r"\s*\([A-Z]{2,6}\)$")
# Marks of a document: key → words, pictogram, tone of the chip.
MARKS: dict[str, tuple[str, str, str]] = {
    Visibility.MASQUE_PS.value: ("Masqué aux professionnels", "oeil", "att"),
    Visibility.INVISIBLE_PATIENT.value: ("Pas encore montré à la personne", "cadenas", "att"),
    Visibility.INVISIBLE_REPRESENTANTS_LEGAUX.value: ("Caché aux représentants légaux", "cadenas", "att"),
    "archive": ("Archivé", "document", ""),
    "remplace": ("Remplacé", "cycle", ""),
    "personne": ("Écrit par la personne", "personne", ""),
}
_STATUS_MARKS = {EntryStatus.ARCHIVED: "archive", EntryStatus.DEPRECATED: "remplace"}


@dataclass(frozen=True, slots=True)
class Line:
    """One document of a list. `at` is an ISO instant ("" when unknown), `marks` are keys of MARKS."""

    unique_id: str
    title: str
    kind: str
    group: str
    at: str
    author: str
    profession: str
    place: str
    structure: str
    marks: tuple[str, ...]
    size: int

    @property
    def written(self) -> datetime.datetime | None:
        """When it was made."""
        return datetime.datetime.fromisoformat(self.at) if self.at else None

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """The marks, in words."""
        return [MARKS[mark] for mark in self.marks]


@dataclass(frozen=True, slots=True)
class Choice:
    """How the list is narrowed and ordered by the person who reads it."""

    profession: str = ""
    place: str = ""
    order: str = ""


# Order → words. The newest first by default.
ORDERS = {
    "": "Plus récents d’abord",
    "ancien": "Plus anciens d’abord",
    "groupe": "Par nature",
}


def line_of(document: DmpDocument, zone: ZoneInfo) -> Line:
    """Return the line of a document; what the registry did not give is empty."""
    entry = document.metadata
    author = entry.author_details[0] if entry.author_details else None
    marks = [item.value for item in Visibility if item in document.hidden_from]
    status = document.status
    if status in _STATUS_MARKS:
        marks.append(_STATUS_MARKS[status])
    if document.by_patient:
        marks.append("personne")
    at = entry.creation_time.astimezone(zone).isoformat() if entry.creation_time else ""
    kind = entry.type_code
    return Line(
        unique_id=entry.unique_id,
        title=_short(entry.title) or "Document sans titre",
        kind=_short(_display(ValueSetId.DMP_TYPE_CODE, kind.code, kind.display) if kind else ""),
        group=_group(document),
        at=at,
        author=_short(author.name if author else ""),
        profession=_profession(author.specialty.display if author and author.specialty else ""),
        place=_short(author.structure_name if author else ""),
        structure=author.structure if author else "",
        marks=tuple(marks),
        size=entry.size,
    )


def narrowed(lines: Iterable[Line], choice: Choice) -> list[Line]:
    """Return the lines chosen, in the order chosen."""
    kept = [
        line
        for line in lines
        if (not choice.profession or line.profession == choice.profession)
        and (not choice.place or line.place == choice.place)
    ]
    kept.sort(key=lambda line: line.at or _NO_DATE, reverse=choice.order != "ancien")
    if choice.order == "groupe":
        kept.sort(key=lambda line: line.group)
    return kept


def facets(lines: Sequence[Line]) -> tuple[list[str], list[str]]:
    """Return the professions and the places of a list, in alphabetical order."""
    professions = sorted({line.profession for line in lines if line.profession})
    return professions, sorted({line.place for line in lines if line.place})


def to_values(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return the lines as JSON values."""
    return [asdict(line) for line in lines]


def from_values(values: Iterable[dict[str, Any]]) -> list[Line]:
    """Return the lines that `to_values` wrote."""
    return [Line(**{**row, "marks": tuple(row["marks"])}) for row in values]


def _group(document: DmpDocument) -> str:
    found = document.metadata.class_code
    return _short(_display(ValueSetId.DMP_CLASS_CODE, found.code, found.display) if found else "Autres")


def _profession(label: str) -> str:
    """Return « Médecin, gériatrie » for the national label « Médecin - Gériatrie (SM) »."""
    name, _, speciality = _QUALIFIER.sub("", label).partition(" - ")
    return _short(f"{name}, {speciality.lower()}" if speciality else name)


def _display(which: ValueSetId, code: str, given: str) -> str:
    """Return the label of our value set, the registry's own when the code is not in it."""
    known = value_set(which).find(code)
    return known.display if known else given or code


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
