"""Files as they were sent → one PDF/A-1b, or a refusal. A PDF that is one already stays byte for byte."""

from __future__ import annotations

from dataclasses import dataclass, field

import pikepdf
from pikepdf import Object, Pdf
from PIL import Image
from pypdfium2 import PdfDocument, PdfPage

from amarre.dui.intake.apart.confinement import allow_cpu
from amarre.dui.intake.apart.formats import Kind, is_picture, kind_of
from amarre.dui.intake.apart.limits import (
    CONVERSION_CPU_SECONDS,
    INSPECTION_CPU_SECONDS,
    MAX_DOCUMENT_BYTES,
    MAX_PAGES,
    PAGE_CPU_SECONDS,
    PICTURE_CPU_SECONDS,
    RASTER_DPI,
)
from amarre.dui.intake.apart.pdf_assembly import add_colour_profile, is_pdf_a, write
from amarre.dui.intake.apart.pdf_drawing import add_drawn_page, is_blank, looks_alike, open_drawing
from amarre.dui.intake.apart.pdf_inspection import inspect_pdf
from amarre.dui.intake.apart.pdf_mending import flattened, mended, pages_to_draw, refused_pages
from amarre.dui.intake.apart.pdf_text import add_font
from amarre.dui.intake.apart.photographs import add_photograph, read_photograph
from amarre.dui.intake.apart.verdicts import Note, Reason, Refused, TextState

# Enough to read on paper, when the finer picture would weigh more than a document may.
_LIGHT_DPI = 110


@dataclass(frozen=True, slots=True)
class Admitted:
    """A document ready to be kept: its PDF/A-1b, how many pages, its text, what was changed."""

    pdf: bytes = field(repr=False)
    pages: int
    text: TextState
    notes: frozenset[Note]


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages of one PDF sent, flattened; `notes` of its inspection."""

    flat: bytes = field(repr=False)
    count: int
    notes: frozenset[Note]


@dataclass(slots=True)
class _Document:
    """The document being made. `drawn`: a page at least is a picture of a page; `told`: pages with words."""

    pdf: Pdf = field(default_factory=Pdf.new)
    font: Object | None = None
    drawn: bool = False
    told: list[bool] = field(default_factory=list)

    @property
    def text(self) -> TextState:
        """On how many pages words can be selected: all, some, none."""
        return text_state(self.told)

    def words_font(self) -> Object:
        """Return the font of the words over pictures, added once."""
        if self.font is None:
            self.font = add_font(self.pdf)
        return self.font


def admit(files: tuple[bytes, ...], profile: bytes) -> Admitted:
    """Convert `files`, in order, into one document. `profile`: ICC profile of sRGB. Raises Refused."""
    if not any(files):
        raise Refused(Reason.EMPTY)
    if any(is_picture(data) for data in files):
        allow_cpu(INSPECTION_CPU_SECONDS + PICTURE_CPU_SECONDS * len(files))
    parts = [_part(data) for data in files]
    pages = sum(part.count if isinstance(part, _Pages) else 1 for part in parts)
    if pages > MAX_PAGES:
        raise Refused(Reason.TOO_MANY_PAGES)
    allow_cpu(CONVERSION_CPU_SECONDS + PAGE_CPU_SECONDS * pages)
    only = parts[0] if len(parts) == 1 else None
    if (
        isinstance(only, _Pages)
        and not only.notes
        and len(files[0]) <= MAX_DOCUMENT_BYTES
        and is_pdf_a(files[0])
    ):
        return _kept_as_is(files[0])
    notes = {note for part in parts if isinstance(part, _Pages) for note in part.notes}
    document, made, more = _made(parts, profile)
    return Admitted(made, pages, document.text, frozenset(notes | more))


def text_state(told: list[bool]) -> TextState:
    """Return the state of a document whose pages hold words or not."""
    if all(told):
        return TextState.WHOLE
    return TextState.PARTIAL if any(told) else TextState.NONE


def _has_words(page: PdfPage) -> bool:
    return bool(page.get_textpage().count_chars() > 0)


def _kept_as_is(data: bytes) -> Admitted:
    with open_drawing(data) as document:
        told = [_has_words(page) for page in document]
        notes = {Note.BLANK} if any(is_blank(page) for page in document) else set()
    return Admitted(data, len(told), text_state(told), frozenset(notes))


def _part(data: bytes) -> _Pages | Image.Image:
    match kind_of(data):
        case Kind.PDF:
            found = inspect_pdf(data)
            try:
                return _Pages(flattened(found.pdf), len(found.pdf.pages), found.notes)
            except (pikepdf.PdfError, ValueError, TypeError, RecursionError) as error:
                raise Refused(Reason.BROKEN) from error
        case Kind.PICTURE:
            return read_photograph(data)


def _made(parts: list[_Pages | Image.Image], profile: bytes) -> tuple[_Document, bytes, set[Note]]:
    """Make the document as finely as it can be kept. Raises Refused when nothing gives a PDF/A-1b."""
    attempts = ((RASTER_DPI, False), (RASTER_DPI, True), (_LIGHT_DPI, True))
    reason = Reason.NOT_CONVERTIBLE
    for dpi, all_drawn in attempts:
        document, made = _assemble(parts, profile, dpi, all_drawn=all_drawn)
        if not is_pdf_a(made):
            continue
        if len(made) <= MAX_DOCUMENT_BYTES:
            notes = set(_kept_as_is(made).notes) | ({Note.DRAWN} if document.drawn else set())
            return document, made, notes | ({Note.LIGHTENED} if dpi == _LIGHT_DPI else set())
        reason = Reason.TOO_HEAVY
    raise Refused(reason)


def _assemble(
    parts: list[_Pages | Image.Image], profile: bytes, dpi: float, *, all_drawn: bool
) -> tuple[_Document, bytes]:
    document = _Document()
    for part in parts:
        if isinstance(part, _Pages):
            _add_pages(document, part, profile, dpi, all_drawn=all_drawn)
        else:
            add_photograph(document.pdf, part, dpi)
            document.told.append(False)
    add_colour_profile(document.pdf, profile)
    return document, write(document.pdf)


def _add_pages(document: _Document, part: _Pages, profile: bytes, dpi: float, *, all_drawn: bool) -> None:
    everyone = set(range(part.count))
    kept = mended(part.flat)
    to_draw = everyone if all_drawn or Note.LAYERS in part.notes else pages_to_draw(kept)
    to_draw |= refused_pages(kept, profile, everyone - to_draw)
    with open_drawing(part.flat) as drawing:
        to_draw |= _changed_pages(drawing, kept, everyone - to_draw)
        document.drawn = document.drawn or bool(to_draw)
        for number in range(part.count):
            document.told.append(_has_words(drawing[number]))
            if number in to_draw:
                add_drawn_page(document.pdf, drawing[number], document.words_font(), dpi)
            else:
                document.pdf.pages.append(kept.pages[number])


def _changed_pages(drawing: PdfDocument, kept: Pdf, among: set[int]) -> set[int]:
    """Return which of the mended pages do not look as they did."""
    if not among:
        return set()
    with open_drawing(write(kept)) as now:
        return {number for number in among if not looks_alike(drawing[number], now[number])}
