"""A PDF given as the copy of an identity document."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from amarre.dui.usagers import evidence_files
from amarre.dui.usagers.evidence_errors import CopyTooManyPages
from amarre.interop.common.errors import AmarreError


def scanned(pages: int, colour: str = "#7A3B2E") -> bytes:
    """Return the PDF of a scanner: one picture on each page."""
    first, *others = [Image.new("RGB", (700, 440), colour) for _ in range(pages)]
    out = BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, resolution=150)
    return out.getvalue()


def test_each_page_becomes_a_picture_of_its_own() -> None:
    assert evidence_files.reads_pdf()
    pages = evidence_files.clean_pages([scanned(2)])
    assert len(pages) == 2
    for page in pages:
        with Image.open(BytesIO(page)) as picture:
            assert picture.format == "JPEG"
            assert max(picture.size) <= evidence_files.SIDE
            colour = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
            assert colour == pytest.approx((0x7A, 0x3B, 0x2E), abs=12)


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(CopyTooManyPages):
        evidence_files.clean_pages([scanned(evidence_files.MAX_PAGES + 3)])


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing", b"%PDF-1.7\n" + b"\x00" * 5000])
def test_a_broken_pdf_is_refused_with_words(data: bytes) -> None:
    with pytest.raises(AmarreError) as refused:
        evidence_files.clean_pages([data])
    assert refused.value.what
    assert refused.value.advice
