"""What a PDF holds beside its pages: programs, actions, files, forms. Nothing is run, nothing is drawn.

A refusal is for what no paper of a dossier has a reason to hold, or for what cannot be read whole. The rest
is taken away by the conversion, and said (`Note`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Pdf, Stream

from amarre.dui.intake.apart.limits import (
    MAX_CONTAINERS,
    MAX_EMBEDDED_PIXELS,
    MAX_OBJECTS,
    MAX_PAGE_POINTS,
    MAX_PAGES,
)
from amarre.dui.intake.apart.verdicts import Note, Reason, Refused

_HEAD_BYTES = 1024
_MARK = b"%PDF-"
_BLANK = b"\xef\xbb\xbf\x00\t\n\x0c\r "
# What programs or archives begin with: a file that is both a PDF and one of these is a trap.
_OTHER_HEADS = (b"MZ", b"\x7fELF", b"PK\x03\x04", b"#!", b"\xca\xfe\xba\xbe", b"\xd0\xcf\x11\xe0")
_AFTER_END = re.compile(rb"%%EOF[\r\n \t\x00]*\Z")
_LONGEST_TAIL = 1024

_LAUNCHES = frozenset({"/Launch", "/ImportData"})
_SCRIPTS = frozenset({"/JavaScript", "/RichMediaExecute"})
_LEADS_OUT = frozenset({"/URI", "/GoToR", "/GoToE", "/Thread"})
_ACTIONS = frozenset({"/SubmitForm", "/ResetForm", "/Hide", "/SetOCGState", "/Trans", "/GoTo3DView"})
_MULTIMEDIA_ACTIONS = frozenset({"/Movie", "/Sound", "/Rendition"})
_MULTIMEDIA_ANNOTATIONS = frozenset({"/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"})


@dataclass(frozen=True, slots=True)
class Inspected:
    """An open PDF, its notes, and whether what is shown depends on layers."""

    pdf: Pdf
    notes: frozenset[Note]

    @property
    def is_bare(self) -> bool:
        """True when the file holds nothing but its pages."""
        return not self.notes


def inspect_pdf(data: bytes) -> Inspected:
    """Open a foreign PDF and look at every object. Raises Refused."""
    _check_envelope(data)
    pdf = _open(data)
    notes = set[Note]()
    if pdf.is_encrypted:
        notes.add(Note.RESTRICTED)
    try:
        _check_pages(pdf)
        _check_catalog(pdf, notes)
        for container in _containers(pdf):
            notes |= _notes_of(container)
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, AttributeError, OverflowError) as error:
        # What qpdf or a wrong type of object raises while the tree is walked.
        raise Refused(Reason.BROKEN) from error
    if pdf.get_warnings():
        notes.add(Note.REPAIRED)
    return Inspected(pdf, frozenset(notes))


def _check_envelope(data: bytes) -> None:
    start = data[:_HEAD_BYTES].lstrip(_BLANK)
    if not start.startswith(_MARK):
        if _MARK in data[:_HEAD_BYTES] or start.startswith(_OTHER_HEADS):
            raise Refused(Reason.POLYGLOT)
        raise Refused(Reason.BROKEN)
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise Refused(Reason.POLYGLOT)
    end = data.rfind(b"%%EOF")
    if end >= 0 and not _AFTER_END.search(data[end:]) and len(data) - end > _LONGEST_TAIL:
        raise Refused(Reason.POLYGLOT)


def _open(data: bytes) -> Pdf:
    try:
        return Pdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refused(Reason.ENCRYPTED) from None
    except (pikepdf.PdfError, ValueError, OverflowError, RecursionError) as error:
        if "ncrypt" in str(error):
            raise Refused(Reason.ENCRYPTED) from error
        raise Refused(Reason.BROKEN) from error


def _check_pages(pdf: Pdf) -> None:
    if len(pdf.objects) > MAX_OBJECTS:
        raise Refused(Reason.TOO_COMPLEX)
    count = len(pdf.pages)
    if count == 0:
        raise Refused(Reason.BROKEN)
    if count > MAX_PAGES:
        raise Refused(Reason.TOO_MANY_PAGES)
    seen = set()
    for page in pdf.pages:
        if page.obj.objgen in seen and page.obj.is_indirect:
            raise Refused(Reason.BROKEN)
        seen.add(page.obj.objgen)
        left, bottom, right, top = (float(side) for side in page.mediabox)
        if not (0 < abs(right - left) <= MAX_PAGE_POINTS and 0 < abs(top - bottom) <= MAX_PAGE_POINTS):
            raise Refused(Reason.BROKEN)


def _check_catalog(pdf: Pdf, notes: set[Note]) -> None:
    root = pdf.Root
    if "/Collection" in root:
        raise Refused(Reason.PORTFOLIO)
    if root.get("/NeedsRendering", False):
        raise Refused(Reason.DYNAMIC_FORM)
    if "/OpenAction" in root and isinstance(root.OpenAction, Dictionary):
        notes.add(Note.ACTIONS)
    if "/OCProperties" in root:
        notes.add(Note.LAYERS)
    if "/AcroForm" in root and isinstance(root.AcroForm, Dictionary) and _has_fields(root.AcroForm):
        notes.add(Note.FORM)


def _has_fields(form: Dictionary) -> bool:
    fields = form.get("/Fields")
    return (isinstance(fields, Array) and len(fields) > 0) or "/XFA" in form


def _containers(pdf: Pdf) -> Iterator[Dictionary | Stream]:
    """Yield every dictionary and stream of the file, those inside others included."""
    waiting = [item for item in pdf.objects if isinstance(item, Array | Dictionary | Stream)]
    met = 0
    while waiting:
        item = waiting.pop()
        met += 1
        if met > MAX_CONTAINERS:
            raise Refused(Reason.TOO_COMPLEX)
        if isinstance(item, Array):
            inner = list(item)
        else:
            yield item
            inner = [value for _, value in item.items()]
        # Indirect objects are in the list of the file already.
        waiting += [
            one for one in inner if isinstance(one, Array | Dictionary | Stream) and not one.is_indirect
        ]


def _notes_of(item: Dictionary | Stream) -> set[Note]:
    notes = set[Note]()
    kind, subtype, action = (str(item.get(key, "")) for key in ("/Type", "/Subtype", "/S"))
    if action in _LAUNCHES:
        raise Refused(Reason.LAUNCH)
    if action in _SCRIPTS or "/JS" in item:
        notes.add(Note.SCRIPTS)
    if action in _ACTIONS or "/AA" in item:
        notes.add(Note.ACTIONS)
    if action in _LEADS_OUT:
        notes.add(Note.LINKS)
    if action in _MULTIMEDIA_ACTIONS or subtype in _MULTIMEDIA_ANNOTATIONS:
        notes.add(Note.MULTIMEDIA)
    if "/EF" in item or kind == "/EmbeddedFile" or "/EmbeddedFiles" in item:
        notes.add(Note.ATTACHMENTS)
    if "/XFA" in item:
        notes.add(Note.FORM)
    if "/ByteRange" in item:
        notes.add(Note.SIGNED)
    if isinstance(item, Stream) and subtype == "/Image":
        _check_picture(item)
    if isinstance(item, Stream) and "/F" in item:
        # The content of the stream would be in another file.
        notes.add(Note.EXTERNAL)
    return notes


def _check_picture(item: Stream) -> None:
    width, height = (item.get(key, 0) for key in ("/Width", "/Height"))
    if int(width) * int(height) > MAX_EMBEDDED_PIXELS:
        raise Refused(Reason.TOO_MANY_PIXELS)
