"""What the templates of a received CDA ask of its display tree."""

from __future__ import annotations

from django import template

from amarre.dui.intake.cda_page import CdaPage
from amarre.interop.cda.display import Block, Inline, Style, Text

register = template.Library()

_STYLES = {
    Style.BOLD: "am-cda__gras",
    Style.ITALIC: "am-cda__italique",
    Style.UNDERLINE: "am-cda__souligne",
    Style.STRUCK: "am-cda__barre",
    Style.SUPERSCRIPT: "am-cda__haut",
    Style.SUBSCRIPT: "am-cda__bas",
}


@register.filter
def cda_kind(part: Block | Inline) -> str:
    """Return the kind of a part of the tree: « Paragraph », « Table », « Text »…"""
    return type(part).__name__


@register.filter
def cda_styles(run: Text) -> str:
    """Return the classes of a run of text, in a fixed order."""
    return " ".join(name for style, name in _STYLES.items() if style in run.styles)


@register.filter
def cda_picture(page: CdaPage, identifier: str) -> str:
    """Return the address of a picture of the document, "" when it is not shown."""
    return page.pictures.get(identifier, "")
