"""What a structured block is: one content, one section, printed and encoded from the same words."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from amarre.dui.authoring.blocks import Block, BlockKind, Content
from amarre.dui.documents.rendering.content import Section as PrintedSection
from amarre.dui.documents.rendering.content import Table
from amarre.interop.cda.structured import EntryIds, Section, SectionKind, tables_of


class StructuredKind(BlockKind):
    """A block that fills a section of a structured document.

    `section_kind` is the section it is when its block does not name one (a document that is only printed).
    """

    section_kind: ClassVar[SectionKind]

    @abstractmethod
    def section(self, block: Block, content: Content) -> Section | None:
        """Return the section, None when nothing was said. The title is the block's."""

    def is_empty(self, block: Block, content: Content) -> bool:
        """Tell whether nothing was said."""
        return self.section(block, content) is None

    def printed(self, block: Block, content: Content) -> PrintedSection | None:
        """Return what the PDF shows: the words of the section, table for table."""
        found = self.section(block, content)
        return printed_section(found) if found else None

    def cda_section(self, block: Block, content: Content) -> Section | None:
        """Return the section of a structured document."""
        return self.section(block, content) if block.section else None

    def kind_for(self, block: Block) -> SectionKind:
        """Return the section the block fills."""
        return block.section or self.section_kind


def printed_section(section: Section) -> PrintedSection:
    """Return a section as it is printed: the words of its narrative, columns that are empty left out."""
    tables = tuple(
        Table(
            columns=tuple(table.columns[number] for number in table.shown),
            rows=tuple(tuple(row[number].text for number in table.shown) for row in table.rows),
            caption=table.caption,
        )
        for table in tables_of(section, EntryIds(""))
    )
    return PrintedSection(section.title or section.template.title, section.notes, tables=tables)
