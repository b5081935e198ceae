"""Run the database tests on PostgreSQL.

Uses DATABASE_URL when given, a server on 127.0.0.1:5432 when one answers, and otherwise a throw-away cluster
made with the PostgreSQL programs of this machine. Exits 1 and says so when there is no PostgreSQL at all.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
# A person's own server may be older than what Amarre supports.
OLDEST = 150000


def usable(url: str) -> bool:
    """Say whether a server answers at `url`, is recent enough, and lets us create databases."""
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version_num')::int, rolcreatedb OR rolsuper "
                "FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0] >= OLDEST and row[1])


def programs() -> Path | None:
    """Return the folder of the newest initdb of this machine."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def as_owner(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: borrow the account its package created."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def throw_away_cluster(bin_dir: Path) -> Iterator[str]:
    """Start a cluster on a free port, in a temporary folder, and stop it at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="amarre-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        initdb = [str(bin_dir / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(as_owner(initdb), check=True, stdout=subprocess.DEVNULL, cwd=folder)
        control = [str(bin_dir / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        subprocess.run(
            as_owner([*control, "-o", options, "start"]), check=True, stdout=subprocess.DEVNULL, cwd=folder
        )
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            stop = [*control, "-m", "immediate", "stop"]
            subprocess.run(as_owner(stop), check=False, stdout=subprocess.DEVNULL, cwd=folder)


def run_tests(url: str) -> int:
    """Run the tests that use the database."""
    command = [sys.executable, "-m", "pytest", "tests/dui", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


def main() -> int:
    """Find or make a server, then run the tests."""
    for url in filter(None, (os.environ.get("DATABASE_URL"), LOCAL)):
        if usable(url):
            return run_tests(url)
    bin_dir = programs()
    if bin_dir is None:
        print("No PostgreSQL here. On Debian or Ubuntu: sudo apt install postgresql", file=sys.stderr)
        return 1
    with throw_away_cluster(bin_dir) as url:
        return run_tests(url)


if __name__ == "__main__":
    sys.exit(main())
