"""Files read often and changed rarely (keys, certificates): what was made of them, until they change."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Made = TypeVar("Made")
Stamp = tuple[int, int, int, int] | None
KEPT = 64


def until_files_change(read: Callable[..., Made]) -> Callable[..., Made]:
    """Decorate a function of file names that only reads those files: it reads them again once one changed.

    A file that changed, or whose rights changed, has other times, another size or another place on the disk:
    a certificate replaced is seen at the next call, without restart (quality bar F18). What `read` raises is
    not kept.
    """

    @lru_cache(maxsize=KEPT)
    def kept(names: tuple[str, ...], stamps: tuple[Stamp, ...]) -> Made:
        return read(*names)

    @wraps(read)
    def asked(*names: str) -> Made:
        return kept(names, tuple(_stamp(name) for name in names))

    return asked


def _stamp(name: str) -> Stamp:
    try:
        seen = os.stat(name)
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino
