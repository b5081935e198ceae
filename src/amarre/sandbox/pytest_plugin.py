"""Fixtures: the sandbox on free ports, in this process, reset between tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from amarre.sandbox.app import Sandbox
from amarre.sandbox.settings import SandboxSettings


@pytest.fixture(scope="session")
def sandbox_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the sandbox: one authority for the whole session."""
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="session")
def running_sandbox(sandbox_data: Path) -> Iterator[Sandbox]:
    """One sandbox for the whole session, on free ports, its store in memory. Slow answers take 2 s."""
    settings = SandboxSettings(
        data_dir=sandbox_data,
        plain_port=0,
        https_port=0,
        smtp_port=0,
        imap_port=0,
        durable=False,
        slow_answer_seconds=2.0,
    )
    with Sandbox(settings) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Iterator[Sandbox]:
    """The running sandbox, empty and behaving normally before the test."""
    running_sandbox.reset()
    yield running_sandbox
    running_sandbox.reset()
