"""StructuredBody → structuredBody: for each section its words, made from its entries, then the entries.

Source: HL7 CDA R2 (section, narrative block); CI-SIS, Modèles de contenus CDA.
"""

from __future__ import annotations

import datetime

from lxml import etree

from amarre.interop.cda.structured.entries import Panel
from amarre.interop.cda.structured.model import Section, StructuredBody
from amarre.interop.cda.structured.words import WordsTable, tables_of
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
    """Write all the words of a section, then all its entries, as the schema orders them."""
    text = add(node, "text")
    for note in section.notes:
        add(text, "paragraph").text = note
    first = 1
    written: list[tuple[WordsTable, list[Row]]] = []
    for table in tables_of(section, ids):
        written.append((table, _append_table(text, table, name, first)))
        first += len(table.rows)
    for table, rows in written:
        _append_entries(node, table, rows, ids)


def _append_entries(node: etree._Element, table: WordsTable, rows: list[Row], ids: EntryIds) -> None:
    if isinstance(table.source, Panel):
        table.source.write_all(node, rows, ids)
        return
    for entry, row in zip(table.source, rows, strict=True):
        entry.write(node, row, ids)


def _append_table(text: etree._Element, table: WordsTable, name: str, first: int) -> list[Row]:
    """Write one table; return the row of each statement, numbered from `first` in the section."""
    box = add(text, "table", border="0")
    if table.caption:
        add(box, "caption").text = table.caption
    head = add(add(box, "thead"), "tr")
    for column in table.shown:
        add(head, "th").text = table.columns[column]
    body = add(box, "tbody")
    return [
        _append_row(body, cells, table.shown, f"{name}r{number}")
        for number, cells in enumerate(table.rows, start=first)
    ]


def _append_row(body: etree._Element, cells: tuple[Cell, ...], shown: tuple[int, ...], name: str) -> Row:
    line = add(body, "tr")
    anchors = [""] * len(cells)
    for number in shown:
        cell = cells[number]
        box = add(line, "td")
        if cell.text:
            anchors[number] = f"{name}c{number + 1}"
            add(box, "content", ID=anchors[number]).text = cell.text
        if cell.media:
            add(box, "renderMultiMedia", referencedObject=cell.media)
    return Row(tuple(anchors), next((cell.media for cell in cells if cell.media), ""))
