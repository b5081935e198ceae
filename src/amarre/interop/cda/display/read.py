"""Bytes → display tree. Nothing is executed, loaded or followed; what is not understood is kept as text.

Sources: HL7 CDA R2, narrative block (a receiver shall be able to show it); CI-SIS, Structuration minimale
V1.16.8 (a consumer displays the narrative with its own style sheet and never runs a foreign one).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from lxml import etree

from amarre.interop.cda.codes import CDA_NS
from amarre.interop.cda.decode import decode_element, extract_body, parse_document, read_code
from amarre.interop.cda.display.narrative_reader import Budget, NarrativeReader, clean
from amarre.interop.cda.display.tree import (
    Attached,
    Block,
    DisplayDocument,
    DisplaySection,
    Media,
    Paragraph,
    Remark,
    Text,
)
from amarre.interop.cda.errors import CdaWithoutBody, MediaUnreadable
from amarre.interop.cda.reading import select, text_of

MAX_SECTION_DEPTH = 12


@dataclass(frozen=True, slots=True)
class DisplayLimits:
    """How much is shown: beyond, the display stops and says so (the document itself is kept whole)."""

    characters: int = 2_000_000
    cells: int = 60_000
    blocks: int = 60_000
    depth: int = 30


def display(data: bytes, limits: DisplayLimits | None = None) -> DisplayDocument:
    """Read a received document, structured or not, into a display tree.

    Raises XmlError for what is not acceptable XML, NotClinicalDocument for another kind of document,
    CdaWithoutBody when there is nothing to show.
    """
    root = parse_document(data)
    bounds = limits or DisplayLimits()
    reader = NarrativeReader(Budget(bounds.characters, bounds.cells, bounds.blocks, bounds.depth))
    media = _media(root, reader)
    attached = _attached(root, data, reader)
    sections = tuple(
        _section(element, reader, 1)
        for element in select(root, "h:component/h:structuredBody/h:component/h:section")
    )
    if attached is None and not sections:
        raise CdaWithoutBody()
    if root.getparent() is not None:
        reader.remark(Remark.STYLE_SHEET)
    return DisplayDocument(decode_element(root), sections, attached, media, reader.remarks)


def extract_media(data: bytes, identifier: str) -> tuple[str, bytes]:
    """Return (media type, bytes) of a file inside a structured document.

    Raises MediaUnreadable when it is absent, outside the document or not base64, XmlError,
    NotClinicalDocument.
    """
    for element in _media_elements(parse_document(data)):
        if element.get("ID") == identifier:
            value = next(iter(select(element, "h:value")), None)
            content = None if value is None else _bytes(value)
            if value is None or not content:
                break
            return value.get("mediaType", ""), content
    raise MediaUnreadable()


def _section(element: etree._Element, reader: NarrativeReader, depth: int) -> DisplaySection:
    title = next((clean(text_of(item)) for item in select(element, "h:title")), "")
    code = read_code(next(iter(select(element, "h:code")), None))
    blocks: tuple[Block, ...] = ()
    reader.start_section()
    for text in select(element, "h:text"):
        blocks += reader.blocks(text)
    footnotes = reader.footnotes
    parts: tuple[DisplaySection, ...] = ()
    children = select(element, "h:component/h:section")
    if children and depth >= MAX_SECTION_DEPTH:
        reader.remark(Remark.TRUNCATED)
    elif children:
        parts = tuple(_section(child, reader, depth + 1) for child in children)
    elif not blocks and select(element, "h:entry"):
        reader.remark(Remark.NO_TEXT)
    return DisplaySection(title or code.display, code, blocks, footnotes, parts)


def _attached(root: etree._Element, data: bytes, reader: NarrativeReader) -> Attached | None:
    text = next(iter(select(root, "h:component/h:nonXMLBody/h:text")), None)
    if text is None:
        return None
    if select(text, "h:reference"):
        reader.remark(Remark.MEDIA_OUTSIDE)
        return Attached(text.get("mediaType", ""), 0)
    kind = text.get("mediaType", "")
    content = extract_body(data)
    lines = content.decode("utf-8", "replace").splitlines() if kind == "text/plain" else []
    blocks = tuple(Paragraph((Text(clean(line)),)) for line in lines[: reader.budget.blocks] if line.strip())
    return Attached(kind, len(content), blocks)


def _media(root: etree._Element, reader: NarrativeReader) -> tuple[Media, ...]:
    """Return the files inside the document; tell the reader which identifiers show which."""
    found = []
    for element in _media_elements(root):
        value = next(iter(select(element, "h:value")), None)
        if value is None or select(value, "h:reference"):
            reader.remark(Remark.MEDIA_OUTSIDE)
            continue
        size = len("".join((value.text or "").split())) * 3 // 4
        found.append(Media(element.get("ID", ""), value.get("mediaType", ""), size))
        reader.known_media[element.get("ID", "")] = element.get("ID", "")
        # A region of interest is shown by the whole image it is drawn on.
        for region in element.iterancestors(f"{{{CDA_NS}}}regionOfInterest"):
            reader.known_media[region.get("ID", "")] = element.get("ID", "")
    return tuple(found)


def _media_elements(root: etree._Element) -> list[etree._Element]:
    return select(root, "h:component/h:structuredBody//h:observationMedia")


def _bytes(value: etree._Element) -> bytes | None:
    try:
        return base64.b64decode("".join((value.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return None
