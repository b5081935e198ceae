"""PDFs as ordinary programs write them, made here: what must be converted without losing a word."""

from __future__ import annotations

import io
from collections.abc import Callable

import typst
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageDraw

from tests.dui.intake.corpus import pdf_writing as w

WORDS = "Compte rendu"
_TYPST = (
    '#set document(title: "CR", date: datetime(year: 2026, month: 11, day: 20))\n'
    '#set text(lang: "fr")\n= Compte rendu\nMme Quéré, œdèmes : 61,0 kg.\n#pagebreak()\nCompte rendu, suite'
)


def by_typst(*standards: str) -> bytes:
    """Return a text of two pages by typst, its fonts inside."""
    made = typst.compile(
        _TYPST.encode(), format="pdf", pdf_standards=list(standards), ignore_system_fonts=True  # type: ignore[arg-type]
    )  # fmt: skip
    return bytes(made)


def scanned(mode: str) -> bytes:
    """Return a sheet as a scanner gives it: one picture."""
    sheet = Image.new("RGB", (827, 1169), "white")
    ImageDraw.Draw(sheet).text((100, 100), WORDS, fill="navy" if mode == "RGB" else "black", font_size=40)
    kept = io.BytesIO()
    sheet.convert(mode).save(kept, "PDF", resolution=100)
    return kept.getvalue()


def standard_font() -> bytes:
    """Return a page in Helvetica, which is not in the file: how many hospitals still write."""
    return w.one_page()


def transparent() -> bytes:
    """Return a page with a half transparent square."""
    return w.one_page(
        w.PAGE + b" /G gs 1 0 0 rg 100 300 200 200 re f",
        b"/ExtGState << /G << /Type /ExtGState /ca 0.4 >> >>",
    )


def turned(degrees: int) -> Callable[[], bytes]:
    """Return the maker of a page that is turned, and cut."""

    def change(pdf: Pdf) -> None:
        pdf.pages[0].obj.Rotate = degrees
        pdf.pages[0].obj.CropBox = Array([20, 500, 580, 830])

    return lambda: w.written(change)


def filled_form() -> bytes:
    """Return a page with a field that somebody filled."""
    return w.written(lambda pdf: w.field(pdf))


def crossed_out() -> bytes:
    """Return a page whose text is under a white drawing: what is hidden stays hidden."""
    return w.one_page(w.PAGE + b" 1 g 0 0 595 842 re f 0 g 50 50 60 60 re f")


def printed_colours() -> bytes:
    """Return a page in the four inks of a printer."""
    return w.one_page(w.PAGE + b" 0 1 1 0 k 100 300 200 200 re f")


def layered_picture() -> bytes:
    """Return a page with a picture that has a mask of transparency (a logo)."""

    def change(pdf: Pdf) -> None:
        mask = pdf.make_stream(
            bytes([0, 255, 255, 0]), Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        logo = pdf.make_stream(
            bytes(12), Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2,
            ColorSpace=Name.DeviceRGB, BitsPerComponent=8, SMask=mask,
        )  # fmt: skip
        page = pdf.pages[0].obj
        page.Resources.XObject = Dictionary(L=logo)
        page.Contents = pdf.make_stream(w.PAGE + b" q 99 0 0 99 90 90 cm /L Do Q")

    return w.written(change)


# Name → maker, and whether its words can be selected in what is kept.
ORDINARY_PDFS: dict[str, tuple[Callable[[], bytes], bool]] = {
    "typst": (by_typst, True),
    "typst-a2b": (lambda: by_typst("a-2b"), True),
    "scan-gris": (lambda: scanned("L"), False),
    "scan-noir": (lambda: scanned("1"), False),
    "scan-couleur": (lambda: scanned("RGB"), False),
    "helvetica": (standard_font, True),
    "transparence": (transparent, True),
    "quart-de-tour": (turned(90), True),
    "demi-tour": (turned(180), True),
    "trois-quarts": (turned(270), True),
    "formulaire": (filled_form, True),
    "encres": (printed_colours, True),
    "logo": (layered_picture, True),
    "cache": (crossed_out, True),
}
