"""The vocabulary of the narrative block: what a section's text may be made of.

Source: HL7 CDA R2, NarrativeBlock.xsd (StrucDoc).
"""

from __future__ import annotations

import re
from typing import Final

ELEMENTS: Final = frozenset(
    {
        "br",
        "caption",
        "col",
        "colgroup",
        "content",
        "footnote",
        "footnoteRef",
        "item",
        "linkHtml",
        "list",
        "paragraph",
        "renderMultiMedia",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
    }
)

ATTRIBUTES: Final = frozenset(
    {
        "ID",
        "IDREF",
        "abbr",
        "align",
        "axis",
        "border",
        "cellpadding",
        "cellspacing",
        "char",
        "charoff",
        "colspan",
        "frame",
        "headers",
        "href",
        "language",
        "listType",
        "name",
        "referencedObject",
        "rel",
        "rev",
        "revised",
        "rowspan",
        "rules",
        "scope",
        "span",
        "styleCode",
        "summary",
        "title",
        "valign",
        "width",
        "{http://www.w3.org/XML/1998/namespace}lang",
    }
)

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_SAFE_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel", "ftp"})


def link_is_safe(target: str) -> bool:
    """Tell whether a link merely leads somewhere: an ordinary scheme, or a place in the document or beside.

    Control characters are refused: browsers drop them, and ``java\\nscript:`` becomes a scheme again.
    """
    if any(character.isspace() or not character.isprintable() for character in target):
        return False
    scheme = _SCHEME.match(target)
    return scheme is None or scheme[0].lower() in _SAFE_SCHEMES
