"""A PDF given as the copy of an identity document: its pages as pictures, drawn by the process apart."""

from __future__ import annotations

from amarre.dui.intake.reader import convert, draw_page
from amarre.dui.usagers.evidence_files import MAX_PAGES, SIDE


def pages_of(data: bytes) -> list[bytes]:
    """Return each page as a PNG, one more at most than a copy may have. Raises as `reader.convert`."""
    converted = convert([data])
    return [draw_page(converted.pdf, number, SIDE) for number in range(min(converted.pages, MAX_PAGES + 1))]
