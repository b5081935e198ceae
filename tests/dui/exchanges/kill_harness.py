"""Real workers, killed for good and restarted, on a real database; what the far side holds is the judge.

    def test_something(house: House, scene: Scene) -> None:      # transactional test
        deposits = [...]                                          # asked in this process
        scene.open()                                              # workers see the rows from here on
        assert scene.run(kill_at="before-send") == KILLED
        scene.drain()
        rows = scene.rows("SELECT state FROM exchanges_exchange")

Any kind of exchange may be proved so: the harness knows neither deposits nor messages.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

ROOT = Path(__file__).resolve().parents[3]
KILLED = -signal.SIGKILL
OPEN = "SELECT COUNT(*) FROM exchanges_exchange WHERE state IN ('en_file', 'envoye', 'inconnu')"
IN_DOUBT = "SELECT COUNT(*) FROM exchanges_exchange WHERE state IN ('envoye', 'inconnu')"
# A worker that found nothing left to kill ends by itself well before.
WATCH_SECONDS = 1.0
TIMEOUT_SECONDS = int(os.environ.get("AMARRE_PROVE_TIMEOUT", "60"))


@dataclass(slots=True)
class Scene:
    """One database and the workers that empty its outbox."""

    folder: Path
    documents: Path
    kills: int = 0
    starts: int = 0
    # Called about once a second while workers live: what must be true at any moment.
    watch: Callable[[], None] | None = None
    _file: Path | None = None
    _alive: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def open(self) -> None:
        """Give the rows committed so far to the workers: a copy of the memory, or the server's database."""
        if connection.vendor != "sqlite":
            return
        self._file = self.folder / "proof.sqlite3"
        with contextlib.closing(sqlite3.connect(self._file)) as target:
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode=WAL")

    def start(self, *, lease: int = 0, forever: bool = False, **variables: str) -> subprocess.Popen[bytes]:
        """Start one worker that empties the outbox, then ends, or that lives until it is told to end.

        `variables` are settings, and those of the milestones (`kill_at`, `kill_skip`, `stop_at`).
        """
        self.starts += 1
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", "")))),
            "DJANGO_SETTINGS_MODULE": "tests.dui.exchanges.proof_settings",
            "DATABASE_URL": self._database_url(),
            "AMARRE_PROOF_DOCUMENTS": str(self.documents),
            # A dead worker's exchange is taken over at once, a failure is tried again at once.
            "AMARRE_LEASE_SECONDS": str(lease),
            "AMARRE_RETRY_BASE_SECONDS": "0",
            "AMARRE_CIRCUIT_REST_SECONDS": "0",
            **{f"AMARRE_{name.upper()}": value for name, value in variables.items()},
        }
        mode = ["--threads", "3"] if forever else ["--drain"]
        command = [sys.executable, "-m", "amarre.dui", "worker", *mode]
        with (self.folder / "workers.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self._alive.append(process)
        return process

    def run(self, **options: Any) -> int:
        """Start one worker, wait for its end, and return its code (`KILLED` when a milestone killed it)."""
        return self.wait(self.start(**options))

    def wait(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for the end of a worker and return its code."""
        code = self._ended(process, TIMEOUT_SECONDS)
        self.kills += code == KILLED
        return code

    def _ended(self, process: subprocess.Popen[bytes], seconds: float) -> int:
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            try:
                return process.wait(min(left, WATCH_SECONDS) if self.watch else left)
            except subprocess.TimeoutExpired:
                if self.watch is None or time.monotonic() >= end:
                    raise
                self.watch()

    def kill_later(self, seconds: float, *, lease: int = 0) -> subprocess.Popen[bytes]:
        """Start one worker that is killed from outside after `seconds`, wherever it is."""
        process = self.start(lease=lease)
        killer = threading.Timer(seconds, process.kill)
        killer.daemon = True
        killer.start()
        return process

    def kill_at_random(
        self,
        random_source: random.Random,
        names: tuple[str, ...],
        *,
        spread: int = 1,
        at_once: int = 1,
        lease: int = 0,
    ) -> None:
        """Kill workers that live at once, at a milestone, after up to `spread` passages, or at any moment.

        A milestone that only follows a death is chosen after one: else the worker would live to the end.
        """
        in_doubt = self.rows(IN_DOUBT)[0][0]
        doomed = []
        for _ in range(at_once):
            if random_source.random() < 0.75:
                name = random_source.choice([n for n in names if in_doubt or n != "queried"])
                skip = 0 if name == "queried" else random_source.randrange(spread)
                doomed.append(self.start(lease=lease, kill_at=name, kill_skip=str(skip)))
            else:
                doomed.append(self.kill_later(random_source.uniform(0.6, 1.8 + 0.1 * spread), lease=lease))
        for process in doomed:
            self.wait(process)

    def drain(self) -> None:
        """Run workers that nobody kills until nothing is due."""
        for _ in range(20):
            assert self.run() == 0, self.log()
            if not self.left():
                return
        raise AssertionError(f"{self.left()} exchanges are still open\n{self.log()}")

    def left(self) -> int:
        """Return how many exchanges the workers still owe."""
        return int(self.rows(OPEN)[0][0])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a question asked to the workers' database."""
        if self._file is None:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        with contextlib.closing(sqlite3.connect(self._file, timeout=20)) as database:
            return database.execute(sql).fetchall()

    @contextlib.contextmanager
    def acting(self) -> Iterator[None]:
        """Make this process act on the workers' database, as the site does."""
        if self._file is None:
            yield
            return
        memory = connections[DEFAULT_DB_ALIAS]
        settings = {**memory.settings_dict, "NAME": str(self._file)}
        connections[DEFAULT_DB_ALIAS] = memory.__class__(settings, DEFAULT_DB_ALIAS)
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS].close()
            connections[DEFAULT_DB_ALIAS] = memory

    def until(self, sql: str, wanted: list[tuple[Any, ...]]) -> None:
        """Wait until the workers' database answers `wanted`."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while (found := self.rows(sql)) != wanted:
            assert time.monotonic() < end, f"{found}\n{self.log()}"
            time.sleep(0.05)

    def log(self) -> str:
        """Return the end of what the workers wrote."""
        return (self.folder / "workers.log").read_text(errors="replace")[-4000:]

    def close(self) -> None:
        """End what a failed test may have left, frozen workers included."""
        for process in self._alive:
            if process.poll() is None:
                process.kill()
                process.wait()

    def _database_url(self) -> str:
        if self._file is not None:
            return f"sqlite://{self._file}"
        values = connection.settings_dict
        user = values["USER"] + (f":{values['PASSWORD']}" if values["PASSWORD"] else "")
        host = values["HOST"] + (f":{values['PORT']}" if values["PORT"] else "")
        return f"postgres://{user}@{host}/{values['NAME']}"


@contextlib.contextmanager
def scene_in(folder: Path, documents: Path) -> Iterator[Scene]:
    """Give a scene and end its workers whatever happens."""
    scene = Scene(folder, documents)
    try:
        yield scene
    finally:
        scene.close()
