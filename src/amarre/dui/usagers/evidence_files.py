"""The files of copies of identity documents: sealed, on the private storage, under names that say nothing.

Pictures only, made again from their pixels (`interop.common.pictures`): nothing of the file received is kept.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from amarre.dui.core.clock import now
from amarre.dui.core.sealing import SealBroken, new_token, seal, unseal
from amarre.dui.usagers.evidence_errors import CopyPdfRefused, CopyTooManyPages, CopyUnreadable
from amarre.interop.common.pictures import encoded, open_picture

FOLDER = "copies-de-pieces"
_PURPOSE = b"amarre evidence copy"
# Enough to read a card again on a screen; a document scanned at 200 dots per inch.
SIDE = 1_800
MAX_PAGES = 4
# A file without a row is of a transaction that failed, or that is still open.
ORPHAN = datetime.timedelta(hours=1)

logger = logging.getLogger("amarre.usagers")

PdfReader = Callable[[bytes], Sequence[bytes]]
_pdf_readers: list[PdfReader] = []


def register_pdf_reader(reader: PdfReader) -> None:
    """Offer to draw the pages of a PDF as pictures, in a process apart; called from an `apps.ready`."""
    _pdf_readers[:] = [reader]


def reads_pdf() -> bool:
    """Say whether a PDF may be given."""
    return bool(_pdf_readers)


def clean_pages(files: Sequence[bytes]) -> list[bytes]:
    """Return each page as a new JPEG of its pixels alone.

    Raises PictureError, CopyPdfRefused, CopyTooManyPages, and what the reader of PDF raises.
    """
    pages: list[bytes] = []
    for data in files:
        if data.startswith(b"%PDF"):
            if not _pdf_readers:
                raise CopyPdfRefused
            pages += _pdf_readers[0](data)
        else:
            pages.append(data)
    if len(pages) > MAX_PAGES:
        raise CopyTooManyPages(limit=MAX_PAGES)
    return [_page(data) for data in pages]


def _page(data: bytes) -> bytes:
    picture = open_picture(data, enough_side=SIDE)
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return encoded(picture, "JPEG")


def keep(page: bytes) -> tuple[str, str]:
    """Write one page and return the name of its file and its token."""
    name, token = new_token(), new_token()
    sealed = seal(page, token=token, purpose=_PURPOSE, owner=name.encode())
    default_storage.save(f"{FOLDER}/{name}", ContentFile(sealed))
    return name, token


def read(name: str, token: str) -> bytes:
    """Return one page as it was kept. Raises CopyUnreadable."""
    try:
        with default_storage.open(f"{FOLDER}/{name}", "rb") as file:
            return unseal(bytes(file.read()), token=token, purpose=_PURPOSE, owner=name.encode())
    except (FileNotFoundError, SealBroken):
        raise CopyUnreadable from None


def erase(name: str) -> None:
    """Remove one file; nothing happens when it is gone already."""
    default_storage.delete(f"{FOLDER}/{name}")


def orphans(known: set[str]) -> list[str]:
    """Return the files that no row names and that no transaction is writing."""
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return [name for name in names if name not in known and _is_old(name)]


def _is_old(name: str) -> bool:
    try:
        return default_storage.get_modified_time(f"{FOLDER}/{name}") + ORPHAN < now()
    except FileNotFoundError:
        # Another process removed it meanwhile.
        logger.debug("copy already removed")
        return False
