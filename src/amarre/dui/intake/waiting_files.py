"""A document converted, until somebody says what it is: sealed, on the private storage, for an hour.

Nothing is in the dossier yet. The files open with the token that the session of the person holds.
"""

from __future__ import annotations

import datetime
import hashlib

from django.http import HttpRequest

from amarre.dui.access.actors import actor_of
from amarre.dui.core.sealed_files import Sealed, SealedFileGone, SealedFolder
from amarre.dui.intake.apart.protocol import Message
from amarre.dui.intake.apart.verdicts import Note, TextState
from amarre.dui.intake.errors import FilesGone
from amarre.dui.intake.preparation import Original, Prepared
from amarre.dui.intake.reader import Converted
from amarre.dui.usagers.models import Dossier

LIFETIME = datetime.timedelta(hours=1)
_folder = SealedFolder("documents-en-attente", LIFETIME, b"amarre documents brought from elsewhere")
_SESSION = "intake"


def keep(request: HttpRequest, dossier: Dossier, prepared: Prepared) -> None:
    """Keep what was prepared for `dossier`; what waited before is forgotten."""
    discard(request)
    made = prepared.converted
    head = {
        "pages": made.pages,
        "text": made.text.value,
        "notes": sorted(note.value for note in made.notes),
        "suffixes": [original.suffix for original in prepared.originals],
    }
    packed = Message(head, (made.pdf, *(original.data for original in prepared.originals))).pack()
    token = _folder.put(actor_of(request), Sealed({"dossier": dossier.pk}, packed))
    request.session[_SESSION] = {"token": token, "dossier": dossier.pk}


def waiting(request: HttpRequest, dossier: Dossier) -> Prepared:
    """Return what waits for `dossier` in this session. Raises FilesGone."""
    held = request.session.get(_SESSION, {})
    if held.get("dossier") != dossier.pk:
        raise FilesGone
    try:
        sealed = _folder.get(actor_of(request), str(held.get("token", "")))
    except SealedFileGone:
        raise FilesGone from None
    packed = Message.unpack(sealed.data)
    pdf, *originals = packed.files
    made = Converted(
        pdf,
        int(packed.head["pages"]),
        TextState(packed.head["text"]),
        frozenset(Note(note) for note in packed.head["notes"]),
    )
    suffixes = packed.head["suffixes"]
    return Prepared(made, tuple(Original(*pair) for pair in zip(originals, suffixes, strict=True)))


def mark(request: HttpRequest) -> str:
    """Return what a page keeps of the files it shows: others may have been brought since, in another tab."""
    held = request.session.get(_SESSION, {})
    return hashlib.sha256(str(held.get("token", "")).encode()).hexdigest()[:16]


def discard(request: HttpRequest) -> None:
    """Forget what waits in this session."""
    held = request.session.pop(_SESSION, None)
    if held:
        _folder.discard(str(held.get("token", "")))


def purge_expired() -> None:
    """Remove what nobody described in time."""
    _folder.purge_expired()
