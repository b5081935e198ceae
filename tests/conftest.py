"""What every test shares: no network but loopback, programs that may be missing, fixed clocks."""

from __future__ import annotations

import datetime
import os
import shutil
import socket
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")

PROGRAMS: dict[str, Callable[[], bool]] = {
    "chromium": lambda: shutil.which("chromium") is not None,
    "java": lambda: shutil.which("java") is not None,
    "preflight": lambda: shutil.which("java") is not None and Path("/usr/share/java/pdfbox2.jar").exists(),
    "dovecot": lambda: Path("/usr/sbin/dovecot").exists(),
    "qpdf": lambda: shutil.which("qpdf") is not None,
    "poppler": lambda: shutil.which("pdftotext") is not None,
    "javac": lambda: shutil.which("javac") is not None,
    "soffice": lambda: shutil.which("soffice") is not None,
    "dmtx": lambda: shutil.which("dmtxread") is not None,
    "unzip": lambda: shutil.which("unzip") is not None,
    "curl": lambda: shutil.which("curl") is not None,
    "openssl": lambda: shutil.which("openssl") is not None,
}

# Tests of another run, left out of this one rather than skipped: what they need is not a missing program.
# Official files are never shipped nor fetched (make conformance); races between writers exist on PostgreSQL
# only (make test-postgres).
OTHER_RUNS: dict[str, Callable[[], bool]] = {
    "official": lambda: bool(os.environ.get("AMARRE_OFFICIAL")),
    "postgresql": lambda: os.environ.get("DATABASE_URL", "").startswith("postgres"),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept, left_out = [], []
    for item in items:
        wanted = [str(marker.args[0]) for marker in item.iter_markers("needs")]
        absent = [name for name in wanted if name in OTHER_RUNS and not OTHER_RUNS[name]()]
        (left_out if absent else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        program = str(marker.args[0])
        if program in OTHER_RUNS or PROGRAMS[program]():
            continue
        if os.environ.get("AMARRE_NOTHING_SKIPPED"):
            pytest.fail(f"{program} is missing and nothing may be skipped here")
        pytest.skip(f"{program} is not on this machine")


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse any connection that leaves the machine."""
    real_connect = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and not str(host).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {host}")
        return real_connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


class FixedClock:
    """A clock that only moves when told."""

    def __init__(self, instant: datetime.datetime) -> None:
        self.instant = instant

    def now(self) -> datetime.datetime:
        return self.instant

    def advance(self, seconds: float) -> None:
        self.instant += datetime.timedelta(seconds=seconds)


class SequenceIds:
    """UUIDs 1, 2, 3…"""

    def __init__(self) -> None:
        self.count = 0

    def uuid(self) -> uuid.UUID:
        self.count += 1
        return uuid.UUID(int=self.count)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC))


@pytest.fixture
def ids() -> SequenceIds:
    return SequenceIds()
