"""The colour profile of our own documents, for those that come from elsewhere: one sRGB everywhere."""

from __future__ import annotations

import functools
import io

import pikepdf
import typst

_PAGE = (
    b'#set document(title: "-", date: datetime(year: 2026, month: 1, day: 1))\n'
    b"#set page(width: 1pt, height: 1pt)\n"
)


@functools.cache
def srgb_profile() -> bytes:
    """Return the ICC profile (version 2, as PDF/A-1 asks) that typst puts in a PDF/A-1."""
    made = typst.compile(_PAGE, format="pdf", pdf_standards=["a-1b"], ignore_system_fonts=True)
    with pikepdf.open(io.BytesIO(bytes(made))) as pdf:
        return bytes(pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes())
