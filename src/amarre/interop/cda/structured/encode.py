"""StructuredBody → structuredBody: for each section its words, made from its entries, then the entries.

Source: HL7 CDA R2 (section, narrative block); CI-SIS, Modèles de contenus CDA.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import groupby

from lxml import etree

from amarre.interop.cda.structured.entries import Entry
from amarre.interop.cda.structured.model import Section, StructuredBody
from amarre.interop.cda.structured.writing import (
    Cell,
    EntryIds,
    Row,
    add_coded,
    add_entry_id,
    add_templates,
)
from amarre.interop.cda.writing import add


def append_structured_body(
    component: etree._Element, body: StructuredBody, *, document_id: str, zone: datetime.tzinfo
) -> None:
    """Append the body. Identifiers of the entries come from the document's: same document, same bytes."""
    ids = EntryIds(document_id, zone)
    node = add(component, "structuredBody")
    for number, section in enumerate(body.sections, start=1):
        _append_section(node, section, ids, f"s{number}")


def _append_section(parent: etree._Element, section: Section, ids: EntryIds, name: str) -> None:
    template = section.template
    node = add(add(parent, "component"), "section")
    add_templates(node, template.templates)
    add_entry_id(node, ids)
    add_coded(node, "code", template.code)
    add(node, "title").text = section.title or template.title
    # A section made of others has no words of its own: each part has them.
    if not template.parts:
        _fill_section(node, section, ids, name)
    for number, part in enumerate(section.sections, start=1):
        _append_section(node, part, ids, f"{name}p{number}")


def _fill_section(node: etree._Element, section: Section, ids: EntryIds, name: str) -> None:
    text = add(node, "text")
    for note in section.notes:
        add(text, "paragraph").text = note
    for entry, row in list(_append_tables(text, section.entries, ids, name)):
        entry.write(node, row, ids)


def _append_tables(
    text: etree._Element, entries: tuple[Entry, ...], ids: EntryIds, name: str
) -> Iterator[tuple[Entry, Row]]:
    """Write one table per run of entries of the same kind; yield each entry with the row that says it."""
    number = 0
    for _, run in groupby(entries, key=type):
        same = list(run)
        table = add(text, "table", border="0")
        head = add(add(table, "thead"), "tr")
        for column in same[0].columns:
            add(head, "th").text = column
        body = add(table, "tbody")
        for entry in same:
            number += 1
            yield entry, _append_row(body, entry.cells(ids), f"{name}r{number}")


def _append_row(body: etree._Element, cells: tuple[Cell, ...], name: str) -> Row:
    line = add(body, "tr")
    anchors = []
    for number, cell in enumerate(cells, start=1):
        box = add(line, "td")
        anchor = f"{name}c{number}" if cell.text else ""
        anchors.append(anchor)
        if cell.text:
            content = add(box, "content", ID=anchor)
            content.text = cell.text
        if cell.media:
            add(box, "renderMultiMedia", referencedObject=cell.media)
    return Row(tuple(anchors), next((cell.media for cell in cells if cell.media), ""))
