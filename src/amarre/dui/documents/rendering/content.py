"""What a printed document contains, whatever its type: values, already in French, without layout."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Issuer:
    """The establishment, as in the letterhead."""

    organisme: str
    name: str
    address_lines: tuple[str, ...]
    telephone: str
    identifier: str  # e.g. "FINESS 990000002"


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
class Section:
    """A section: free paragraphs, then blocks."""

    title: str
    paragraphs: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who validated, as what, when."""

    name: str
    title: str
    signed_at: str  # in French
    mention: str = "Validé électroniquement par son auteur."


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """A whole document. `date` is the date of the act (Europe/Paris)."""

    title: str
    subtitle: str
    date: datetime.date
    reference: str
    version: int
    issuer: Issuer
    traits: PrintedTraits
    sections: tuple[Section, ...]
    signature: Signature | None = None
    summary: tuple[tuple[str, str], ...] = field(default=())
