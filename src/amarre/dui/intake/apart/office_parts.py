"""The XML parts of a text of an office, without what fetches, includes or runs something else.

Each part goes through the one hardened parser: a DOCTYPE is refused. What is not changed is given back as it
was, byte for byte. Sources: ECMA-376 (relationships, fields), OpenDocument 1.3 (xlink, scripts, DDE).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from amarre.interop.common.xml import parse_foreign

MAX_ELEMENTS = 400_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_HYPERLINK = "/hyperlink"
_CHUNKS = ("/aFChunk", "/oleObject", "/control", "/attachedTemplate", "/subDocument", "/frame", "/vbaProject")
# Fields of Word that bring in another file, a database or a program.
_FETCHING = re.compile(
    r"\b(INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DDE|DDEAUTO|DATABASE|MACROBUTTON|RD|EMBED)\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|/|\\|\.\./)")
# Links a person follows, or not: nothing is fetched for them.
_FOLLOWED = frozenset({"a", "bibliography-mark"})
_RUNS = frozenset(
    {
        "scripts", "script", "event-listeners", "event-listener", "applet", "plugin", "floating-frame",
        "section-source", "dde-source", "dde-connection-decls", "dde-connection-decl", "dde-connection",
        "auto-reload", "template", "connection-resource", "database-source", "object-ole",
    }
)  # fmt: skip
_INSTRUCTION = f"{_W}instr"
_VML_HREFS = ("{urn:schemas-microsoft-com:office:office}href", "href", "src")


def cleaned_docx_part(name: str, content: bytes) -> bytes:
    """Return a part of a DOCX without what leads outside. Raises XmlError."""
    root = parse_foreign(content, max_elements=MAX_ELEMENTS)
    changed = _clean_relationships(root) if name.lower().endswith(".rels") else _clean_fields(root)
    return _written(root) if changed else content


def cleaned_odt_part(name: str, content: bytes) -> bytes:
    """Return a part of an ODT without what leads outside or runs. Raises XmlError."""
    root = parse_foreign(content, max_elements=MAX_ELEMENTS)
    changed = False
    for element in list(root.iter(etree.Element)):
        kind = etree.QName(element).localname
        parent = element.getparent()
        if kind in _RUNS and parent is not None:
            # An empty list of scripts is written by every program: not worth a word.
            changed = changed or len(element) > 0 or kind != "scripts"
            parent.remove(element)
        elif kind not in _FOLLOWED and _OUTSIDE.match(element.get(_XLINK_HREF, "")):
            del element.attrib[_XLINK_HREF]
            changed = True
    return _written(root) if changed else content


def _clean_relationships(root: etree._Element) -> bool:
    changed = False
    for relationship in list(root):
        kind = relationship.get("Type", "")
        outside = relationship.get("TargetMode", "").lower() == "external" and not kind.endswith(_HYPERLINK)
        if outside or kind.endswith(_CHUNKS):
            root.remove(relationship)
            changed = True
    return changed


def _clean_fields(root: etree._Element) -> bool:
    changed = False
    for element in root.iter(f"{_W}fldSimple"):
        if _FETCHING.search(element.get(_INSTRUCTION, "")):
            element.set(_INSTRUCTION, "")
            changed = True
    for instruction in _instructions(root):
        # A name may be cut in pieces: what counts is what Word reads.
        if _FETCHING.search("".join(element.text or "" for element in instruction)):
            changed = True
            for element in instruction:
                element.text = ""
    for element in root.iter("{urn:schemas-microsoft-com:vml}*"):
        for attribute in _VML_HREFS:
            if _OUTSIDE.match(element.get(attribute, "")):
                del element.attrib[attribute]
                changed = True
    return changed


def _instructions(root: etree._Element) -> Iterator[list[etree._Element]]:
    """Yield the pieces of the instruction of each field, those of the fields inside it included."""
    open_fields: list[list[etree._Element]] = []
    alone: list[etree._Element] = []
    for element in root.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}delInstrText"):
        kind = element.get(f"{_W}fldCharType")
        if kind == "begin":
            open_fields.append([])
        elif kind is None:
            for pieces in open_fields or [alone]:
                pieces.append(element)
        elif kind == "end" and open_fields:
            yield open_fields.pop()
    yield from open_fields
    yield alone


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
