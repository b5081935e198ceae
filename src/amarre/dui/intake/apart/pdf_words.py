"""Where the words of a page are, as the page is seen: turned, cut, some of them written sideways."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium

# Two signs further apart than this share of their height belong to two words.
_GAP = 0.35
# A page of a book holds 3,000 signs; beyond this, a page is drawn without its words.
_MOST_SIGNS = 40_000
# PDFium gives places in whole pixels: a page is taken this many times larger.
_FINENESS = 20
# Points far enough to measure how a page is turned and cut.
_FAR = 1_000.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Word:
    """A word, in points from the bottom left corner of the page turned until the word is level.

    `turns`: quarter turns, counter-clockwise, that lead from that page to the page as it is seen.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    turns: int = 0


def words_of(page: pdfium.PdfPage) -> list[Word]:
    """Return the words of a page."""
    text = page.get_textpage()
    count = text.count_chars()
    return list(_words(page, text, count)) if 0 < count <= _MOST_SIGNS else []


def turned(across: float, up: float, turns: int) -> tuple[float, float]:
    """Return a point turned around the corner by quarter turns, counter-clockwise."""
    match turns % 4:
        case 1:
            return -up, across
        case 2:
            return -across, -up
        case 3:
            return up, -across
        case _:
            return across, up


def _words(page: pdfium.PdfPage, text: pdfium.PdfTextPage, count: int) -> Iterator[Word]:
    level = _level_box(page)
    signs, box, turns = "", (0.0, 0.0, 0.0, 0.0), 0
    whole = text.get_text_range()
    # One code unit for one sign, unless a sign is outside the BMP: then each is asked for.
    one_by_one = len(whole) != count
    for index in range(count):
        sign = text.get_text_range(index, 1) if one_by_one else whole[index]
        if sign.isspace() or not sign.isprintable():
            if signs:
                yield Word(signs, *box, turns)
            signs = ""
            continue
        direction = _turns(page, text, index)
        place = level(text.get_charbox(index, loose=True), direction)
        if signs and (direction != turns or _is_apart(box, place)):
            yield Word(signs, *box, turns)
            signs = ""
        if signs:
            box = (box[0], min(box[1], place[1]), max(box[2], place[2]), max(box[3], place[3]))
        else:
            box, turns = place, direction
        signs += sign
    if signs:
        yield Word(signs, *box, turns)


def _turns(page: pdfium.PdfPage, text: pdfium.PdfTextPage, index: int) -> int:
    """Return the direction of a sign where the page is seen, in quarter turns."""
    angle = pdfium.raw.FPDFText_GetCharAngle(text.raw, index)
    quarters = round(max(angle, 0.0) / (math.pi / 2))
    return (quarters - page.get_rotation() // 90) % 4


def _is_apart(word: Box, sign: Box) -> bool:
    """Say whether a sign is too far on the right, before, above or below to be of the word."""
    gap = _GAP * (word[3] - word[1])
    return sign[0] - word[2] > gap or sign[0] < word[0] or sign[1] > word[3] or sign[3] < word[1]


def _level_box(page: pdfium.PdfPage) -> Callable[[Box, int], Box]:
    """Return the function from a box of the page, and the turns of its text, to the box of a `Word`."""
    corner, right, above = (_seen(page, *point) for point in ((0, 0), (_FAR, 0), (0, _FAR)))
    x_step = ((right[0] - corner[0]) / _FAR, (right[1] - corner[1]) / _FAR)
    y_step = ((above[0] - corner[0]) / _FAR, (above[1] - corner[1]) / _FAR)

    def seen(across: float, up: float) -> tuple[float, float]:
        return (
            corner[0] + across * x_step[0] + up * y_step[0],
            corner[1] + across * x_step[1] + up * y_step[1],
        )

    def level(box: Box, turns: int) -> Box:
        one, other = (turned(*seen(*corner), -turns) for corner in ((box[0], box[1]), (box[2], box[3])))
        return (
            min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])
        )  # fmt: skip

    return level


def _seen(page: pdfium.PdfPage, across: float, up: float) -> tuple[float, float]:
    """Return where a point of the page is on the page as it is seen."""
    width, height = page.get_size()
    size = (round(width * _FINENESS), round(height * _FINENESS))
    x, y = ctypes.c_int(), ctypes.c_int()
    pdfium.raw.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, across, up, ctypes.byref(x), ctypes.byref(y))
    return x.value / _FINENESS, height - y.value / _FINENESS
