"""Foreign pages → pages a PDF/A-1 may hold: words and lines kept as they are when nothing forbids it.

A page is redrawn as a picture, its words over it, when it is transparent, when it has layers, or when the
validator refuses it once mended (a font that is not there, colours of a printer, an unknown compression).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream

from amarre.dui.intake.apart.limits import MAX_CONTAINERS
from amarre.dui.intake.apart.pdf_assembly import PAGE_KEYS, add_colour_profile, is_pdf_a, write
from amarre.dui.intake.apart.pdf_drawing import with_fields_drawn
from amarre.dui.intake.apart.verdicts import Reason, Refused

# What is left of a catalogue; layers decide what is seen until the pages are drawn.
_CATALOG_KEYS = frozenset({"/Type", "/Pages", "/OCProperties"})
_FORM_EXTRAS = (
    "/Group",
    "/Metadata",
    "/PieceInfo",
    "/StructParent",
    "/StructParents",
    "/OC",
    "/OPI",
    "/LastModified",
)
_IMAGE_EXTRAS = ("/Interpolate", "/Alternates", "/OPI", "/Metadata", "/StructParent", "/OC", "/ID", "/Intent")
_STATE_EXTRAS = ("/TR", "/TR2", "/HTP", "/HT")
_FILTERS = frozenset(
    f"/{name}Decode" for name in ("Flate", "DCT", "CCITTFax", "RunLength", "LZW", "ASCIIHex", "ASCII85")
)
_MOST_FILTERS = 3
_OPAQUE_BLENDS = frozenset({"/Normal", "/Compatible"})


def flattened(pdf: Pdf) -> bytes:
    """Return the file with its forms and annotations drawn into the pages, and no action left."""
    root = pdf.Root
    if "/AcroForm" in root and isinstance(root.AcroForm, Dictionary):
        if "/XFA" in root.AcroForm:
            del root.AcroForm["/XFA"]
        pdf = Pdf.open(io.BytesIO(with_fields_drawn(_saved(pdf))), suppress_warnings=True)
        root = pdf.Root
    pdf.flatten_annotations("screen")
    _drop_others(root, _CATALOG_KEYS)
    for page in pdf.pages:
        _drop_others(page.obj, PAGE_KEYS)
    return _saved(pdf)


def mended(data: bytes) -> Pdf:
    """Return a new PDF with the pages of a flattened one, rid of what PDF/A-1 does not know."""
    source = Pdf.open(io.BytesIO(data), suppress_warnings=True)
    target = Pdf.new()
    target.pages.extend(source.pages)
    seen: set[tuple[int, int]] = set()
    for page in target.pages:
        for resources in _resources(page.obj.get("/Resources"), seen):
            _mend(target, resources)
    return target


def pages_to_draw(pdf: Pdf) -> set[int]:
    """Return the numbers (from 0) of the pages that cannot be kept as they are written.

    Something shows through something else, a picture is compressed in a way that PDF/A-1 does not know or
    that has been used as a trap (JBIG2), or the page itself cannot be read whole.
    """
    return {
        number
        for number, page in enumerate(pdf.pages)
        if not _is_readable(page.obj.get("/Contents"))
        or any(
            _shows_through(one) or _is_oddly_compressed(one)
            for one in _resources(page.obj.get("/Resources"), set())
        )
    }


def refused_pages(pdf: Pdf, profile: bytes, among: set[int]) -> set[int]:
    """Return which of the pages `among` the validator refuses, each judged alone."""
    if not among or _is_accepted(pdf, profile, sorted(among)):
        return set()
    return {number for number in among if not _is_accepted(pdf, profile, [number])}


def _is_accepted(pdf: Pdf, profile: bytes, numbers: list[int]) -> bool:
    alone = Pdf.new()
    for number in numbers:
        alone.pages.append(pdf.pages[number])
    add_colour_profile(alone, profile)
    return is_pdf_a(write(alone))


def _resources(first: object, seen: set[tuple[int, int]]) -> Iterator[Dictionary]:
    """Yield the resources of a page and of everything drawn by it, each once."""
    waiting = [first]
    met = 0
    while waiting:
        resources = waiting.pop()
        met += 1
        if met > MAX_CONTAINERS:
            raise Refused(Reason.TOO_COMPLEX)
        if not isinstance(resources, Dictionary):
            continue
        yield resources
        for group in ("/XObject", "/Pattern", "/Font"):
            for item in _values(resources.get(group)):
                if not isinstance(item, Dictionary | Stream) or item.objgen in seen:
                    continue
                if item.is_indirect:
                    seen.add(item.objgen)
                waiting.append(item.get("/Resources"))


def _values(group: object) -> list[object]:
    return [value for _, value in group.items()] if isinstance(group, Dictionary) else []


def _shows_through(resources: Dictionary) -> bool:
    for state in _values(resources.get("/ExtGState")):
        if not isinstance(state, Dictionary):
            continue
        opacity = [state.get(key, 1) for key in ("/CA", "/ca")]
        blends = state.get("/BM", Name.Normal)
        modes = {str(mode) for mode in (blends if isinstance(blends, Array) else [blends])}
        mask = state.get("/SMask", Name("/None"))
        if any(float(value) < 1 for value in opacity) or modes - _OPAQUE_BLENDS or mask != Name("/None"):
            return True
    return any(
        isinstance(item, Stream) and ("/SMask" in item or "/SMaskInData" in item)
        for item in _values(resources.get("/XObject"))
    )


def _is_readable(contents: object) -> bool:
    streams = list(contents) if isinstance(contents, Array) else [contents]
    try:
        for one in streams:
            if isinstance(one, Stream):
                one.read_bytes()
    except pikepdf.PdfError:
        return False
    return True


def _is_oddly_compressed(resources: Dictionary) -> bool:
    for item in _values(resources.get("/XObject")):
        if isinstance(item, Stream):
            filters = item.get("/Filter", Array([]))
            names = [str(name) for name in (filters if isinstance(filters, Array) else [filters])]
            if not _FILTERS.issuperset(names) or len(names) > _MOST_FILTERS:
                return True
    return False


def _mend(pdf: Pdf, resources: Dictionary) -> None:
    for item in _values(resources.get("/XObject")):
        if isinstance(item, Stream):
            _drop(item, _FORM_EXTRAS if item.get("/Subtype") == Name.Form else _IMAGE_EXTRAS)
    for state in _values(resources.get("/ExtGState")):
        if isinstance(state, Dictionary):
            _drop(state, _STATE_EXTRAS)
    for font in _values(resources.get("/Font")):
        if isinstance(font, Dictionary):
            _list_glyphs(pdf, font)


def _saved(pdf: Pdf) -> bytes:
    kept = io.BytesIO()
    # The foreign metadata are XML that nobody needs: they are not read.
    pdf.save(kept, object_stream_mode=ObjectStreamMode.disable, fix_metadata_version=False)
    return kept.getvalue()


def _drop_others(item: Object, kept: frozenset[str]) -> None:
    for key in list(item.keys()):
        if key not in kept:
            del item[key]


def _drop(item: Dictionary | Stream, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in item:
            del item[key]


def _list_glyphs(pdf: Pdf, font: Dictionary) -> None:
    """Say which glyphs a subset holds (CIDSet), as PDF/A-1 asks; few programs write it."""
    for one in font.get("/DescendantFonts", []):
        if not isinstance(one, Dictionary) or one.get("/Subtype") != Name.CIDFontType2:
            continue
        descriptor = one.get("/FontDescriptor")
        if not isinstance(descriptor, Dictionary) or "+" not in str(descriptor.get("/FontName", "")):
            continue
        count = _glyph_count(descriptor.get("/FontFile2"))
        codes = _codes(one.get("/CIDToGIDMap"), count)
        descriptor.CIDSet = pdf.make_stream(_bits(codes))


def _glyph_count(file: object) -> int:
    """Return the number of glyphs of an embedded TrueType font (table maxp); 0 when it is unreadable."""
    if not isinstance(file, Stream):
        return 0
    try:
        program = file.read_bytes()
        (tables,) = struct.unpack_from(">H", program, 4)
        for entry in range(tables):
            tag, _, offset, _ = struct.unpack_from(">4sIII", program, 12 + 16 * entry)
            if tag == b"maxp":
                return int(struct.unpack_from(">H", program, offset + 4)[0])
    except (struct.error, pikepdf.PdfError):
        return 0
    return 0


def _codes(mapping: object, count: int) -> Iterator[int]:
    if not isinstance(mapping, Stream):
        yield from range(count)
        return
    glyphs = mapping.read_bytes()
    for code in range(min(len(glyphs) // 2, 65_536)):
        if code == 0 or 0 < int.from_bytes(glyphs[2 * code : 2 * code + 2], "big") < count:
            yield code


def _bits(codes: Iterator[int]) -> bytes:
    bits = bytearray()
    for code in codes:
        byte = code // 8
        bits.extend(bytes(max(0, byte + 1 - len(bits))))
        bits[byte] |= 0x80 >> (code % 8)
    return bytes(bits)
