"""Seal the trace: one keyed chain per establishment, written in order by one sealer at a time.

Writing a line takes no lock and waits for nobody; order is given afterwards, here. A line that is committed
late is simply sealed at the next pass.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
from collections import defaultdict

from django.conf import settings
from django.db import connection, transaction

from amarre.dui.audit.models import Seal, SealCursor, Trace
from amarre.dui.core.clock import now

FIRST = "0" * 64
# A transaction older than this is not expected to commit any more: the cursor may pass its identifiers.
_LATE_COMMITS = datetime.timedelta(hours=1)
_LOCK_NUMBER = 0x616D_6172  # "amar": PostgreSQL advisory lock of the sealer
_FIELDS = tuple(f.attname for f in Trace._meta.concrete_fields)


def canonical(trace: Trace) -> bytes:
    """Return the bytes of a trace that are sealed: every column, keys sorted, dates in UTC."""
    values = {}
    for name in _FIELDS:
        value = getattr(trace, name)
        if isinstance(value, datetime.datetime):
            value = value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
        values[name] = value
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def digest(previous: str, chain: int, number: int, trace: Trace) -> str:
    """Return the HMAC-SHA-256 of one link, in hexadecimal."""
    message = f"{previous}\n{chain}\n{number}\n".encode() + canonical(trace)
    return hmac.new(settings.AUDIT_KEY.encode(), message, hashlib.sha256).hexdigest()


def seal_pending(limit: int = 5000) -> int:
    """Seal up to `limit` lines that are not sealed yet; return how many were.

    Returns 0 at once when another sealer is at work.
    """
    with transaction.atomic():
        if not _only_sealer():
            return 0
        cursor, _ = SealCursor.objects.get_or_create(pk=1)
        pending = list(
            Trace.objects.filter(pk__gt=cursor.sealed_up_to, seal__isnull=True).order_by("pk")[:limit]
        )
        by_chain: dict[int, list[Trace]] = defaultdict(list)
        for trace in pending:
            by_chain[trace.essms_id or 0].append(trace)
        for chain, traces in by_chain.items():
            Seal.objects.bulk_create(_links(chain, traces))
        _advance(cursor, limit)
    return len(pending)


def _only_sealer() -> bool:
    if connection.vendor != "postgresql":
        return True  # The transaction already holds SQLite's only write lock.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK_NUMBER])
        return bool(cursor.fetchone()[0])


def _links(chain: int, traces: list[Trace]) -> list[Seal]:
    last = Seal.objects.filter(chain=chain).order_by("-number").first()
    previous, number = (last.digest, last.number) if last else (FIRST, 0)
    links = []
    for trace in traces:
        number += 1
        previous = digest(previous, chain, number, trace)
        links.append(Seal(chain=chain, number=number, trace=trace, digest=previous))
    return links


def _advance(cursor: SealCursor, limit: int) -> None:
    """Pass the lines that are sealed and too old for an earlier one to be committed still.

    Lines are young when they are sealed: those of earlier passes are looked at, `limit` at a time, so that a
    pass costs the same whatever the age of the installation.
    """
    horizon = now() - _LATE_COMMITS
    rows = Trace.objects.filter(pk__gt=cursor.sealed_up_to).order_by("pk").values_list("pk", "at", "seal")
    passed = cursor.sealed_up_to
    for pk, at, seal in rows[:limit]:
        if seal is None or at >= horizon:
            break
        passed = pk
    if passed != cursor.sealed_up_to:
        cursor.sealed_up_to = passed
        cursor.save()
