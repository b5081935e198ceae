"""How each prerequisite is obtained: data (who, how, usual delay), with what is not confirmed said so."""

from __future__ import annotations

import csv
import functools
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Section(StrEnum):
    """The groups of the page, in its order."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Section:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    INSCRIPTION = "inscription", "Inscription et numéros"
    CONNEXION = "connexion", "Certificats et liaison"
    PROFESSIONNELS = "professionnels", "Professionnels"
    IDENTITES = "identites", "Identités"
    DOCUMENTS = "documents", "Documents"
    ESSAIS = "essais", "Essais"
    INFORMATION = "information", "Information des personnes"


@dataclass(frozen=True, slots=True)
class Guidance:
    """How to obtain one prerequisite. `delay` says itself when it is not confirmed."""

    key: str
    section: Section
    title: str
    who: str
    how: str
    delay: str


@functools.cache
def guidance() -> Mapping[str, Guidance]:
    """Return every prerequisite by key, in the order of the page."""
    file = importlib.resources.files("amarre.dui.dmp").joinpath("data", "prerequisites.tsv")
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["key"]: _guidance(row) for row in rows}


def _guidance(row: Mapping[str, str]) -> Guidance:
    delay = row["delay"] if row["confirmed"] == "oui" else f"{row['delay']} (à vérifier)"
    return Guidance(row["key"], Section(row["section"]), row["title"], row["who"], row["how"], delay)
