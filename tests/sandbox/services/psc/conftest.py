"""A sandbox that serves Pro Santé Connect only: these tests need nothing else of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from amarre.sandbox.app import Sandbox
from tests.sandbox.services.psc.running import psc_only


@pytest.fixture(scope="package")
def running_psc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with psc_only(tmp_path_factory.mktemp("psc")) as running:
        yield running


@pytest.fixture
def sandbox(running_psc: Sandbox) -> Iterator[Sandbox]:
    running_psc.reset()
    yield running_psc
    running_psc.reset()
