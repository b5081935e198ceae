"""The reader: what a received document says, all of it, and nothing that acts."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from amarre.interop import cda
from amarre.interop.cda.display import (
    Block,
    DisplayDocument,
    DisplayLimits,
    DisplaySection,
    FootnoteMark,
    LineBreak,
    Link,
    ListBlock,
    MediaMark,
    Paragraph,
    Remark,
    Style,
    Table,
    Text,
    display,
    extract_media,
    render_text,
)
from amarre.interop.common.errors import AmarreError
from amarre.interop.common.xml import XmlForbidden
from tests.interop.cda.documents import PDF, document
from tests.interop.cda.structured_documents import FILE, FULL, structured

V3 = "urn:hl7-org:v3"


def received(narrative: str, *, entries: str = "", title: str = "Titre") -> bytes:
    """A minimal received document around one section's words."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="{V3}"><component><structuredBody>'
        f'<component><section><code code="X" displayName="Libellé"/><title>{title}</title>'
        f"<text>{narrative}</text>{entries}</section></component></structuredBody></component>"
        "</ClinicalDocument>"
    ).encode()


def blocks(narrative: str) -> tuple[Block, ...]:
    return display(received(narrative)).sections[0].blocks


def texts(document: DisplayDocument) -> str:
    return " ".join(render_text(document).split())


def test_what_we_write_is_shown() -> None:
    shown = display(cda.encode(structured(FULL["DLU"])))
    assert [section.title for section in shown.sections][:2] == [
        "Établissement de santé de préférence",
        "Pathologies en cours",
    ]
    assert shown.remarks == ()
    table = shown.sections[1].blocks[0]
    assert isinstance(table, Table)
    assert len(table.body) == 2
    assert "PARACETAMOL 500 mg" in texts(shown)
    assert [media.media_type for media in shown.media] == ["application/pdf"]
    data = cda.encode(structured(FULL["DLU"]))
    assert extract_media(data, shown.media[0].identifier) == ("application/pdf", FILE)


def test_sections_inside_sections_are_shown_inside() -> None:
    shown = display(cda.encode(structured(FULL["VSM"])))
    inner = shown.sections[0].sections[0].sections
    assert [section.title for section in inner][:2] == ["Pathologies en cours", "Antécédents médicaux"]
    assert shown.sections[0].blocks == ()
    assert shown.remarks == ()


def test_a_file_is_named_never_opened() -> None:
    shown = display(cda.encode(document()))
    assert shown.attached is not None
    assert (shown.attached.media_type, shown.attached.size) == ("application/pdf", len(PDF))
    assert shown.sections == ()
    assert "[Fichier application/pdf" in render_text(shown)


def test_plain_text_body_is_shown() -> None:
    note = cda.UnstructuredBody("Bonjour\n\nà tous".encode(), "text/plain")
    shown = display(cda.encode(document(body=note)))
    assert shown.attached is not None
    assert shown.attached.blocks == (Paragraph((Text("Bonjour"),)), Paragraph((Text("à tous"),)))


def test_paragraphs_lists_tables_styles() -> None:
    found = blocks(
        "Avant<br/>encore <content styleCode='Bold Italics xRed'>fort</content> H<sub>2</sub>O"
        "<paragraph><caption>Titre</caption>suite</paragraph>"
        "<list listType='ordered'><item>un</item><item>deux<list><item>trois</item></list></item></list>"
        "<table><caption>T</caption><thead><tr><th>A</th></tr></thead>"
        "<tbody><tr><td colspan='2' rowspan='9999999'>b<br/>c</td></tr></tbody></table> après "
    )
    first, titled, items, table, last = found
    assert isinstance(first, Paragraph)
    assert first.inlines == (
        Text("Avant"),
        LineBreak(),
        Text("encore "),
        Text("fort", frozenset({Style.BOLD, Style.ITALIC})),
        Text(" H"),
        Text("2", frozenset({Style.SUBSCRIPT})),
        Text("O"),
    )
    assert titled == Paragraph((Text("suite"),), "Titre")
    assert isinstance(items, ListBlock)
    assert items.ordered
    assert isinstance(items.items[1][1], ListBlock)
    assert isinstance(table, Table)
    assert (table.caption, len(table.head), len(table.body)) == ("T", 1, 1)
    assert (table.body[0][0].colspan, table.body[0][0].rowspan) == (2, 1)
    assert last == Paragraph((Text("après"),))


def test_footnotes_links_and_media() -> None:
    entries = (
        "<entry><observationMedia ID='m1'><value mediaType='image/png' representation='B64'>AAAA</value>"
        "</observationMedia></entry>"
        "<entry><regionOfInterest ID='roi'><entryRelationship><observationMedia ID='m2'>"
        "<value mediaType='image/png'>AAAA</value></observationMedia></entryRelationship></regionOfInterest>"
        "</entry>"
    )
    words = (
        "a<footnote ID='n1'>note</footnote> b<footnoteRef IDREF='n1'/> <linkHtml href='https://x.example/'>"
        "page</linkHtml><renderMultiMedia referencedObject='m1 roi absent'/>"
    )
    shown = display(received(words, entries=entries))
    line = shown.sections[0].blocks[0]
    assert isinstance(line, Paragraph)
    assert [item for item in line.inlines if isinstance(item, FootnoteMark)] == [FootnoteMark(1)] * 2
    assert Link("page", "https://x.example/") in line.inlines
    assert [item for item in line.inlines if isinstance(item, MediaMark)] == [
        MediaMark("m1"),
        MediaMark("m2"),
    ]
    assert [note.number for note in shown.sections[0].footnotes] == [1]
    assert shown.remarks == (Remark.MEDIA_MISSING,)
    assert "(1) note" in render_text(shown)


HOSTILE = [
    ("<script>alert(1)</script>", Remark.ACTIVE, "alert(1)"),
    ("<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>", Remark.ACTIVE, "alert(1)"),
    ("<style>p{display:none}</style>", Remark.ACTIVE, "p{display:none}"),
    ("<x:iframe xmlns:x='http://www.w3.org/1999/xhtml' src='http://x.example'/>", Remark.ACTIVE, ""),
    ("<img src='http://x.example/a.png' onerror='x()'/>", Remark.UNKNOWN, ""),
    ("<marquee>texte</marquee>", Remark.UNKNOWN, "texte"),
    ("<x:table xmlns:x='urn:other'><x:tr><x:td>cellule</x:td></x:tr></x:table>", Remark.UNKNOWN, "cellule"),
    ("<linkHtml href='javascript:alert(1)'>ici</linkHtml>", Remark.LINK_UNSAFE, "ici"),
    ("<linkHtml href='JaVa&#10;ScRiPt:alert(1)'>ici</linkHtml>", Remark.LINK_UNSAFE, "ici"),
    ("<linkHtml href='data:text/html,x'>ici</linkHtml>", Remark.LINK_UNSAFE, "ici"),
    ("<linkHtml href='file:///etc/passwd'>ici</linkHtml>", Remark.LINK_UNSAFE, "ici"),
    ("<content>dose 1\u202e05\u202c mg</content>", Remark.HIDDEN_CHARACTERS, "dose 105 mg"),
    ("<renderMultiMedia referencedObject='absent'/>", Remark.MEDIA_MISSING, ""),
]


@pytest.mark.parametrize(("narrative", "remark", "kept"), HOSTILE)
def test_hostile_narrative_is_text_and_said(narrative: str, remark: Remark, kept: str) -> None:
    shown = display(received(f"avant {narrative} après"))
    assert remark in shown.remarks
    said = texts(shown)
    assert "avant" in said
    assert "après" in said
    assert kept in said
    assert "x.example" not in said.replace(kept, "")


def test_style_sheets_and_outside_files_are_not_used() -> None:
    alone = etree.tostring(etree.fromstring(received("texte")), encoding="unicode")
    wrapped = (
        "<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform' version='1.0'>"
        "<xsl:include href='http://x.example/a.xsl'/><xsl:template match='/'><b/></xsl:template>"
        f"<d:Contenu xmlns:d='urn:asip-sante:ci-sis'>{alone}</d:Contenu></xsl:stylesheet>"
    )
    shown = display(wrapped.encode())
    assert shown.remarks == (Remark.STYLE_SHEET,)
    assert shown.sections[0].blocks == (Paragraph((Text("texte"),)),)
    outside = (
        "<entry><observationMedia ID='m'><value mediaType='image/png'><reference value='http://x.example'/>"
        "</value></observationMedia></entry>"
    )
    shown = display(received("t", entries=outside))
    assert shown.media == ()
    assert shown.remarks == (Remark.MEDIA_OUTSIDE,)
    with pytest.raises(cda.MediaUnreadable):
        extract_media(received("t", entries=outside), "m")


def test_external_entities_are_refused() -> None:
    with pytest.raises(XmlForbidden):
        display(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + received("&x;"))


def test_deep_nesting_stays_within_limits() -> None:
    deep = "<content>" * 80 + "au fond" + "</content>" * 80
    shown = display(received(deep))
    assert shown.remarks == (Remark.TOO_DEEP,)
    assert "au fond" in texts(shown)
    tables = "<table><tr><td>" * 33 + "au fond" + "</td></tr></table>" * 33
    assert "au fond" in texts(display(received(tables)))
    with pytest.raises(XmlForbidden):
        display(received("<content>" * 200 + "</content>" * 200))
    sections = "<component><section><title>t</title><text>x</text>" * 20 + "</section></component>" * 20
    assert Remark.TRUNCATED in display(received("", entries=sections)).remarks


def test_huge_tables_are_cut_quickly_and_said() -> None:
    rows = "<tr>" + "<td>x</td>" * 99 + "</tr>"
    started = time.perf_counter()
    shown = display(received(f"<table>{rows * 1500}</table>"))
    assert time.perf_counter() - started < 10
    assert Remark.TRUNCATED in shown.remarks
    table = shown.sections[0].blocks[0]
    assert isinstance(table, Table)
    assert sum(len(row) for row in table.body) <= DisplayLimits().cells
    with pytest.raises(XmlForbidden):
        display(received(f"<table>{rows * 2500}</table>"))


def test_limits_of_the_caller() -> None:
    small = DisplayLimits(characters=10, cells=1, blocks=2, depth=2)
    words = "<paragraph>123456</paragraph><paragraph>7890abcd</paragraph><table><tr><td/><td/></tr></table>"
    shown = display(received(words), small)
    assert Remark.TRUNCATED in shown.remarks
    assert "abcd" not in texts(shown)


def test_nothing_to_show_is_refused() -> None:
    empty = f"<ClinicalDocument xmlns='{V3}'><component><structuredBody/></component></ClinicalDocument>"
    with pytest.raises(cda.CdaWithoutBody):
        display(empty.encode())
    with pytest.raises(cda.NotClinicalDocument):
        display(b"<html/>")
    broken = cda.encode(document()).replace(base64.b64encode(PDF), b"***")
    with pytest.raises(cda.CdaWithoutBody):
        display(broken)


def test_coded_data_without_words_is_said() -> None:
    shown = display(received("", entries="<entry><observation/></entry>"))
    assert shown.remarks == (Remark.NO_TEXT,)


def test_words_are_not_in_representations() -> None:
    assert "secret" not in repr(display(received("secret")))


def walk(sections: tuple[DisplaySection, ...]) -> Iterator[DisplaySection]:
    for section in sections:
        yield section
        yield from walk(section.sections)


@pytest.mark.needs("official")
def test_the_official_samples_are_shown_word_for_word_or_refused_with_a_reason() -> None:
    folder = Path(os.environ["AMARRE_OFFICIAL"]) / "cda" / "ExemplesCDA"
    seen, refused = 0, []
    for path in sorted(folder.glob("*.xml")):
        data = path.read_bytes()
        seen += 1
        try:
            shown = display(data)
        except AmarreError as error:
            refused.append((path.name, error.explanation().advice))
            continue
        wanted = {
            word
            for text in etree.fromstring(data, etree.XMLParser(huge_tree=True)).iter(f"{{{V3}}}text")
            if text.getparent().tag == f"{{{V3}}}section"
            for run in text.xpath(".//text()")
            for word in run.split()
        }
        said = "".join(render_text(shown).split())
        assert {word for word in wanted if word not in said} == set(), path.name
        assert shown.attached or list(walk(shown.sections))
    assert seen >= 90
    assert all(reason for _, reason in refused)
