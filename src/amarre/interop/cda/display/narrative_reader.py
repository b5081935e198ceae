"""The narrative block → blocks and inlines, within a budget.

Source: HL7 CDA R2, NarrativeBlock.xsd. An unknown element gives its text; a style gives at most one of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from amarre.interop.cda.codes import CDA_NS
from amarre.interop.cda.display.tree import (
    Block,
    Footnote,
    FootnoteMark,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    MediaMark,
    Paragraph,
    Remark,
    Style,
    Table,
    TableCell,
    Text,
)
from amarre.interop.cda.narrative import link_is_safe
from amarre.interop.cda.reading import text_of

MAX_SPAN = 100
CAPTION = f"{{{CDA_NS}}}caption"
NO_STYLE: frozenset[Style] = frozenset()
STYLES = {
    "bold": Style.BOLD,
    "italics": Style.ITALIC,
    "emphasis": Style.ITALIC,
    "underline": Style.UNDERLINE,
}
# Elements that hold code in other languages: their text is shown, and the reader told.
ACTIVE = frozenset({"script", "style", "iframe", "object", "embed", "applet", "svg", "form", "meta", "link"})
# Containers that only group what they hold.
TRANSPARENT = frozenset({"tbody", "thead", "tfoot", "colgroup", "col", "tr", "td", "th", "item"})
_SPACES = re.compile(r"[ \t\r\n]+")
# Unicode categories Cc (but tabulation and ends of line) and Cf.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]"
)


@dataclass(slots=True)
class Budget:
    """What may still be shown."""

    characters: int
    cells: int
    blocks: int
    depth: int


def clean(text: str) -> str:
    """Return a text with single spaces, without control nor direction characters (they hide or reorder)."""
    return _SPACES.sub(" ", _HIDDEN.sub("", text))


class NarrativeReader:
    """Reads the words of every section of a document; collects remarks and footnotes on the way."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.known_media: dict[str, str] = {}
        self._remarks: dict[Remark, None] = {}
        self._footnotes: list[Footnote] = []
        self._notes_by_id: dict[str, int] = {}
        self._count = 0

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What the reader of the document must be told, each once, in order."""
        return tuple(self._remarks)

    @property
    def footnotes(self) -> tuple[Footnote, ...]:
        """The footnotes of the current section."""
        return tuple(self._footnotes)

    def remark(self, remark: Remark) -> None:
        """Note something the reader must be told."""
        self._remarks[remark] = None

    def start_section(self) -> None:
        """Forget the footnotes of the previous section; numbers go on."""
        self._footnotes = []

    def blocks(
        self,
        element: etree._Element,
        styles: frozenset[Style] = NO_STYLE,
        depth: int = 0,
        *,
        captioned: bool = False,
    ) -> tuple[Block, ...]:
        """Return the content of an element as blocks; what stands between two blocks is a paragraph.

        `captioned`: the caption of the element is shown elsewhere.
        """
        found: list[Block] = []
        line: list[Inline] = []
        for item in self._content(element, styles, depth, captioned=captioned):
            if isinstance(item, Paragraph | ListBlock | Table):
                self._close(line, found)
                line = []
                found.append(item)
            else:
                line.append(item)
        self._close(line, found)
        return tuple(found)

    def _close(self, line: list[Inline], found: list[Block]) -> None:
        inlines = trim(line)
        if inlines and self._spend_block():
            found.append(Paragraph(inlines))

    def _spend_block(self) -> bool:
        self.budget.blocks -= 1
        if self.budget.blocks < 0:
            self.remark(Remark.TRUNCATED)
        return self.budget.blocks >= 0

    def _content(
        self, element: etree._Element, styles: frozenset[Style], depth: int, *, captioned: bool = False
    ) -> Iterator[Inline | Block]:
        yield from self._text(element.text, styles)
        for child in element:
            if isinstance(child.tag, str) and not (captioned and child.tag == CAPTION):
                if depth >= self.budget.depth:
                    self.remark(Remark.TOO_DEEP)
                    yield from self._text(text_of(child), styles)
                else:
                    yield from self._element(child, styles, depth + 1)
            yield from self._text(child.tail, styles)

    def _text(self, text: str | None, styles: frozenset[Style]) -> Iterator[Text]:
        if not text or self.budget.characters <= 0:
            return
        shown = clean(text)
        if _HIDDEN.search(text):
            self.remark(Remark.HIDDEN_CHARACTERS)
        if len(shown) > self.budget.characters:
            self.remark(Remark.TRUNCATED)
            shown = shown[: self.budget.characters]
        self.budget.characters -= len(shown)
        yield Text(shown, styles)

    def _element(
        self, element: etree._Element, styles: frozenset[Style], depth: int
    ) -> Iterator[Inline | Block]:
        tag = etree.QName(element)
        name = tag.localname if tag.namespace == CDA_NS else ""
        match name:
            case "br":
                yield LineBreak()
            case "content" | "sub" | "sup":
                yield from self._content(element, styles | _styles_of(element, name), depth)
            case "paragraph":
                yield from self._paragraph(element, styles, depth)
            case "list":
                yield self._list(element, styles, depth)
            case "table":
                yield self._table(element, styles, depth)
            case "linkHtml":
                yield self._link(element)
            case "renderMultiMedia":
                yield from self._render(element)
            case "footnote":
                yield self._footnote(element, depth)
            case "footnoteRef":
                yield FootnoteMark(self._notes_by_id.get(element.get("IDREF", ""), 0))
            case "caption":
                yield from self._content(element, styles | {Style.BOLD}, depth)
            case _:
                if name not in TRANSPARENT:
                    local = tag.localname.lower()
                    self.remark(Remark.ACTIVE if local in ACTIVE else Remark.UNKNOWN)
                yield from self._content(element, styles, depth)

    def _paragraph(self, element: etree._Element, styles: frozenset[Style], depth: int) -> Iterator[Block]:
        caption = self._caption(element)
        inside = styles | _styles_of(element, "paragraph")
        for block in self.blocks(element, inside, depth, captioned=True):
            if isinstance(block, Paragraph) and caption:
                block, caption = Paragraph(block.inlines, caption), ""
            yield block

    def _list(self, element: etree._Element, styles: frozenset[Style], depth: int) -> ListBlock:
        items = tuple(
            self.blocks(item, styles, depth)
            for item in element.iterchildren(f"{{{CDA_NS}}}item")
            if self._spend_block()
        )
        return ListBlock(element.get("listType") == "ordered", items, self._caption(element))

    def _table(self, element: etree._Element, styles: frozenset[Style], depth: int) -> Table:
        parts: dict[str, list[tuple[TableCell, ...]]] = {"thead": [], "tbody": [], "tfoot": []}
        for child in element:
            name = etree.QName(child).localname if isinstance(child.tag, str) else ""
            if name in parts:
                rows = child.iterchildren(f"{{{CDA_NS}}}tr")
                parts[name] += [self._row(row, styles, depth) for row in rows]
            elif name == "tr":
                parts["tbody"].append(self._row(child, styles, depth))
            elif name not in ("", "caption", "col", "colgroup"):
                self.remark(Remark.UNKNOWN)
                parts["tbody"].append((TableCell(self.blocks(child, styles, depth)),))
        head, body, foot = (tuple(row for row in parts[name] if row) for name in parts)
        return Table(head, body, foot, self._caption(element))

    def _row(self, row: etree._Element, styles: frozenset[Style], depth: int) -> tuple[TableCell, ...]:
        cells = []
        for cell in row.iterchildren(f"{{{CDA_NS}}}td", f"{{{CDA_NS}}}th"):
            self.budget.cells -= 1
            if self.budget.cells < 0:
                self.remark(Remark.TRUNCATED)
                break
            header = etree.QName(cell).localname == "th"
            inside = styles | _styles_of(cell, "td")
            spans = (_span(cell.get("colspan")), _span(cell.get("rowspan")))
            cells.append(TableCell(self.blocks(cell, inside, depth), header, *spans))
        return tuple(cells)

    def _link(self, element: etree._Element) -> Inline:
        label = self._words(element)
        target = element.get("href", "").strip()
        if not link_is_safe(target):
            self.remark(Remark.LINK_UNSAFE)
            return Text(label or "lien retiré")
        self.budget.characters -= len(target)
        return Link(label or target, target)

    def _caption(self, element: etree._Element) -> str:
        caption = element.find(CAPTION)
        return "" if caption is None else self._words(caption)

    def _words(self, element: etree._Element) -> str:
        """Return the text of an element that has no style of its own, within the budget."""
        return "".join(item.text for item in self._text(text_of(element), NO_STYLE)).strip()

    def _render(self, element: etree._Element) -> Iterator[Inline]:
        for identifier in element.get("referencedObject", "").split()[:20]:
            if identifier in self.known_media:
                yield MediaMark(self.known_media[identifier])
            else:
                self.remark(Remark.MEDIA_MISSING)

    def _footnote(self, element: etree._Element, depth: int) -> FootnoteMark:
        self._count += 1
        number = self._count
        if element.get("ID"):
            self._notes_by_id[element.get("ID", "")] = number
        self._footnotes.append(Footnote(number, self.blocks(element, NO_STYLE, depth)))
        return FootnoteMark(number)


def trim(line: list[Inline]) -> tuple[Inline, ...]:
    """Return inlines with neighbouring texts joined, without spaces or line breaks at both ends."""
    joined: list[Inline] = []
    for item in line:
        last = joined[-1] if joined else None
        if isinstance(item, Text) and isinstance(last, Text) and last.styles == item.styles:
            joined[-1] = Text(_SPACES.sub(" ", last.text + item.text), item.styles)
        elif not (isinstance(item, Text) and not item.text):
            joined.append(item)
    while joined and _is_blank(joined[0]):
        joined.pop(0)
    while joined and _is_blank(joined[-1]):
        joined.pop()
    if joined and isinstance(first := joined[0], Text):
        joined[0] = Text(first.text.lstrip(), first.styles)
    if joined and isinstance(last := joined[-1], Text):
        joined[-1] = Text(last.text.rstrip(), last.styles)
    return tuple(joined)


def _is_blank(item: Inline) -> bool:
    return isinstance(item, LineBreak) or (isinstance(item, Text) and not item.text.strip())


def _styles_of(element: etree._Element, name: str) -> frozenset[Style]:
    found = {STYLES[word.lower()] for word in element.get("styleCode", "").split() if word.lower() in STYLES}
    if name == "sub":
        found.add(Style.SUBSCRIPT)
    if name == "sup":
        found.add(Style.SUPERSCRIPT)
    if element.get("revised") == "delete":
        found.add(Style.STRUCK)
    return frozenset(found)


def _span(value: str | None) -> int:
    if not (value and value.isascii() and value.isdigit() and len(value) < 6):
        return 1
    return min(max(int(value), 1), MAX_SPAN)
