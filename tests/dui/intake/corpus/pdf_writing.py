"""Small PDFs written by hand: what a library would refuse to write, byte by byte."""

from __future__ import annotations

import functools
import io
import zlib
from collections.abc import Callable, Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PAGE = b"BT /F 14 Tf 40 700 Td (Compte rendu) Tj ET"


def raw(objects: Mapping[int, bytes], *, root: int = 1, trailer: bytes = b"", head: bytes = HEAD) -> bytes:
    """Return a PDF holding exactly these objects, with a right cross-reference table."""
    out, places = bytearray(head), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places.get(number, 0) if number in places else b"0000000000 65535 f \n"
    out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return the body of a stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def one_page(content: bytes = PAGE, resources: bytes = b"", *, page: bytes = b"", **more: bytes) -> bytes:
    """Return a PDF of one page. `content` is a whole stream body when it begins as one; `more`: objects by
    their number, written ``o7=…``."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    body = content if content.startswith(b"<<") else stream(content)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> %s >> %s >>" % (resources, page),
        4: body,
        5: font,
    } | {int(name[1:]): value for name, value in more.items()}
    return raw(objects)


def deflated(data: bytes, times: int = 1) -> tuple[bytes, bytes]:
    """Return `data` compressed `times` times, and the filters that say so."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data, b"/Filter [%s]" % b" ".join([b"/FlateDecode"] * times)


def zeros(size: int, times: int = 1) -> tuple[bytes, bytes]:
    """Return `size` zero bytes compressed `times` times, without ever holding them."""
    again, filters = deflated(_packed_zeros(size), times - 1)
    return again, filters.replace(b"[", b"[/FlateDecode ")


@functools.cache
def _packed_zeros(size: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(1024 * 1024)
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def written(change: Callable[[Pdf], None], **options: object) -> bytes:
    """Return a sound PDF of one page, changed by `change`."""
    with Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[0]
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.obj.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
        page.obj.Contents = pdf.make_stream(PAGE)
        change(pdf)
        kept = io.BytesIO()
        pdf.save(kept, deterministic_id="encryption" not in options, **options)  # type: ignore[arg-type]
    return kept.getvalue()


def action(kind: str, **entries: object) -> Dictionary:
    """Return an action dictionary."""
    return Dictionary(Type=Name.Action, S=Name(f"/{kind}"), **entries)


def script(text: str = "app.alert('x')") -> Dictionary:
    """Return a JavaScript action."""
    return action("JavaScript", JS=String(text))


def annotation(pdf: Pdf, subtype: str, **entries: object) -> Object:
    """Put an annotation on the first page and return it."""
    made = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array([50, 50, 250, 100]), **entries)
    )
    page = pdf.pages[0].obj
    if "/Annots" not in page:
        page.Annots = Array([])
    page.Annots.append(made)
    return made


def field(pdf: Pdf, **entries: object) -> Object:
    """Put a text field, filled with « Rempli », on the first page."""
    made = annotation(pdf, "Widget", FT=Name.Tx, T=String("champ"), V=String("Rempli"), **entries)
    resources = Dictionary(
        Font=Dictionary(Helv=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([made]), DA=String("/Helv 12 Tf 0 g"), DR=resources)
    made.DA = String("/Helv 12 Tf 0 g")
    return made


def attachment(pdf: Pdf, name: str, data: bytes) -> Object:
    """Return the description of an embedded file."""
    embedded = pdf.make_stream(data, Type=Name.EmbeddedFile)
    return pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String(name), EF=Dictionary(F=embedded)))


def encrypted(user: str, owner: str) -> bytes:
    """Return a PDF encrypted with these passwords."""
    return written(lambda pdf: None, encryption=pikepdf.Encryption(owner=owner, user=user))
