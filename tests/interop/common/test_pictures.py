"""The one parser of pictures: what enters is pixels, what is too large or a program is refused by name."""

from __future__ import annotations

import io
import random
import struct
import time
import tracemalloc
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from amarre.interop.common.errors import AmarreError
from amarre.interop.common.pictures import (
    PictureBroken,
    PictureError,
    PictureFormatRefused,
    PictureTooLarge,
    encoded,
    open_picture,
)


def drawn(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    return Image.effect_noise(size, 60).convert(mode)


def saved(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, form, **options)
    return kept.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_that_says(width: int, height: int, rows: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112], tags[0x010F] = orientation, "SECRET-CAMERA"
    tags.get_ifd(0x8825)[1] = "N"
    return tags


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P"])
def test_pixels_of_a_png_are_kept(mode: str) -> None:
    picture = drawn(mode)
    assert open_picture(saved(picture)).tobytes() == picture.convert("RGB").tobytes()


def test_transparency_is_kept() -> None:
    assert open_picture(saved(drawn("RGBA"))).mode == "RGBA"


@pytest.mark.req("classe 6")
@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_metadata_is_dropped(form: str) -> None:
    options: dict[str, object] = {"exif": exif()}
    if form == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Author", "SECRET-AUTHOR")
        options["pnginfo"] = words
    else:
        options["comment"] = b"SECRET-COMMENT"
    source = saved(drawn(), form, **options) + b"SECRET-TAIL"
    assert b"SECRET" in source
    kept = open_picture(source)
    assert kept.info == {}
    for encoding in ("PNG", "JPEG"):
        made = encoded(kept, encoding)  # type: ignore[arg-type]
        assert b"SECRET" not in made
        assert b"Exif" not in made


def test_a_photo_is_turned_upright() -> None:
    source = saved(drawn(size=(60, 40)), "JPEG", exif=exif(6))
    assert open_picture(source).size == (40, 60)


@pytest.mark.req("classe 6")
@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (1, 2**31 - 1), (65_000, 65_000)])
def test_a_flood_of_pixels_is_refused_on_its_header(width: int, height: int) -> None:
    flood = png_that_says(width, height, b"\0" * 10_000)
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(PictureTooLarge):
        open_picture(flood)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.perf_counter() - began < 1
    assert peak < 5_000_000


def test_too_many_bytes() -> None:
    with pytest.raises(PictureTooLarge) as caught:
        open_picture(saved(drawn()), most_bytes=100)
    assert "Ko" in caught.value.explanation().what


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?><!-- x --><svg:svg onload='alert(1)'/>", "SVG"),
        (b"\x1f\x8b\x08\x00svgz", "SVG"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"GIF89a", "n'est pas une image PNG ou JPEG."),
        (b"%PDF-1.4", "n'est pas une image PNG ou JPEG."),
        (b"", "n'est pas une image PNG ou JPEG."),
    ],
)
def test_what_is_no_picture_is_refused_by_name(data: bytes, words: str) -> None:
    with pytest.raises(PictureFormatRefused) as caught:
        open_picture(data)
    assert words in caught.value.explanation().what


def test_a_bmp_named_png_is_broken() -> None:
    with pytest.raises(PictureBroken):
        open_picture(b"\x89PNG\r\n\x1a\n" + saved(drawn(), "BMP"))


@pytest.mark.req("classe 6")
def test_mutated_files_are_read_or_refused_with_a_reason() -> None:
    chance = random.Random(20261120)
    sources = [
        saved(drawn()), saved(drawn("P"), transparency=3), saved(drawn("L"), "JPEG", exif=exif(6)),
        saved(drawn(), "JPEG", progressive=True), saved(drawn("CMYK"), "JPEG"),
    ]  # fmt: skip
    refused = 0
    for _ in range(1500):
        data = bytearray(chance.choice(sources))
        for _ in range(chance.choice((1, 3, 12))):
            at = chance.randrange(len(data))
            if chance.random() < 0.6:
                data[at] = chance.randrange(256)
            else:
                del data[at : at + chance.randrange(1, 30)]
        try:
            open_picture(bytes(data))
        except PictureError:
            refused += 1
    assert refused > 500


@pytest.mark.parametrize(
    "error",
    [PictureBroken(), PictureFormatRefused(seen="", advice="Faites."), PictureTooLarge(size="1", limit="2")],
)
def test_errors_explain_themselves(error: AmarreError) -> None:
    said = error.explanation()
    assert said.what.endswith(".")
    assert said.advice.endswith(".")


def test_one_parser_of_pictures() -> None:
    """Whoever opens a picture from elsewhere goes through `open_picture`."""
    source = Path(__file__).parents[3] / "src" / "amarre"
    users = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if "Image.open(" in path.read_text(encoding="utf-8")
    }
    assert users == {"interop/common/pictures.py"}
