"""The file between two steps: encrypted, on the private storage of the installation, for an hour.

A list is personal data that nobody has confirmed yet. It is kept neither in the database nor in the browser.
Each file is sealed (AES-256-GCM) by a key made of the installation's secret and of a token that only the
session of the person holds: the file without the session opens nothing. The person and the establishment are
authenticated with it. It is deleted once used or abandoned; `purge_expired` removes what was left.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from amarre.dui.core.actor import Actor
from amarre.dui.core.clock import now
from amarre.dui.usagers.importing.errors import DraftGone

LIFETIME = datetime.timedelta(hours=1)
FOLDER = "imports-en-attente"
_NONCE_BYTES = 12

logger = logging.getLogger("amarre.usagers")


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """What is kept: plain values, and bytes (the list, or the rows refused)."""

    values: dict[str, Any]
    data: bytes


def put(actor: Actor, draft: Draft) -> str:
    """Keep a draft and return its token."""
    purge_expired()
    token = secrets.token_urlsafe(32)
    head = json.dumps({"at": now().isoformat(), "values": draft.values}).encode()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_key(token)).encrypt(
        nonce, len(head).to_bytes(4, "big") + head + draft.data, _owner(actor)
    )  # fmt: skip
    default_storage.save(_name(token), ContentFile(nonce + sealed))
    return token


def get(actor: Actor, token: str) -> Draft:
    """Return a draft to the person who kept it, in the same establishment. Raises DraftGone."""
    try:
        with default_storage.open(_name(token), "rb") as file:
            stored = bytes(file.read())
        clear = AESGCM(_key(token)).decrypt(stored[:_NONCE_BYTES], stored[_NONCE_BYTES:], _owner(actor))
    except (FileNotFoundError, InvalidTag, ValueError):
        raise DraftGone from None
    end = 4 + int.from_bytes(clear[:4], "big")
    head = json.loads(clear[4:end])
    if datetime.datetime.fromisoformat(head["at"]) + LIFETIME < now():
        discard(token)
        raise DraftGone
    return Draft(head["values"], clear[end:])


def discard(token: str) -> None:
    """Forget a draft; nothing happens when it is gone already."""
    if token:
        default_storage.delete(_name(token))


def purge_expired() -> None:
    """Remove the drafts older than an hour."""
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for name in names:
        path = f"{FOLDER}/{name}"
        try:
            if default_storage.get_modified_time(path) + LIFETIME < now():
                default_storage.delete(path)
        except FileNotFoundError:
            # Another process removed it meanwhile.
            logger.debug("import draft already removed")


def _key(token: str) -> bytes:
    derivation = HKDF(hashes.SHA256(), 32, salt=token.encode(), info=b"amarre import of usagers")
    return derivation.derive(settings.SECRET_KEY.encode())


def _owner(actor: Actor) -> bytes:
    return f"{actor.user_id}:{actor.essms_id}".encode()


def _name(token: str) -> str:
    return f"{FOLDER}/{hashlib.sha256(token.encode()).hexdigest()}"
