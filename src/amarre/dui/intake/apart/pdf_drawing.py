"""Pages drawn by PDFium: as a picture with its words over it, or as a preview for the screen."""

from __future__ import annotations

import io
import math
import zlib

import pypdfium2 as pdfium
from pikepdf import Dictionary, Name, Object, Page, Pdf
from PIL import Image, ImageChops

from amarre.dui.intake.apart.limits import JPEG_QUALITY, MAX_RASTER_PIXELS, RASTER_DPI
from amarre.dui.intake.apart.pdf_text import text_operators
from amarre.dui.intake.apart.pdf_words import words_of

_POINTS_PER_INCH = 72
_WHITE = (255, 255, 255, 255)
_GREY_LEVELS = 16
# Coarse comparison: dots per inch, grey levels that are seen, share of the dots that may differ.
_COARSE_DPI = 40
_VISIBLE_DIFFERENCE = 48
_MOST_DIFFERING = 0.0005


def open_drawing(data: bytes) -> pdfium.PdfDocument:
    """Open a PDF to draw its pages, filled forms included. Raises pdfium.PdfiumError."""
    document = pdfium.PdfDocument(data)
    document.init_forms()
    return document


def with_fields_drawn(data: bytes) -> bytes:
    """Return the PDF with what was written in its fields drawn in its pages."""
    kept = io.BytesIO()
    with open_drawing(data) as document:
        for page in document:
            page.flatten()
        document.save(kept)
    return kept.getvalue()


def draw(page: pdfium.PdfPage, dpi: float = RASTER_DPI) -> Image.Image:
    """Return the page as a picture on white; a page that would be too large is drawn less finely."""
    width, height = (max(side, 1.0) for side in page.get_size())
    scale = dpi / _POINTS_PER_INCH
    scale = min(scale, math.sqrt(MAX_RASTER_PIXELS / (width * height)))
    picture = page.render(scale=scale, fill_color=_WHITE).to_pil()
    return picture.convert("RGB")


def looks_alike(one: pdfium.PdfPage, other: pdfium.PdfPage) -> bool:
    """Say whether two pages look the same, drawn coarsely: a mended page must be the page that was sent."""
    first, second = (draw(page, _COARSE_DPI).convert("L") for page in (one, other))
    if first.size != second.size:
        return False
    differing = ImageChops.difference(first, second).histogram()[_VISIBLE_DIFFERENCE:]
    return sum(differing) <= _MOST_DIFFERING * first.width * first.height


def is_blank(page: pdfium.PdfPage) -> bool:
    """Say whether nothing is seen on the page."""
    darkest, _ = draw(page, _COARSE_DPI).convert("L").getextrema()
    return bool(darkest == 255)


def add_drawn_page(pdf: Pdf, page: pdfium.PdfPage, font: Object, dpi: float = RASTER_DPI) -> Page:
    """Add to `pdf` a page that shows `page` as a picture, its words over it in `font`."""
    width, height = page.get_size()
    words = text_operators(words_of(page))
    return add_picture_page(pdf, draw(page, dpi), (width, height), (0, 0, width, height), font, words)


def add_picture_page(
    pdf: Pdf,
    picture: Image.Image,
    size: tuple[float, float],
    place: tuple[float, float, float, float],
    font: Object | None = None,
    words: bytes = b"",
) -> Page:
    """Add a page of `size` points with `picture` at `place` (left, bottom, width, height)."""
    left, bottom, width, height = place
    shown = pdf.add_blank_page(page_size=size)
    resources = Dictionary(XObject=Dictionary(I=_image(pdf, picture)))
    if font is not None and words:
        resources.Font = Dictionary(T=font)
    shown.obj.Resources = resources
    placed = f"q {width:.3f} 0 0 {height:.3f} {left:.3f} {bottom:.3f} cm /I Do Q\n".encode()
    shown.obj.Contents = pdf.make_stream(placed + words)
    return shown


def preview(page: pdfium.PdfPage, width: int) -> bytes:
    """Return the page as a PNG of `width` pixels, to be read on a screen."""
    points = max(page.get_size()[0], 1.0)
    picture = draw(page, min(width / points * _POINTS_PER_INCH, RASTER_DPI))
    kept = io.BytesIO()
    (_grey(picture) or picture).save(kept, "PNG")
    return kept.getvalue()


def _image(pdf: Pdf, picture: Image.Image) -> Object:
    grey = _grey(picture)
    encoded = io.BytesIO()
    (grey or picture).save(encoded, "JPEG", quality=JPEG_QUALITY)
    jpeg = encoded.getvalue()
    common = {
        "Type": Name.XObject, "Subtype": Name.Image, "Width": picture.width, "Height": picture.height
    }  # fmt: skip
    if grey is not None:
        # Typed text in sixteen greys weighs less than as a photograph, and stays sharp.
        packed = zlib.compress(_four_bits(grey), 9)
        if len(packed) < len(jpeg):
            return pdf.make_stream(
                packed, **common, ColorSpace=Name.DeviceGray, BitsPerComponent=4, Filter=Name.FlateDecode
            )
    colours = Name.DeviceRGB if grey is None else Name.DeviceGray
    return pdf.make_stream(jpeg, **common, ColorSpace=colours, BitsPerComponent=8, Filter=Name.DCTDecode)


def _grey(picture: Image.Image) -> Image.Image | None:
    """Return the picture in grey when it holds no colour to speak of, else None."""
    red, green, blue = picture.split()
    for one, other in ((red, green), (green, blue)):
        if any(ImageChops.difference(one, other).histogram()[_GREY_LEVELS:]):
            return None
    return picture.convert("L")


def _four_bits(grey: Image.Image) -> bytes:
    """Return the samples on four bits, each line ending on a whole byte."""
    levels = grey.point([round(value * 15 / 255) for value in range(256)])
    width, height = levels.size
    if width % 2:
        wider = Image.new("L", (width + 1, height))
        wider.paste(levels)
        levels = wider
    samples = levels.tobytes()
    high, low = samples[0::2], samples[1::2]
    shifted = bytes(value << 4 for value in range(16)) + bytes(240)
    joined = int.from_bytes(high.translate(shifted), "big") | int.from_bytes(low, "big")
    return joined.to_bytes(len(high), "big")
