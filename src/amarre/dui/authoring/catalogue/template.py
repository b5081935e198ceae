"""What a template of document is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from amarre.dui.authoring.blocks import Block
from amarre.dui.documents.rendering.content import Layout
from amarre.interop.cda.structured import DocumentModel

# Raised when a template's blocks change: a draft remembers the one it was begun with.
CATALOGUE_VERSION = 1


class Level(StrEnum):
    """How the CDA carries the document: around the PDF (N1), or section by section (N3)."""

    N1 = "n1"
    N3 = "n3"


class Family(StrEnum):
    """How the templates are grouped on the screen."""

    label: str

    def __new__(cls, value: str, label: str) -> Family:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    BILANS = "bilans", "Bilans et synthèses"
    LIAISON = "liaison", "Liaison et urgence"
    COURRIERS = "courriers", "Courriers et attestations"
    PRESCRIPTIONS = "prescriptions", "Prescriptions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One document one may write.

    `what` is one sentence for the card, `who` the usual author. `model` is the structured document it is at
    level N3. `signers` are the professions that may validate (JDV_J01, specialities included); () means any
    author.
    """

    key: str
    label: str
    what: str
    who: str
    family: Family
    type_code: str
    blocks: tuple[Block, ...]
    level: Level = Level.N1
    model: DocumentModel | None = None
    signers: tuple[str, ...] = ()
    layout: Layout = Layout.REPORT
    version: int = CATALOGUE_VERSION

    def block(self, key: str) -> Block:
        """Return the block `key`. Raises KeyError."""
        return {block.key: block for block in self.blocks}[key]

    def may_be_signed_by(self, author_code: str) -> bool:
        """Tell whether someone of this profession (code of JDV_J01) may validate the document."""
        return not self.signers or any(
            author_code == code or author_code.startswith(f"{code}/") for code in self.signers
        )
