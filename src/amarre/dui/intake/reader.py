"""Foreign files, read by a process of their own: what the site asks, what it hears back.

The only module that starts that process (`intake.apart`). At most two files are read at a time by one site
process: each may take half a gigabyte. Nothing here looks inside a foreign file.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from amarre.dui.intake.apart.formats import is_picture
from amarre.dui.intake.apart.limits import WALL_SECONDS
from amarre.dui.intake.apart.protocol import Message
from amarre.dui.intake.apart.verdicts import Note, Reason, TextState
from amarre.dui.intake.colour_profile import srgb_profile
from amarre.dui.intake.errors import FileTooDemanding, ReadersBusy
from amarre.dui.intake.refusals import refusal_of

_READER = "amarre.dui.intake.apart"
_READERS = 2
_PATIENCE_SECONDS = 30
_turns = threading.BoundedSemaphore(_READERS)


@dataclass(frozen=True, slots=True)
class Converted:
    """A document converted: its PDF/A-1b, its number of pages, its text, what was changed on the way."""

    pdf: bytes = field(repr=False)
    pages: int
    text: TextState
    notes: frozenset[Note]


def convert(files: Sequence[bytes], *, notes: frozenset[Note] = frozenset()) -> Converted:
    """Return the PDF/A-1b made of `files` (PDF, JPEG, PNG), in order; `notes` of an earlier step are kept.

    Raises the refusals of `intake.refusals`, FileTooDemanding, ReadersBusy.
    """
    pictures = any(is_picture(data) for data in files)
    answer = _ask({"question": "admit", "pictures": pictures}, srgb_profile(), *files)
    head = answer.head
    told = frozenset(Note(note) for note in head["notes"])
    return Converted(answer.files[0], int(head["pages"]), TextState(head["text"]), told | notes)


def clean_office(data: bytes) -> tuple[str, bytes, frozenset[Note]]:
    """Return (suffix, archive, notes) of a text without what leads outside. Raises as `convert`."""
    answer = _ask({"question": "clean"}, data)
    notes = frozenset(Note(note) for note in answer.head["notes"])
    return str(answer.head["kind"]), answer.files[0], notes


def join(*, cover: bytes, band: bytes, body: bytes, title: str) -> bytes:
    """Return `cover`, then `body` with `band` above each page, as one PDF/A-1b. Raises as `convert`."""
    return _ask({"question": "join", "title": title}, cover, band, body).files[0]


def draw_page(body: bytes, number: int, width: int) -> bytes:
    """Return page `number` (from 0) of a converted document as a PNG of `width` pixels."""
    return _ask({"question": "draw", "page": number, "width": width}, body).files[0]


def clean_picture(data: bytes) -> bytes:
    """Return a picture found inside a document as a PNG of its pixels alone. Raises as `convert`."""
    return _ask({"question": "picture", "pictures": True}, data).files[0]


def _ask(head: dict[str, object], *files: bytes) -> Message:
    if not _turns.acquire(timeout=_PATIENCE_SECONDS):
        raise ReadersBusy
    try:
        done = subprocess.run(  # noqa: S603 - our own module; files only travel by the standard input
            [sys.executable, "-I", "-m", _READER],
            input=Message(head, files).pack(),
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise FileTooDemanding from None
    finally:
        _turns.release()
    if done.returncode != 0:
        # Killed by a limit, or by what the file did to a library: in both cases the file is the cause.
        raise FileTooDemanding
    answer = Message.unpack(done.stdout)
    refused = answer.head.get("refused")
    if refused is not None:
        raise refusal_of(Reason(refused))
    return answer
