"""What several parts of one page need is read once: a memory that lasts as long as the request."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from django.http import HttpRequest

T = TypeVar("T")


def once(request: HttpRequest, key: Hashable, read: Callable[[], T]) -> T:
    """Return what `read` gave the first time it was asked for `key` during this request."""
    memory: dict[Hashable, object] = request.__dict__.setdefault("amarre_memo", {})
    if key not in memory:
        memory[key] = read()
    return cast(T, memory[key])
