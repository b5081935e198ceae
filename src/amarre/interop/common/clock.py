"""Time and identifiers as arguments: the only module of the kit that reads a clock or draws randomness."""

from __future__ import annotations

import datetime
import uuid
from typing import Protocol


class Clock(Protocol):
    """Gives the current instant."""

    def now(self) -> datetime.datetime:
        """Return an aware UTC datetime."""
        ...


class IdSource(Protocol):
    """Gives identifiers that were never given before."""

    def uuid(self) -> uuid.UUID:
        """Return a random UUID (version 4)."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime.datetime:
        """Return the current instant, aware, UTC."""
        return datetime.datetime.now(datetime.UTC)


class SystemIds:
    """Identifiers drawn from the operating system's randomness."""

    def uuid(self) -> uuid.UUID:
        """Return a random UUID (version 4)."""
        return uuid.uuid4()


def oid_under(root: str, value: uuid.UUID) -> str:
    """Return an OID under `root` made from a UUID, at most 64 characters long.

    The UUID is written as its decimal integer (no leading zero, as OID components require); under a long
    root it is cut to the room that remains. Source: CI-SIS, Structuration minimale, identifiers (OID ≤ 64).
    Raises ValueError when the root leaves fewer than 20 digits, too few to stay unique.
    """
    room = 64 - len(root) - 1
    if room < 20:
        raise ValueError("the root OID is too long to create identifiers under it")
    digits = str(value.int)[-room:].lstrip("0") or "1"
    return f"{root}.{digits}"
