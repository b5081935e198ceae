"""Bytes kept between two pages of one person: sealed, on the private storage, for a short time.

Each file is sealed (AES-256-GCM) by a key made of the installation's secret and of a token that only the
session of the person holds: the file without the session opens nothing. The person and the establishment are
authenticated with it. What is used or abandoned is discarded; `purge_expired` removes what was left.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.core.sealing import SealBroken, new_token, seal, unseal

_HEAD_BYTES = 4

logger = logging.getLogger("amarre.core")


class SealedFileGone(LookupError):
    """The file expired, was used, or belongs to another person, session or establishment."""


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """What is kept: plain values, and bytes."""

    values: dict[str, Any]
    data: bytes


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """One use: its folder on the private storage, how long a file lives, what ties its keys to it."""

    name: str
    lifetime: datetime.timedelta
    purpose: bytes

    def put(self, actor: Actor, kept: Sealed) -> str:
        """Keep `kept` and return its token."""
        self.purge_expired()
        token = new_token()
        head = json.dumps({"at": now().isoformat(), "values": kept.values}).encode()
        clear = len(head).to_bytes(_HEAD_BYTES, "big") + head + kept.data
        sealed = seal(clear, token=token, purpose=self.purpose, owner=_owner(actor))
        default_storage.save(self._path(token), ContentFile(sealed))
        return token

    def get(self, actor: Actor, token: str) -> Sealed:
        """Return what the same person kept, in the same establishment. Raises SealedFileGone."""
        try:
            with default_storage.open(self._path(token), "rb") as file:
                stored = bytes(file.read())
            clear = unseal(stored, token=token, purpose=self.purpose, owner=_owner(actor))
        except (FileNotFoundError, SealBroken, ValueError):
            raise SealedFileGone from None
        end = _HEAD_BYTES + int.from_bytes(clear[:_HEAD_BYTES], "big")
        head = json.loads(clear[_HEAD_BYTES:end])
        if datetime.datetime.fromisoformat(head["at"]) + self.lifetime < now():
            self.discard(token)
            raise SealedFileGone
        return Sealed(head["values"], clear[end:])

    def discard(self, token: str) -> None:
        """Forget a file; nothing happens when it is gone already."""
        if token:
            default_storage.delete(self._path(token))

    def purge_expired(self) -> None:
        """Remove the files older than their lifetime."""
        try:
            _, names = default_storage.listdir(self.name)
        except FileNotFoundError:
            return
        for name in names:
            path = f"{self.name}/{name}"
            try:
                if default_storage.get_modified_time(path) + self.lifetime < now():
                    default_storage.delete(path)
            except FileNotFoundError:
                # Another process removed it meanwhile.
                logger.debug("sealed file already removed")

    def _path(self, token: str) -> str:
        return f"{self.name}/{hashlib.sha256(token.encode()).hexdigest()}"


def _owner(actor: Actor) -> bytes:
    return f"{actor.user_id}:{actor.essms_id}".encode()
