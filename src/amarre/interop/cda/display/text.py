"""The display tree as plain text, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from amarre.interop.cda.display.tree import (
    Block,
    DisplayDocument,
    DisplaySection,
    FootnoteMark,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    MediaMark,
    Paragraph,
    Table,
    TableCell,
)


def render_text(document: DisplayDocument, *, width: int = 100) -> str:
    """Return the content of a document (not its header): sections, then files, then remarks."""
    lines: list[str] = []
    for section in document.sections:
        lines += _section(section, 1, width)
    if document.attached:
        lines.append(f"[Fichier {document.attached.media_type}, {document.attached.size} octets]")
        lines += _blocks(document.attached.blocks, width)
    for item in document.media:
        lines.append(f"[Fichier {item.identifier} : {item.media_type}, {item.size} octets]")
    lines += [f"Remarque : {remark.value}" for remark in document.remarks]
    return "\n".join(lines)


def render_section(section: DisplaySection, *, width: int = 100) -> str:
    """Return the words of one section, without its title nor the sections it holds."""
    lines = [*_blocks(section.blocks, width)]
    for note in section.footnotes:
        lines += _wrapped(f"({note.number}) " + _flat(note.blocks), width)
    return "\n".join(lines)


def _section(section: DisplaySection, level: int, width: int) -> Iterator[str]:
    yield f"{'#' * level} {section.title}"
    yield render_section(section, width=width)
    yield ""
    for part in section.sections:
        yield from _section(part, level + 1, width)


def _blocks(blocks: tuple[Block, ...], width: int) -> Iterator[str]:
    for block in blocks:
        if block.caption:
            yield f"{block.caption} :"
        match block:
            case Paragraph():
                for line in _inlines(block.inlines).split("\n"):
                    yield from _wrapped(line, width)
            case ListBlock():
                for number, item in enumerate(block.items, start=1):
                    mark = f"{number}." if block.ordered else "-"
                    yield from _wrapped(f"{mark} {_flat(item)}", width)
            case Table():
                yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    for row in table.head:
        yield _row(row)
    if table.head:
        yield "-" * min(len(_row(table.head[-1])), 100)
    for row in (*table.body, *table.foot):
        yield _row(row)


def _row(row: tuple[TableCell, ...]) -> str:
    return " | ".join(_flat(cell.blocks) for cell in row)


def _flat(blocks: tuple[Block, ...]) -> str:
    """Return blocks on one line, for a cell or an item."""
    return " / ".join(line.strip() for line in _blocks(blocks, 10_000) if line.strip())


def _inlines(inlines: tuple[Inline, ...]) -> str:
    return "".join(_inline(item) for item in inlines)


def _inline(item: Inline) -> str:
    match item:
        case LineBreak():
            return "\n"
        case Link():
            return item.label if item.label == item.target else f"{item.label} <{item.target}>"
        case MediaMark():
            return f"[fichier {item.identifier}]"
        case FootnoteMark():
            return f"({item.number})"
        case _:
            return item.text


def _wrapped(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width) or [""]
