"""A picture of a paper → a page: pixels only, upright, on a sheet of A4."""

from __future__ import annotations

import math

from pikepdf import Pdf
from PIL import Image

from amarre.dui.intake.apart.limits import MAX_PHOTO_SIDE
from amarre.dui.intake.apart.pdf_drawing import add_picture_page
from amarre.dui.intake.apart.verdicts import Reason, Refused
from amarre.interop.common.pictures import (
    PictureBroken,
    PictureFormatRefused,
    PictureTooLarge,
    open_picture,
)

_A4 = (595.28, 841.89)
_POINTS_PER_INCH = 72


def read_photograph(data: bytes) -> Image.Image:
    """Return the pixels of a JPEG or PNG picture, upright, on white, no larger than what is kept."""
    try:
        picture = open_picture(data, enough_side=MAX_PHOTO_SIDE)
    except PictureTooLarge as error:
        raise Refused(Reason.TOO_MANY_PIXELS) from error
    except (PictureBroken, PictureFormatRefused) as error:
        raise Refused(Reason.BROKEN) from error
    if picture.mode != "RGB":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    picture.thumbnail((MAX_PHOTO_SIDE, MAX_PHOTO_SIDE))
    return picture


def add_photograph(pdf: Pdf, picture: Image.Image, dpi: float) -> None:
    """Add a page of A4, upright or lying as the picture is, with the picture as large as it fits."""
    sheet = _A4 if picture.height >= picture.width else (_A4[1], _A4[0])
    scale = min(sheet[0] / picture.width, sheet[1] / picture.height)
    width, height = picture.width * scale, picture.height * scale
    finest = max(width, height) * dpi / _POINTS_PER_INCH
    if max(picture.size) > math.ceil(finest):
        picture = picture.copy()
        picture.thumbnail((math.ceil(finest), math.ceil(finest)))
    add_picture_page(pdf, picture, sheet, ((sheet[0] - width) / 2, (sheet[1] - height) / 2, width, height))
