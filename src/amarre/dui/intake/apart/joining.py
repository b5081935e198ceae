"""Put a cover before a document, and the identity above each of its pages: their content is not touched.

A page is carried whole, as one drawing, by a new page that is a little taller: the band stands in what was
added, so that it covers nothing.
"""

from __future__ import annotations

import io

from pikepdf import Array, Dictionary, Name, Pdf, Rectangle

from amarre.dui.intake.apart.pdf_assembly import PAGE_KEYS, is_pdf_a, write
from amarre.dui.intake.apart.verdicts import Reason, Refused


def join(cover: bytes, band: bytes, body: bytes, title: str) -> bytes:
    """Return the PDF/A-1b: `cover`, then the pages of `body`, each under `band` (one page, its height).

    `cover` and `band` are PDF/A-1 of ours, with the colour profile. Raises Refused when the whole is not one.
    """
    whole = Pdf.open(io.BytesIO(cover))
    with Pdf.open(io.BytesIO(band)) as strip, Pdf.open(io.BytesIO(body)) as pages:
        strip_form = whole.copy_foreign(strip.pages[0].as_form_xobject())
        strip_width, strip_height = _size(strip.pages[0].mediabox)
        for page in pages.pages:
            for key in list(page.obj.keys()):
                if key not in PAGE_KEYS:
                    del page.obj[key]
            width, height = _size(page.cropbox)
            if int(page.obj.get("/Rotate", 0)) % 180:
                width, height = height, width
            unit = float(page.obj.get("/UserUnit", 1))
            width, height = width * unit, height * unit
            scale = width / strip_width
            added = whole.add_blank_page(page_size=(width, height + strip_height * scale))
            form = whole.copy_foreign(page.as_form_xobject())
            if "/Group" in form:
                del form["/Group"]
            added.obj.Resources = Dictionary(XObject=Dictionary(P=form, B=strip_form))
            placed = added.calc_form_xobject_placement(
                form,
                Name.P,
                Rectangle(0, 0, width, height),
                invert_transformations=True,
                allow_shrink=True,
                allow_expand=True,
            )
            banded = f"q {scale:.5f} 0 0 {scale:.5f} 0 {height:.3f} cm /B Do Q\n".encode()
            added.obj.Contents = whole.make_stream(placed + b"\n" + banded)
    # The tags of the cover describe the cover alone: the whole is of level B.
    for key in ("/StructTreeRoot", "/MarkInfo", "/Outlines", "/Names", "/PageLabels"):
        if key in whole.Root:
            del whole.Root[key]
    made = write(whole, title)
    if not is_pdf_a(made):
        raise Refused(Reason.NOT_CONVERTIBLE)
    return made


def _size(box: Array) -> tuple[float, float]:
    left, bottom, right, top = (float(side) for side in box)
    return abs(right - left), abs(top - bottom)
