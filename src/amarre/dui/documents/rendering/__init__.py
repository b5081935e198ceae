"""Turning typed content into PDF/A. Knows neither the database nor Django."""

from amarre.dui.documents.rendering.content import (
    Block,
    DocumentContent,
    Issuer,
    Layout,
    Picture,
    PrintedTraits,
    Section,
    Signature,
    Table,
)
from amarre.dui.documents.rendering.pdf import render_pdf
from amarre.dui.documents.rendering.screen import page_count, screen_page

__all__ = [
    "Block",
    "DocumentContent",
    "Issuer",
    "Layout",
    "Picture",
    "PrintedTraits",
    "Section",
    "Signature",
    "Table",
    "page_count",
    "render_pdf",
    "screen_page",
]
