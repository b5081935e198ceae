"""What a block of a template says: kept as JSON, printed as a section, encoded as a CDA section.

Knows neither the database nor Django: a document is rendered from data alone. How a block is typed is its
`BlockForm`, in `block_forms`. A new kind registers both: the kind when the catalogue is imported (it must be
known without Django), the form in the `ready` of the application.

    blocks.register(Treatments())  # printed, cda_section…
    block_forms.register("traitements", TreatmentsForm)
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from amarre.dui.documents.rendering.content import Section as PrintedSection
from amarre.dui.web.dates import day
from amarre.interop.cda import Participant, RelatedPerson
from amarre.interop.cda.structured import Section as CdaSection
from amarre.interop.cda.structured import SectionKind

# What is kept of one block in a draft: a JSON object, {} when nothing was typed.
Content: TypeAlias = Mapping[str, Any]

TEXT, CHOICE, DATE = "texte", "choix", "date"
LONGEST_TEXT = 20_000


class Shown(StrEnum):
    """Where the content of a block is printed."""

    # Under its own heading, in the order of the blocks.
    SECTION = "section"
    # Without heading: the text of a letter or of an attestation.
    PLAIN = "plain"
    # At the top right of a letter: who it is written to, one line per line.
    RECIPIENT = "recipient"
    # « Objet : … », under the title.
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of a template, as the author sees it.

    `kind` names a registered `BlockKind`. `prefill` is the text proposed in a new draft (names in braces, see
    `substitution`). `choices` are (code, words) of a CHOICE. `act_date`: a DATE that is the day of the act
    itself. `section` is the CDA section it fills in a structured document (N3), None when it is only printed.
    """

    key: str
    title: str
    kind: str = TEXT
    help: str = ""
    prefill: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    shown: Shown = Shown.SECTION
    act_date: bool = False
    section: SectionKind | None = None


class BlockKind(ABC):
    """How the content of a block is judged, printed and encoded. Stateless; one instance per kind."""

    name: str

    @abstractmethod
    def is_empty(self, block: Block, content: Content) -> bool:
        """Tell whether nothing was said: a mandatory block then holds the validation."""

    @abstractmethod
    def printed(self, block: Block, content: Content) -> PrintedSection | None:
        """Return what the PDF shows, None when there is nothing to show."""

    def problems(self, block: Block, content: Content) -> tuple[str, ...]:
        """Return what holds the validation besides emptiness, as French sentences."""
        return ()

    def cda_section(self, block: Block, content: Content) -> CdaSection | None:
        """Return the section of a structured document (N3); None: the model says what silence means."""
        return None

    def participants(self, block: Block, content: Content) -> tuple[Participant, ...]:
        """Return who the block adds to the header of the document (a treating physician)."""
        return ()

    def informants(self, block: Block, content: Content) -> tuple[RelatedPerson, ...]:
        """Return the people around the person whom the block adds to the header (to warn, trusted)."""
        return ()

    def prefilled(self, block: Block, text: str) -> Content:
        """Return the first content of a new draft; `text` is the block's `prefill`, names replaced."""
        return {}


class TextKind(BlockKind):
    """Free text, one paragraph per line: {"text": …}."""

    name = TEXT

    def is_empty(self, block: Block, content: Content) -> bool:
        """Tell whether no line holds a word."""
        return not paragraphs(content)

    def printed(self, block: Block, content: Content) -> PrintedSection | None:
        """Return the paragraphs under the title."""
        lines = paragraphs(content)
        return PrintedSection(block.title, lines) if lines else None

    def cda_section(self, block: Block, content: Content) -> CdaSection | None:
        """Return the section with its words and no entry."""
        lines = paragraphs(content)
        return CdaSection(kind=block.section, notes=lines) if block.section and lines else None

    def prefilled(self, block: Block, text: str) -> Content:
        """Return the proposed text."""
        return {"text": text} if text else {}


class ChoiceKind(BlockKind):
    """One answer of a short list: {"value": code}."""

    name = CHOICE

    def is_empty(self, block: Block, content: Content) -> bool:
        """Tell whether no answer of the list is given."""
        return not self._words(block, content)

    def printed(self, block: Block, content: Content) -> PrintedSection | None:
        """Return the words of the answer."""
        words = self._words(block, content)
        return PrintedSection(block.title, (words,)) if words else None

    def _words(self, block: Block, content: Content) -> str:
        return dict(block.choices).get(str(content.get("value", "")), "")


class DateKind(BlockKind):
    """One day: {"date": "2026-11-20"}."""

    name = DATE

    def is_empty(self, block: Block, content: Content) -> bool:
        """Tell whether no day is given."""
        return date_of(content) is None

    def printed(self, block: Block, content: Content) -> PrintedSection | None:
        """Return the day in French."""
        found = date_of(content)
        return PrintedSection(block.title, (day(found),)) if found else None


def paragraphs(content: Content) -> tuple[str, ...]:
    """Return the lines of a text content that hold something, trimmed."""
    return tuple(line.strip() for line in str(content.get("text", "")).splitlines() if line.strip())


def date_of(content: Content) -> datetime.date | None:
    """Return the day of a date content, None when there is none."""
    try:
        return datetime.date.fromisoformat(str(content.get("date", "")))
    except ValueError:
        return None


_kinds: dict[str, BlockKind] = {}


def register(kind: BlockKind) -> None:
    """Declare a kind of block."""
    _kinds[kind.name] = kind


def kind_of(block: Block) -> BlockKind:
    """Return the kind of `block`. Raises KeyError for a kind nobody registered."""
    return _kinds[block.kind]


for _kind in (TextKind(), ChoiceKind(), DateKind()):
    register(_kind)
