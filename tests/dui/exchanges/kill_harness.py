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
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
KILLED = -signal.SIGKILL
OPEN = "SELECT COUNT(*) FROM exchanges_exchange WHERE state IN ('en_file', 'envoye', 'inconnu')"
IN_DOUBT = "SELECT COUNT(*) FROM exchanges_exchange WHERE state IN ('envoye', 'inconnu')"
# A worker that found nothing left to kill ends by itself well before.
TIMEOUT_SECONDS = int(os.environ.get("AMARRE_PROVE_TIMEOUT", "60"))


@dataclass(slots=True)
class Scene:
    """One database and the workers that empty its outbox."""

    folder: Path
    documents: Path
    kills: int = 0
    starts: int = 0
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

    def start(self, *, lease: int = 0, **variables: str) -> subprocess.Popen[bytes]:
        """Start one worker that empties the outbox, then ends. `variables` are those of the milestones."""
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
        command = [sys.executable, "-m", "amarre.dui", "worker", "--drain"]
        with (self.folder / "workers.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self._alive.append(process)
        return process

    def run(self, **options: Any) -> int:
        """Start one worker, wait for its end, and return its code (`KILLED` when a milestone killed it)."""
        return self.wait(self.start(**options))

    def wait(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for the end of a worker and return its code."""
        code = process.wait(TIMEOUT_SECONDS)
        self.kills += code == KILLED
        return code

    def kill_later(self, seconds: float) -> int:
        """Start one worker and kill it from outside after `seconds`, wherever it is."""
        process = self.start()
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return self.wait(process)

    def kill_at_random(self, random_source: random.Random, names: tuple[str, ...], *, spread: int = 1) -> int:
        """Kill one worker at a milestone, after up to `spread` passages, or from outside, at any moment.

        A milestone that only follows a death is chosen after one: else the worker would live to the end.
        """
        in_doubt = self.rows(IN_DOUBT)[0][0]
        if random_source.random() < 0.75:
            name = random_source.choice([n for n in names if in_doubt or n != "queried"])
            skip = 0 if name == "queried" else random_source.randrange(spread)
            return self.run(kill_at=name, kill_skip=str(skip))
        return self.kill_later(random_source.uniform(0.6, 1.8 + 0.1 * spread))

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
