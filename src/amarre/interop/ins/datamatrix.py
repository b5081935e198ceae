"""The INS Datamatrix: payload, symbol, and reading back what a scanner types or a camera sees.

Source: ANS, « INS — Format datamatrix » v2.2 (header, blocks S1 to S7, separator). The payload is plain text
and is not signed: what is scanned is an entry to check, never a proof.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import zxingcpp
from PIL import Image

from amarre.interop.common.pictures import open_picture
from amarre.interop.ins.errors import DatamatrixUnreadable, MatriculeMalformed, PictureUnreadable
from amarre.interop.ins.matricule import INS_OIDS, Ins, MatriculeWarning, ins_oid, matricule_received
from amarre.interop.ins.outgoing import QualifiedIdentity
from amarre.interop.ins.traits import BirthDate, Sexe, Traits

GS = "\x1d"
HEADER = "IS01" + "0" * 22
CAPTION = "INS à scanner"

_FIXED = {"S1": 15, "S5": 1, "S6": 10, "S7": 5}
_VARIABLE = {"S2": 20, "S3": 100, "S4": 100}
_MANDATORY = ("S1", "S2", "S3", "S4", "S5", "S6")
_MARKER = re.compile(r"S[1-7]")
_DATE = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")
# A phone's picture is 12 to 50 million pixels; more is not a picture of a page.
MAX_PIXELS = 60_000_000
# A symbol of 2 cm on an A4 page is then 280 pixels wide: ten for each of its modules.
ENOUGH_SIDE = 3_000


@dataclass(frozen=True, slots=True)
class ScannedIdentity:
    """What a Datamatrix holds. `certain` is False when separators were lost by a keyboard scanner.

    In that case the ends of the names were found by the next block marker: show them and ask to confirm.
    """

    ins: Ins
    traits: Traits
    certain: bool
    warnings: tuple[MatriculeWarning, ...]


def encode(identity: QualifiedIdentity) -> str:
    """Return the payload (ASCII, with 0x1D separators) of a qualified identity, blocks in order S1 to S7."""
    traits = identity.traits
    year, month, day = traits.date_naissance.text.split("-")
    blocks = [
        ("S1", identity.matricule.value),
        ("S2", identity.oid.value),
        ("S3", traits.prenoms),
        ("S4", traits.nom_naissance),
        ("S5", traits.sexe.value),
        ("S6", f"{day}-{month}-{year}"),
        ("S7", traits.lieu_naissance),
    ]
    payload = HEADER
    for index, (name, value) in enumerate(blocks):
        payload += name + value
        last = index == len(blocks) - 1
        # A variable block needs an end mark unless its length already says where it ends.
        if name in _VARIABLE and len(value) < _VARIABLE[name] and not last:
            payload += GS
    return payload


def decode(data: bytes | str) -> ScannedIdentity:
    """Read a payload: raw bytes of a decoder, or the text typed by a keyboard scanner.

    Accepts real separators, the four characters ``<GS>``, and no separator at all (some keyboard scanners
    drop control characters). Raises DatamatrixUnreadable, or UnknownInsOid when the block S2 is not an INS.
    """
    text = _clean(data)
    if not text.startswith("IS"):
        raise DatamatrixUnreadable(reason="il ne commence pas par la marque d'un code INS")
    if not text.startswith("IS01"):
        raise DatamatrixUnreadable(reason="sa version n'est pas connue")
    if len(text) <= len(HEADER):
        raise DatamatrixUnreadable(reason="il est incomplet")
    message = text[len(HEADER) :]
    blocks, certain = _blocks(message), True
    if GS not in message and (blocks is None or not _complete(blocks)):
        blocks, certain = _blocks_without_separator(message), False
    if blocks is None or not _complete(blocks):
        raise DatamatrixUnreadable(reason="il est incomplet ou abîmé")
    return _identity(blocks, certain)


def _clean(data: bytes | str) -> str:
    """Return the payload as text with real separators, without what scanners add before and after."""
    try:
        text = data.decode("ascii") if isinstance(data, bytes) else data
    except UnicodeDecodeError:
        raise DatamatrixUnreadable(reason="il contient des caractères inattendus") from None
    text = re.sub(r"^\](?:d[0-9]|C[0-9]|Q[0-9])", "", text.strip("\r\n\t "))
    return text.replace("<GS>", GS)


def _blocks(message: str) -> dict[str, str] | None:
    """Split a message by the rules of the format; None when it breaks them."""
    found: dict[str, str] = {}
    at = 0
    while at < len(message):
        name, at = message[at : at + 2], at + 2
        if name in found or name not in _FIXED | _VARIABLE:
            return None
        if name in _FIXED:
            end = after = at + _FIXED[name]
        else:
            # A separator belongs to this block only within its maximum length.
            mark = message.find(GS, at, at + _VARIABLE[name] + 1)
            end = mark if mark >= 0 else min(len(message), at + _VARIABLE[name])
            after = end + 1 if mark >= 0 else end
        found[name] = message[at:end]
        at = after
    return found


def _blocks_without_separator(message: str) -> dict[str, str] | None:
    """Split a message whose separators were dropped: known OIDs, then next marker (names hold no digit)."""
    found: dict[str, str] = {}
    at = 0
    while at < len(message):
        name, at = message[at : at + 2], at + 2
        if name in found or name not in _FIXED | _VARIABLE:
            return None
        if name in _FIXED:
            end = at + _FIXED[name]
        elif name == "S2":
            oids = [oid.value for oid in INS_OIDS if message.startswith(oid.value, at)]
            if not oids:
                return None
            end = at + max(map(len, oids))
        else:
            mark = _MARKER.search(message, at)
            end = mark.start() if mark else len(message)
        found[name], at = message[at:end], end
    return found


def _complete(blocks: dict[str, str]) -> bool:
    """Whether every mandatory block is there and fixed blocks have their length."""
    return all(blocks.get(name) for name in _MANDATORY) and all(
        len(value) == _FIXED.get(name, len(value)) for name, value in blocks.items()
    )


def _identity(blocks: dict[str, str], certain: bool) -> ScannedIdentity:
    """Turn blocks into values. Raises DatamatrixUnreadable or UnknownInsOid."""
    date = _DATE.fullmatch(blocks["S6"])
    if date is None or blocks["S5"] not in ("F", "M"):
        raise DatamatrixUnreadable(reason="la date de naissance ou le sexe n'a pas la forme attendue")
    try:
        matricule, warnings = matricule_received(blocks["S1"])
    except MatriculeMalformed:
        raise DatamatrixUnreadable(reason="le matricule n'a pas la forme attendue") from None
    traits = Traits(
        nom_naissance=blocks["S4"],
        prenoms=blocks["S3"],
        sexe=Sexe(blocks["S5"]),
        date_naissance=BirthDate(f"{date[3]}-{date[2]}-{date[1]}"),
        lieu_naissance=blocks.get("S7", ""),
    )
    return ScannedIdentity(Ins(matricule, ins_oid(blocks["S2"])), traits, certain, warnings)


def _symbol(identity: QualifiedIdentity) -> zxingcpp.Barcode:
    """Return the ECC 200 symbol, square: left alone, the library picks a rectangular extension (DMRE)."""
    return zxingcpp.create_barcode(encode(identity), zxingcpp.BarcodeFormat.DataMatrix, force_square=True)


def to_svg(identity: QualifiedIdentity) -> str:
    """Return the symbol as an SVG element (no prologue, no DOCTYPE) with its quiet zone."""
    svg = str(_symbol(identity).to_svg())
    return svg[svg.index("<svg") :]


def to_png(identity: QualifiedIdentity, scale: int = 4) -> bytes:
    """Return the symbol as a PNG with its quiet zone, `scale` pixels per module."""
    buffer = io.BytesIO()
    Image.fromarray(_symbol(identity).to_image(scale=scale)).save(buffer, "PNG")
    return buffer.getvalue()


def read_picture(data: bytes) -> ScannedIdentity:
    """Find the INS Datamatrix on a picture (PNG, JPEG) and read it.

    Raises PictureError, PictureUnreadable when there is no such symbol, or as `decode`.
    """
    grey = open_picture(data, most_pixels=MAX_PIXELS, enough_side=ENOUGH_SIDE).convert("L")
    symbols = zxingcpp.read_barcodes(
        grey, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.DataMatrix])
    )
    for symbol in symbols:
        # Not symbol.text: it writes a separator as the four characters <GS>.
        if symbol.bytes.startswith(b"IS"):
            return decode(bytes(symbol.bytes))
    raise PictureUnreadable()
