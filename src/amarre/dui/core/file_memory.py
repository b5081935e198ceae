"""Files read often and changed rarely (keys, certificates): what was made of them, until they change."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Made = TypeVar("Made")
# Times, size and place of a file; None when it cannot be seen.
Stamp = tuple[int, int, int, int] | None
KEPT = 64


def until_files_change(read: Callable[..., Made]) -> Callable[..., Made]:
    """Decorate a function of file names that only reads those files: it reads them again once one changed.

    A file that changed, or whose rights changed, has other times, another size or another place on the disk:
    a certificate replaced is seen at the next call, without restart (quality bar F18), and nothing is kept of
    the one before. What `read` raises is not kept. What it returns is shared: nobody may change it.
    """
    kept: dict[tuple[str, ...], tuple[tuple[Stamp, ...], Made]] = {}

    @wraps(read)
    def asked(*names: str) -> Made:
        stamps = stamps_of(names)
        held = kept.get(names)
        if held is not None and held[0] == stamps:
            return held[1]
        kept.pop(names, None)
        made = read(*names)
        if len(kept) >= KEPT:
            kept.clear()
        kept[names] = (stamps, made)
        return made

    return asked


def stamps_of(names: tuple[str, ...]) -> tuple[Stamp, ...]:
    """Return what tells each file from what it was or will be."""
    return tuple(_stamp(name) for name in names)


def _stamp(name: str) -> Stamp:
    try:
        seen = os.stat(name)
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino
