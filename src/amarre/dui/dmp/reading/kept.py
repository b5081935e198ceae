"""What was read in this session: the state of a DMP, and the last documents opened. Nothing outlives it.

The state (TD0.2) is kept only when the DMP said that this professional may read: anything else is asked
again. The last list is kept so that turning its pages asks nothing: the person sees every access in Mon
espace santé. Lists and documents are sealed on the private storage (`core.sealed_files`), so that a frame, a
picture or a copy does not ask the DMP again; their tokens are in the session alone.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.core.sealed_files import Sealed, SealedFileGone, SealedFolder
from amarre.dui.dmp.reading.errors import ReadCopyGone
from amarre.dui.dmp.reading.lines import Line, from_values, to_values
from amarre.interop.dmp import Authorisation, DmpState, DmpStatus

LIFETIME = datetime.timedelta(minutes=20)
# Documents kept at once in a session; the oldest is forgotten first.
MOST = 5
STATES, DOCUMENTS, LIST, DIFFERENCES = "dmp_states", "dmp_read", "dmp_list", "dmp_differences"
_folder = SealedFolder("dmp-lus", LIFETIME, b"amarre documents read in a DMP")

purge_expired = _folder.purge_expired


@dataclass(frozen=True, slots=True)
class KeptStatus:
    """An answer of TD0.2 and when it was given."""

    status: DmpStatus
    at: datetime.datetime


def keep_status(session: SessionBase, actor: Actor, dossier_id: int, status: DmpStatus) -> None:
    """Keep an answer for the session when it opens the reading; forget the earlier one otherwise."""
    known = dict(session.get(STATES, {}))
    key = f"{actor.essms_id}:{dossier_id}"
    known.pop(key, None)
    if status.state is DmpState.ACTIVE and status.authorisation is Authorisation.VALIDE:
        known[key] = {
            "attached": status.attached_to_mes,
            "treating": status.caller_is_treating_physician,
            "at": now().isoformat(),
        }
    session[STATES] = known


def kept_status(session: SessionBase, actor: Actor, dossier_id: int) -> KeptStatus | None:
    """Return the answer kept in this session, None when there is none."""
    found = session.get(STATES, {}).get(f"{actor.essms_id}:{dossier_id}")
    if found is None:
        return None
    status = DmpStatus(
        DmpState.ACTIVE,
        authorisation=Authorisation.VALIDE,
        attached_to_mes=found["attached"],
        caller_is_treating_physician=found["treating"],
    )
    return KeptStatus(status, datetime.datetime.fromisoformat(found["at"]))


def forget_status(session: SessionBase, actor: Actor, dossier_id: int) -> None:
    """Forget the answer: the access was declared or taken back."""
    known = dict(session.get(STATES, {}))
    known.pop(f"{actor.essms_id}:{dossier_id}", None)
    session[STATES] = known


def keep_document(
    session: SessionBase, actor: Actor, dossier_id: int, unique_id: str, values: dict[str, Any], data: bytes
) -> None:
    """Keep the bytes of a document just read, and what the list said of it."""
    tokens = dict(session.get(DOCUMENTS, {}))
    key = f"{dossier_id}:{unique_id}"
    _folder.discard(tokens.pop(key, ""))
    tokens[key] = _folder.put(actor, Sealed({**values, "key": key}, data))
    while len(tokens) > MOST:
        _folder.discard(tokens.pop(next(iter(tokens))))
    session[DOCUMENTS] = tokens


def kept_document(session: SessionBase, actor: Actor, dossier_id: int, unique_id: str) -> Sealed:
    """Return a document read in this session. Raises ReadCopyGone."""
    key = f"{dossier_id}:{unique_id}"
    try:
        found = _folder.get(actor, session.get(DOCUMENTS, {}).get(key, ""))
    except SealedFileGone:
        raise ReadCopyGone from None
    if found.values.get("key") != key:
        raise ReadCopyGone
    return found


@dataclass(frozen=True, slots=True)
class KeptList:
    """The lines of the last search, and when the DMP gave them."""

    lines: list[Line]
    at: datetime.datetime


def keep_list(
    session: SessionBase, actor: Actor, dossier_id: int, search: str, lines: list[Line]
) -> KeptList:
    """Keep the list of one search in the place of the last one; return it."""
    _folder.discard(session.get(LIST, {}).get("token", ""))
    found = KeptList(lines, now())
    values = {"key": f"{dossier_id}:{search}", "at": found.at.isoformat(), "lines": to_values(lines)}
    session[LIST] = {"key": values["key"], "token": _folder.put(actor, Sealed(values, b""))}
    return found


def kept_list(session: SessionBase, actor: Actor, dossier_id: int, search: str) -> KeptList | None:
    """Return the list of the same search, None when it has to be asked."""
    held = session.get(LIST, {})
    if held.get("key") != f"{dossier_id}:{search}":
        return None
    try:
        values = _folder.get(actor, held["token"]).values
    except SealedFileGone:
        return None
    return KeptList(from_values(values["lines"]), datetime.datetime.fromisoformat(values["at"]))


def keep_differences(session: SessionBase, dossier_id: int, differences: list[dict[str, Any]]) -> None:
    """Keep the names of what the DMP writes otherwise, for who reports it; never a value."""
    session[DIFFERENCES] = {str(dossier_id): differences}


def kept_differences(session: SessionBase, dossier_id: int) -> list[dict[str, Any]]:
    """Return what `keep_differences` kept. Raises ReadCopyGone when the page is too old."""
    found = session.get(DIFFERENCES, {}).get(str(dossier_id))
    if not found:
        raise ReadCopyGone
    return list(found)
