"""Turning typed content into PDF/A. Knows nothing of the database."""

from amarre.dui.documents.rendering.content import (
    Block,
    DocumentContent,
    Issuer,
    PrintedTraits,
    Section,
    Signature,
)
from amarre.dui.documents.rendering.pdf import render_pdf

__all__ = ["Block", "DocumentContent", "Issuer", "PrintedTraits", "Section", "Signature", "render_pdf"]
