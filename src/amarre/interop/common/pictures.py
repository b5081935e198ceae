"""The one parser of foreign pictures: PNG and JPEG, header first, bounded, pixels only.

What a picture says beside its pixels (EXIF, comments, colour profiles, further frames) is dropped: an
author's place, a thumbnail of what was cut, or bytes hidden after the end never enter. A drawing that is a
program (SVG) is refused by name.
"""

from __future__ import annotations

import io
import re
import struct
import threading
import warnings
import zlib
from typing import Literal

from PIL import Image, ImageOps, UnidentifiedImageError

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry

# The limit of class 6 of the bad inputs: 40 million pixels, a page at 600 dots per inch.
MAX_PIXELS = 40_000_000
MAX_BYTES = 20 * 1024 * 1024
FORMATS = ("PNG", "JPEG")
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_SVG = re.compile(rb"<\s*(?:\w+:)?svg[\s>]|<!DOCTYPE\s+svg", re.IGNORECASE)

Encoding = Literal["PNG", "JPEG"]

# Bounds memory (200 MB for the largest picture), and the filters of warnings belong to the whole process.
_one_at_a_time = threading.Lock()


class PictureError(AmarreError):
    """Base of the refusals of a picture."""

    phase = Phase.READ
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "L'image n'est pas gardée."


class PictureFormatRefused(PictureError):
    """Neither PNG nor JPEG."""

    code = "IMG-001"
    what = "Ce fichier n'est pas une image PNG ou JPEG{seen}."
    advice = "{advice}"


class PictureTooLarge(PictureError):
    """More bytes or pixels than anything needs."""

    code = "IMG-002"
    what = "Cette image est trop grande : {size}."
    advice = "Réduisez-la, à moins de {limit}, puis recommencez."


class PictureBroken(PictureError):
    """Begins as a picture and does not go on as one."""

    code = "IMG-003"
    what = "Cette image est abîmée ou incomplète."
    advice = "Exportez-la de nouveau en PNG ou en JPEG, puis recommencez."


def open_picture(
    data: bytes,
    *,
    most_pixels: int = MAX_PIXELS,
    most_bytes: int = MAX_BYTES,
    enough_side: int | None = None,
) -> Image.Image:
    """Return the pixels of a PNG or JPEG file (RGB, or RGBA when it has transparent parts), upright.

    Only the header is read before the size is judged. `enough_side`: a JPEG may be decoded smaller, as long
    as its long side keeps that many pixels. Raises PictureFormatRefused, PictureTooLarge, PictureBroken.
    """
    if len(data) > most_bytes:
        raise PictureTooLarge(size=_megabytes(len(data)), limit=_megabytes(most_bytes))
    if not data.startswith((_PNG, _JPEG)):
        raise _refusal_of(data)
    try:
        with _one_at_a_time, warnings.catch_warnings():
            # Sizes and EXIF that Pillow finds doubtful: ours is the limit, and EXIF is dropped.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                pixels = picture.width * picture.height
                if pixels > most_pixels:
                    raise _too_many(pixels, most_pixels)
                if enough_side is not None:
                    picture.draft("RGB", (enough_side, enough_side))
                picture.load()
                return _pixels_only(picture, enough_side)
    except Image.DecompressionBombError:
        raise _too_many(0, most_pixels) from None
    except (
        UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error,
        OverflowError, IndexError, KeyError, TypeError,
    ):  # fmt: skip
        # What Pillow raises on broken files is not one family: each was met with mutated files.
        raise PictureBroken from None


def encoded(picture: Image.Image, encoding: Encoding) -> bytes:
    """Return a new file with the pixels of `picture` and nothing else."""
    kept = io.BytesIO()
    if encoding == "PNG":
        picture.save(kept, "PNG", optimize=True)
    else:
        picture.convert("RGB").save(kept, "JPEG", quality=85, optimize=True)
    return kept.getvalue()


def _pixels_only(picture: Image.Image, enough_side: int | None) -> Image.Image:
    """Return a picture that holds pixels alone, turned as the camera says it should be seen.

    Each step lets go of the one before: the largest picture would be held three times.
    """
    ImageOps.exif_transpose(picture, in_place=True)
    transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    wanted = "RGBA" if transparent else "RGB"
    if enough_side is not None and picture.mode in ("L", "RGB"):
        factor = max(picture.size) // enough_side
        picture = picture.reduce(factor) if factor > 1 else picture
    pixels = picture.copy() if picture.mode == wanted else picture.convert(wanted)
    pixels.info.clear()
    return pixels


def _refusal_of(data: bytes) -> PictureFormatRefused:
    head = data[:4096]
    if _SVG.search(head) or head[:2] == b"\x1f\x8b":
        return PictureFormatRefused(
            seen=" : c'est un dessin SVG",
            advice="Un dessin SVG peut contenir un programme : exportez-le en PNG, puis recommencez.",
        )
    if head[4:8] == b"ftyp":
        return PictureFormatRefused(
            seen=" : c'est une photo HEIC",
            advice="Réglez le téléphone sur « Le plus compatible » (JPEG), ou exportez la photo en JPEG.",
        )
    return PictureFormatRefused(seen="", advice="Exportez l'image en PNG ou en JPEG, puis recommencez.")


def _too_many(pixels: int, most: int) -> PictureTooLarge:
    size = f"{pixels // 1_000_000} millions de points" if pixels else "beaucoup trop de points"
    return PictureTooLarge(size=size, limit=f"{most // 1_000_000} millions de points")


def _megabytes(size: int) -> str:
    return f"{size / 1_048_576:.1f} Mo".replace(".", ",") if size >= 1_048_576 else f"{size // 1024} Ko"
