"""GET is read-only, enforced where it cannot be forgotten: at the database cursor.

During a GET or HEAD, only reads, the engine's own transaction statements and inserts into the audit tables
(consulting a record must leave a trace) reach the database. A view that has to write (the return from Pro
Santé Connect) says so with `writes_on_get`; a test lists these views.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connections
from django.http import HttpRequest, HttpResponse

AUDIT_TABLES = frozenset({"audit_trace"})

_READS = frozenset({"SELECT", "EXPLAIN"})
_ENGINE = frozenset({"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"})
_WRITE_WORDS = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "INTO", "TRUNCATE"})
_NOISE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_ROW_LOCK = re.compile(r"\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Z_]+")
_INSERT = re.compile(r'\s*INSERT\s+INTO\s+"([a-z_]+)"', re.IGNORECASE)

V = TypeVar("V", bound=Callable[..., Any])


class WriteDuringRead(RuntimeError):
    """A GET tried to write: a fault of ours. The message holds the kind of statement, never its values."""


def writes_on_get(view: V) -> V:
    """Mark a view as allowed to write during GET (classes: ``method_decorator(…, name="dispatch")``)."""
    view.writes_on_get = True  # type: ignore[attr-defined]
    return view


@lru_cache(maxsize=512)
def is_read(sql: str) -> bool:
    """Say whether `sql` only reads, drives a transaction, or adds a line to the audit trail.

    The answer is kept: the pages ask the same statements, their values travel apart.
    """
    bare = _ROW_LOCK.sub(" ", _NOISE.sub(" ", sql)).strip().rstrip(";")
    if ";" in bare:
        return False
    words = _WORD.findall(bare.upper())
    first = words[0] if words else ""
    if first in _ENGINE:
        return True
    if first == "INSERT":
        table = _INSERT.match(sql)
        return table is not None and table.group(1) in AUDIT_TABLES
    if first in _READS or first == "WITH":
        return not _WRITE_WORDS.intersection(words)
    return False


class ReadOnlyGetMiddleware:
    """Refuse, during GET and HEAD, every statement that is not a read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer under guard."""
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)

        def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if not getattr(request, "writes_on_get", False) and not is_read(sql):
                raise WriteDuringRead(sql.lstrip().split(None, 1)[0][:20])
            return execute(sql, params, many, context)

        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(guard))
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> None:
        """Lift the guard for the views that say so."""
        if getattr(view, "writes_on_get", False):
            request.writes_on_get = True  # type: ignore[attr-defined]
