"""The list between two steps: sealed, on the private storage of the installation, for an hour.

A list is personal data that nobody has confirmed yet. It is kept neither in the database nor in the browser.
"""

from __future__ import annotations

import datetime

from amarre.dui.core.actor import Actor
from amarre.dui.core.sealed_files import Sealed as Draft
from amarre.dui.core.sealed_files import SealedFileGone, SealedFolder
from amarre.dui.usagers.importing.errors import DraftGone

__all__ = ["FOLDER", "LIFETIME", "Draft", "discard", "get", "purge_expired", "put"]

LIFETIME = datetime.timedelta(hours=1)
FOLDER = "imports-en-attente"
_folder = SealedFolder(FOLDER, LIFETIME, b"amarre import of usagers")

put = _folder.put
discard = _folder.discard
purge_expired = _folder.purge_expired


def get(actor: Actor, token: str) -> Draft:
    """Return a draft to the person who kept it, in the same establishment. Raises DraftGone."""
    try:
        return _folder.get(actor, token)
    except SealedFileGone:
        raise DraftGone from None
