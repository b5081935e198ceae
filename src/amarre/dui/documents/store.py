"""The document store: bytes under their SHA-256, verified at each reading.

Uses Django's default file storage (a folder, or an S3-compatible host): the content gives the name,
so the same bytes are stored once and a changed file is noticed.
"""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from amarre.dui.documents.errors import DocumentCorrupted, DocumentMissing


def put(data: bytes) -> str:
    """Store `data` and return its SHA-256 in hexadecimal.

    Storing twice changes nothing, unless what is stored is no longer these bytes: they are written again.
    """
    digest = hashlib.sha256(data).hexdigest()
    name = _name(digest)
    try:
        get(digest)
    except DocumentMissing:
        default_storage.save(name, ContentFile(data))
    except DocumentCorrupted:
        default_storage.delete(name)
        default_storage.save(name, ContentFile(data))
    return digest


def get(digest: str) -> bytes:
    """Return the bytes stored under `digest`. Raises DocumentMissing or DocumentCorrupted."""
    try:
        with default_storage.open(_name(digest), "rb") as file:
            data = bytes(file.read())
    except FileNotFoundError as error:
        raise DocumentMissing(reference=digest[:12]) from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise DocumentCorrupted(reference=digest[:12])
    return data


def size(digest: str) -> int:
    """Return how many bytes are stored under `digest`, without reading them. Raises DocumentMissing."""
    try:
        return int(default_storage.size(_name(digest)))
    except FileNotFoundError as error:
        raise DocumentMissing(reference=digest[:12]) from error


def _name(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"
