"""What a carte Vitale said of one person, between its reading and the creation of the dossier: sealed, a
quarter of an hour, for the person who read it."""

from __future__ import annotations

import datetime

from amarre.dui.core.actor import Actor
from amarre.dui.core.sealed_files import Sealed, SealedFileGone, SealedFolder
from amarre.dui.usagers.vitale import query_from_bytes, query_to_bytes
from amarre.interop.ins.insi import VitaleQuery

_folder = SealedFolder("cartes-lues", datetime.timedelta(minutes=15), b"amarre carte vitale")

purge_expired = _folder.purge_expired


def put(actor: Actor, query: VitaleQuery) -> str:
    """Keep what the card says of one person and return its token."""
    return _folder.put(actor, Sealed({}, query_to_bytes(query)))


def take(actor: Actor, token: str) -> VitaleQuery | None:
    """Return it once, and forget it; None when it is gone."""
    try:
        kept = _folder.get(actor, token)
    except SealedFileGone:
        return None
    _folder.discard(token)
    return query_from_bytes(kept.data)
