"""One page of a PDF of ours as a picture, to read on a screen. Foreign PDFs are drawn elsewhere, in a process
of their own."""

from __future__ import annotations

import io
import threading

import pypdfium2
from PIL import Image

# 910 × 1287 points for a page: enough to read, some 50 KB.
SCALE = 110 / 72
COLOURS = 48
# Where the colours are counted: light greys count there as much as they do on the page.
SMALL = (300, 424)
# pdfium is not made for several threads at a time.
_drawing = threading.Lock()


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF of ours has."""
    with _drawing:
        opened = pypdfium2.PdfDocument(pdf)
        try:
            return len(opened)
        finally:
            opened.close()


def screen_page(pdf: bytes, number: int) -> bytes | None:
    """Return page `number` (from 1) of a PDF of ours as a PNG, None when there is no such page."""
    with _drawing:
        opened = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= number <= len(opened):
                return None
            drawn = opened[number - 1].render(scale=SCALE).to_pil()
        finally:
            opened.close()
    kept = io.BytesIO()
    # A third of the weight, for what is black on white with a few colours.
    colours = drawn.resize(SMALL).quantize(COLOURS)
    drawn.quantize(palette=colours, dither=Image.Dither.NONE).save(kept, "PNG")
    return kept.getvalue()
