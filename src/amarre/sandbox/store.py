"""The durable state of the sandbox: one SQLite file (or memory), written in atomic transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS item (
    service TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (service, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS exchange (
    id INTEGER PRIMARY KEY AUTOINCREMENT, service TEXT NOT NULL, at TEXT NOT NULL, detail TEXT NOT NULL,
    request BLOB NOT NULL, response BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS exchange_service ON exchange (service, id);
"""


class Database:
    """One SQLite connection shared between threads under a lock. Path None keeps everything in memory."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            ":memory:" if path is None else str(path), check_same_thread=False, isolation_level=None
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing that was committed; only a power cut may lose the last commits.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside one transaction, committed unless an exception leaves the block."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def query(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        """Return the rows of a SELECT."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def close(self) -> None:
        """Close the file. Later calls fail."""
        with self._lock:
            self._connection.close()


class SqliteStore:
    """`amarre.sandbox.service.Store` over a Database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, service: str, key: str) -> bytes | None:
        """Return the bytes of a key, None when it does not exist."""
        rows = self._database.query("SELECT value FROM item WHERE service = ? AND key = ?", (service, key))
        if not rows:
            return None
        value = rows[0][0]
        return value if isinstance(value, bytes) else str(value).encode()

    def put(self, service: str, key: str, value: bytes) -> None:
        """Write a key, replacing what it held."""
        self.put_many(service, {key: value})

    def put_many(self, service: str, values: dict[str, bytes]) -> None:
        """Write several keys: all of them or none."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO item VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [(service, key, value) for key, value in values.items()],
            )

    def put_new(self, service: str, key: str, value: bytes) -> bool:
        """Write a key only when it does not exist; return whether it was written."""
        with self._database.transaction() as connection:
            done = connection.execute(
                "INSERT INTO item VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (service, key, value)
            )
            return done.rowcount == 1

    def delete(self, service: str, key: str) -> None:
        """Forget a key. A key that does not exist is no error."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM item WHERE service = ? AND key = ?", (service, key))

    def keys(self, service: str, prefix: str = "") -> list[str]:
        """Return the keys of a service that begin with `prefix`, sorted."""
        rows = self._database.query(
            "SELECT key FROM item WHERE service = ? AND substr(key, 1, ?) = ? ORDER BY key",
            (service, len(prefix), prefix),
        )
        return [str(row[0]) for row in rows]

    def clear(self) -> None:
        """Forget everything, of every service."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM item")
