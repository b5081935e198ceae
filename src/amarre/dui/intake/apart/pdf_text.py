"""The words of a page drawn as a picture, over it in a font without shapes: selected, searched, unseen.

The text is drawn in mode 3 (invisible). Its font holds one empty glyph, so that a PDF/A, which wants every
font embedded, stays one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from amarre.dui.intake.apart.pdf_words import Word, turned

_UNITS = 1000
_ADVANCE = 500
_CODES = 65_536
# Text matrix of a word by its quarter turns: where the line goes, where up is.
_DIRECTIONS = (("1 0", "0 1"), ("0 1", "-1 0"), ("-1 0", "0 -1"), ("0 -1", "1 0"))
_TO_UNICODE = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) "
    b"/Ordering (UCS) /Supplement 0 >> def /CMapName /Adobe-Identity-UCS def /CMapType 2 def "
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange "
    b"endcmap CMapName currentdict /CMap defineresource pop end end"
)


def text_operators(words: Iterable[Word]) -> bytes:
    """Return the operators that write `words` invisibly in the font named /T; b"" without words."""
    lines = []
    for word in words:
        # The font knows the Basic Multilingual Plane only.
        text = "".join(sign for sign in word.text if 32 <= ord(sign) < _CODES)
        if not text:
            continue
        size = max(word.top - word.bottom, 1.0)
        stretch = 100 * max(word.right - word.left, 0.1) / (_ADVANCE / _UNITS * size * len(text))
        along, upright = _DIRECTIONS[word.turns]
        start = turned(word.left, word.bottom, word.turns)
        lines.append(
            f"/T {size:.2f} Tf {stretch:.2f} Tz {along} {upright} {start[0]:.2f} {start[1]:.2f} Tm "
            f"<{text.encode('utf-16-be').hex()}> Tj"
        )
    return f"BT 3 Tr\n{chr(10).join(lines)}\nET\n".encode() if lines else b""


def add_font(pdf: Pdf) -> Object:
    """Add the font without shapes to `pdf` and return it."""
    program = font_program()
    file = pdf.make_stream(program, Length1=len(program))
    name = Name("/SansDessin")
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=4, FontBBox=Array([0, 0, _ADVANCE, _UNITS]),
        ItalicAngle=0, Ascent=_UNITS, Descent=0, CapHeight=_UNITS, StemV=80, FontFile2=file,
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=_ADVANCE,
        CIDToGIDMap=pdf.make_stream(b"\x00\x01" * _CODES),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=name,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_stream(_TO_UNICODE),
    )
    return pdf.make_indirect(font)


def font_program() -> bytes:
    """Return a TrueType font of two glyphs, both empty (OpenType specification, required tables for PDF)."""
    head = struct.pack(
        ">IIIIHHqqhhhhHHhhh",
        0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, _UNITS, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0,
    )  # fmt: skip
    hhea = struct.pack(
        ">IhhhHhhhhhhhhhhhH", 0x00010000, _UNITS, 0, 0, _ADVANCE, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2
    )
    maxp = struct.pack(">IHHHHHHHHHHHHHH", 0x00010000, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
    tables = {
        b"glyf": b"\x00" * 4,
        b"head": head,
        b"hhea": hhea,
        b"hmtx": struct.pack(">HhHh", _ADVANCE, 0, _ADVANCE, 0),
        b"loca": struct.pack(">HHH", 0, 0, 0),
        b"maxp": maxp,
    }
    start = 12 + 16 * len(tables)
    directory, body = b"", b""
    for tag, table in sorted(tables.items()):
        padded = table + b"\x00" * (-len(table) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += tag + struct.pack(">III", checksum, start + len(body), len(table))
        body += padded
    # Entries for a binary search over six tables: range, selector, shift.
    return struct.pack(">IHHHH", 0x00010000, len(tables), 64, 2, 32) + directory + body
