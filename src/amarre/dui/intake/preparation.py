"""Files chosen by a person → what an import keeps: their PDF/A-1b, and the files as they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from amarre.dui.intake.apart.formats import is_archive, is_picture
from amarre.dui.intake.apart.limits import MAX_FILES, MAX_UPLOAD_BYTES, MIB
from amarre.dui.intake.apart.verdicts import Note
from amarre.dui.intake.errors import TooManyFiles, UploadTooLarge
from amarre.dui.intake.office_conversion import office_to_pdf
from amarre.dui.intake.reader import Converted, clean_office, convert

_PNG = b"\x89PNG"


@dataclass(frozen=True, slots=True)
class Original:
    """One file as it was sent; `suffix` by its content."""

    data: bytes = field(repr=False)
    suffix: str = "pdf"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be described: what was made, and what it was made of."""

    converted: Converted
    originals: tuple[Original, ...]


def prepare(files: Sequence[bytes]) -> Prepared:
    """Convert `files`, in order, into one document; a text of an office is made a PDF first.

    Raises UploadTooLarge, TooManyFiles, the refusals of `intake.refusals`, ConverterMissing,
    ConversionFailed, FileTooDemanding, ReadersBusy.
    """
    if len(files) > MAX_FILES:
        raise TooManyFiles(limit=MAX_FILES)
    if sum(map(len, files)) > MAX_UPLOAD_BYTES:
        raise UploadTooLarge(limit=MAX_UPLOAD_BYTES // MIB)
    readable, originals, notes = [], [], frozenset[Note]()
    for data in files:
        if not is_archive(data):
            readable.append(data)
            originals.append(Original(data, _suffix(data)))
            continue
        suffix, clean, told = clean_office(data)
        readable.append(office_to_pdf(clean, suffix))
        originals.append(Original(data, suffix))
        notes |= told
    return Prepared(convert(readable, notes=notes), tuple(originals))


def _suffix(data: bytes) -> str:
    if not is_picture(data):
        return "pdf"
    return "png" if data.startswith(_PNG) else "jpg"
