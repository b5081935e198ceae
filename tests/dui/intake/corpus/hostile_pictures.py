"""Attack class 6: pictures too large, broken, lying, or telling more than they show."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from amarre.dui.intake.apart.verdicts import Reason

SECRET = b"48.8566 N, appareil de Mme X"
_ORIENTATION, _GPS = 0x0112, 0x8825


@dataclass(frozen=True, slots=True)
class HostilePicture:
    """One file; `reasons`: why it is refused (None: stopped by the limits), empty when made harmless."""

    name: str
    make: Callable[[], bytes]
    reasons: tuple[Reason | None, ...] = ()


def drawing(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Return a picture with a black corner at the top left, to see which way is up."""
    picture = Image.new(mode, size, "white" if mode != "I;16" else 65_535)
    black = "black" if mode != "I;16" else 0
    picture.paste(black, (0, 0, size[0] // 3, size[1] // 3))
    return picture


def saved(picture: Image.Image, encoding: str, **options: object) -> bytes:
    """Return the bytes of a picture."""
    kept = io.BytesIO()
    picture.save(kept, encoding, **options)  # type: ignore[arg-type]
    return kept.getvalue()


def oriented(orientation: int) -> bytes:
    """Return a JPEG that its camera says is turned."""
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    return saved(drawing(), "JPEG", exif=exif, quality=95)


def located() -> bytes:
    """Return a JPEG that says where and by whom it was taken."""
    exif = Image.Exif()
    exif[0x013B] = SECRET.decode()
    exif[_GPS] = {1: "N", 2: (48.0, 51.0, 24.0)}
    return saved(drawing(), "JPEG", exif=exif, comment=SECRET)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, pixels: bytes, *extra: bytes, depth: int = 8, colour: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", header), *extra, _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    )


def _large_header() -> bytes:
    return _png(20_000, 20_000, zlib.compress(b""))


def _flood() -> bytes:
    """Within the limit of pixels, one grey each: 3 KB that become 39 million pixels."""
    packer = zlib.compressobj(9)
    line = bytes(1 + 6_500 // 8 + 1)
    pixels = b"".join(packer.compress(line) for _ in range(6_000)) + packer.flush()
    return _png(6_500, 6_000, pixels, depth=1, colour=0)


def _text_bomb() -> bytes:
    bomb = zlib.compress(bytes(80 * 1024 * 1024), 9)
    return _png(1, 1, zlib.compress(b"\0\0\0\0"), _chunk(b"zTXt", b"a\0\0" + bomb))


def _profile_bomb() -> bytes:
    bomb = zlib.compress(bytes(80 * 1024 * 1024), 9)
    return _png(1, 1, zlib.compress(b"\0\0\0\0"), _chunk(b"iCCP", b"a\0\0" + bomb))


def _jpeg_header(width: int, height: int) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", 2 + len(frame)) + frame + b"\xff\xd9"


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _changed(data: bytes) -> bytes:
    changed = bytearray(data)
    changed[-40] ^= 0xFF
    return bytes(changed)


def _noisy(encoding: str) -> bytes:
    noise = Image.frombytes("RGB", (200, 200), random.Random(8).randbytes(120_000))
    return saved(noise, encoding)


def _many_scans() -> bytes:
    """A progressive JPEG whose last scan is said again thousands of times."""
    data = saved(Image.effect_noise((2_000, 2_000), 90), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    scan = data[start:-2]
    return data[:-2] + scan * (12_000_000 // len(scan)) + b"\xff\xd9"


def _with_archive() -> bytes:
    kept = io.BytesIO()
    kept.write(saved(drawing(), "JPEG"))
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr("a.exe", SECRET)
    return kept.getvalue()


def _animated() -> bytes:
    frames = [drawing(), Image.new("RGB", (60, 40), "red")]
    return saved(frames[0], "PNG", save_all=True, append_images=frames[1:])


HOSTILE_PICTURES: tuple[HostilePicture, ...] = (
    HostilePicture("lieu et appareil", located),
    HostilePicture("page web en commentaire", lambda: saved(drawing(), "JPEG", comment=b"<script>" + SECRET)),
    HostilePicture("archive à la suite", _with_archive),
    HostilePicture("animation", _animated),
    HostilePicture("39 millions de points en 3 Ko", _flood),
    HostilePicture("quatre encres", lambda: saved(drawing(mode="CMYK"), "JPEG")),
    HostilePicture("seize bits", lambda: saved(drawing(mode="I;16"), "PNG")),
    HostilePicture("transparence", lambda: saved(drawing(mode="RGBA"), "PNG")),
    HostilePicture("un point de haut", lambda: saved(Image.new("L", (30_000, 1)), "PNG")),
    HostilePicture("400 millions de points annoncés", _large_header, (Reason.TOO_MANY_PIXELS,)),
    HostilePicture(
        "JPEG de 4 milliards de points", lambda: _jpeg_header(65_500, 65_500), (Reason.TOO_MANY_PIXELS,)
    ),
    HostilePicture("texte comprimé de 80 Mo", _text_bomb, (Reason.BROKEN,)),
    HostilePicture("profil comprimé de 80 Mo", _profile_bomb, (Reason.BROKEN,)),
    HostilePicture("sans surface", lambda: _png(0, 0, zlib.compress(b"")), (Reason.BROKEN,)),
    HostilePicture("PNG coupé", lambda: _cut(_noisy("PNG")), (Reason.BROKEN,)),
    HostilePicture("JPEG coupé", lambda: _cut(_noisy("JPEG")), (Reason.BROKEN,)),
    HostilePicture("PNG changé", lambda: _changed(_noisy("PNG")), (Reason.BROKEN,)),
    HostilePicture(
        "bruit sous une tête de JPEG",
        lambda: b"\xff\xd8\xff" + random.Random(1).randbytes(9_000),
        (Reason.BROKEN,),
    ),
    HostilePicture("milliers de passes", _many_scans),
    HostilePicture("HEIC", lambda: b"\0\0\0\x18ftypheic" + bytes(60), (Reason.HEIC,)),
    HostilePicture("TIFF", lambda: saved(drawing(), "TIFF"), (Reason.TIFF,)),
    HostilePicture("GIF nommé JPEG", lambda: saved(drawing(), "GIF"), (Reason.UNKNOWN_FORMAT,)),
    HostilePicture("WebP", lambda: saved(drawing(), "WEBP"), (Reason.UNKNOWN_FORMAT,)),
    HostilePicture("BMP", lambda: saved(drawing(), "BMP"), (Reason.UNKNOWN_FORMAT,)),
    HostilePicture(
        "PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run", (Reason.UNKNOWN_FORMAT,)
    ),
    HostilePicture(
        "dessin SVG", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", (Reason.UNKNOWN_FORMAT,)
    ),
    HostilePicture("vide", bytes, (Reason.EMPTY,)),
)
