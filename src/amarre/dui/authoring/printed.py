"""From a template and the content of its blocks to the parts of a printed document. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amarre.dui.authoring.blocks import Content, Shown, kind_of, paragraphs
from amarre.dui.authoring.catalogue import Template
from amarre.dui.documents.rendering.content import Section

Contents = Mapping[str, Content]


@dataclass(frozen=True, slots=True)
class PrintedParts:
    """What the blocks of a template say, each in its place. `subject` is « Objet : … », or ""."""

    sections: tuple[Section, ...]
    recipient: tuple[str, ...] = ()
    subject: str = ""


def printed_parts(template: Template, contents: Contents) -> PrintedParts:
    """Return the parts in the order of the blocks; what is empty prints nothing."""
    sections: list[Section] = []
    recipient: tuple[str, ...] = ()
    subject = ""
    for block in template.blocks:
        content = contents.get(block.key, {})
        if block.shown is Shown.RECIPIENT:
            recipient = paragraphs(content)
        elif block.shown is Shown.SUBJECT:
            subject = " ".join(paragraphs(content))
        elif (section := kind_of(block).printed(block, content)) is not None:
            plain = block.shown is Shown.PLAIN
            sections.append(
                Section("", section.paragraphs, section.blocks, section.tables) if plain else section
            )
    return PrintedParts(tuple(sections), recipient, f"Objet : {subject}" if subject else "")


def set_aside(template: Template, contents: Contents) -> dict[str, Content]:
    """Return what the draft holds for blocks the template has no more: shown to the author, not printed."""
    known = {block.key for block in template.blocks}
    return {key: content for key, content in contents.items() if key not in known}


def missing_blocks(template: Template, contents: Contents) -> tuple[str, ...]:
    """Return the titles of the mandatory blocks that say nothing."""
    return tuple(
        block.title
        for block in template.blocks
        if block.required and kind_of(block).is_empty(block, contents.get(block.key, {}))
    )


def first_problem(template: Template, contents: Contents) -> tuple[str, str] | None:
    """Return (title of the block, sentence) of the first thing that cannot be filed, None when all can."""
    for block in template.blocks:
        for problem in kind_of(block).problems(block, contents.get(block.key, {})):
            return block.title, problem
    return None
