"""What a printed document contains, whatever its type: values, already in French, without layout."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Layout(StrEnum):
    """How the first page begins: a report under its title, or a letter to someone."""

    REPORT = "report"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture we made ourselves (re-encoded): never bytes that came from elsewhere."""

    data: bytes = field(repr=False)
    format: Literal["png", "jpg"] = "png"


@dataclass(frozen=True, slots=True)
class Issuer:
    """The establishment, as in the letterhead. `footer`: words at the foot of every page."""

    organisme: str
    name: str
    address_lines: tuple[str, ...]
    telephone: str
    identifier: str  # e.g. "FINESS 990000002"
    footer: str = ""
    logo: Picture | None = None


@dataclass(frozen=True, slots=True)
class PrintedTraits:
    """The strict traits, printed on every page in this order (GI-INS, documents).

    `matricule` and `datamatrix_svg` are "" unless the identity is qualifiée: the caller obtains them from a
    QualifiedIdentity only.
    """

    nom_naissance: str
    premier_prenom: str
    prenoms: str
    sexe: str
    date_naissance: str  # JJ/MM/AAAA
    lieu_naissance: str
    nom_utilise: str = ""
    prenom_utilise: str = ""
    status_label: str = ""
    matricule: str = ""  # grouped for reading, key included
    matricule_nature: str = ""  # NIR or NIA
    datamatrix_svg: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A titled group inside a section: label → value lines."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with headings: as many cells in each row as there are columns; "" is an empty cell.

    `caption` says above it what it is about, when the section does not.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section: free paragraphs, tables, then blocks. Without `title`, no heading (the text of a letter)."""

    title: str
    paragraphs: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who validated, as what, when. `identifier`: their national number, printed when they have one."""

    name: str
    title: str
    signed_at: str  # in French
    mention: str = "Validé électroniquement par son auteur."
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """A whole document. `date` is the date of the act (Europe/Paris).

    `recipient`: lines of the address of a letter. `place_and_date`: « Port-Amarre, le 20 novembre 2026 ».
    `watermark`: word across every page of what is not final; `notice` says it under the title, where a screen
    reader finds it.
    """

    title: str
    subtitle: str
    date: datetime.date
    reference: str
    version: int
    issuer: Issuer
    traits: PrintedTraits
    sections: tuple[Section, ...]
    signature: Signature | None = None
    summary: tuple[tuple[str, str], ...] = ()
    layout: Layout = Layout.REPORT
    recipient: tuple[str, ...] = ()
    place_and_date: str = ""
    watermark: str = ""
    notice: str = ""
