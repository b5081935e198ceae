"""The outbox against two bare rows."""

from __future__ import annotations

import uuid

from django.db import connection, transaction

from amarre.dui.exchanges.services.enqueue import enqueue
from scripts.bench.house import Ground
from scripts.bench.timing import Row, Work

PART = b"x" * 200_000


def rows(ground: Ground) -> list[Row]:
    """Return the rows of the exchanges."""
    return [
        Row(
            "durable enqueue", _enqueue(ground), _two_rows(), 3.0,
            "one transaction of enqueue() with 200 KB frozen, against one of two bare INSERT with the same "
            "200 KB; SQLite file, synchronous FULL", waits=True,
        ),
    ]  # fmt: skip


def _enqueue(ground: Ground) -> Work:
    actor = ground.house.actor

    def work() -> object:
        with transaction.atomic():
            return enqueue(
                kind="insi.search", actor=actor, essms_id=ground.house.essms.pk, key=f"bench:{uuid.uuid4()}",
                lane="bench", parts={"request": PART},
            )  # fmt: skip

    return work


def _two_rows() -> Work:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
        kind = "bytea" if connection.vendor == "postgresql" else "BLOB"
        cursor.execute(f"CREATE TABLE bench_part (id INTEGER PRIMARY KEY, row_id INTEGER, data {kind})")

    def work() -> object:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_row (name) VALUES (%s)", [str(uuid.uuid4())])
            cursor.execute("INSERT INTO bench_part (row_id, data) VALUES (%s, %s)", [cursor.lastrowid, PART])
        return None

    return work
