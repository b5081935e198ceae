"""Starts the sandbox with Pro Santé Connect alone, on free ports."""

from __future__ import annotations

from pathlib import Path

from amarre.interop.common.clock import Clock
from amarre.sandbox.app import Sandbox
from amarre.sandbox.settings import SandboxSettings, Structure
from tests.sandbox.services.psc.browser import STRUCTURE

STRUCTURES = (Structure(STRUCTURE, "ASSOCIATION LES DEUX QUAIS"), Structure("1990000002", "AUTRE STRUCTURE"))


def psc_only(data_dir: Path, clock: Clock | None = None) -> Sandbox:
    """Return a sandbox to start, its store in memory, with few certificates to make."""
    settings = SandboxSettings(
        data_dir=data_dir,
        plain_port=0,
        https_port=0,
        smtp_port=0,
        imap_port=0,
        durable=False,
        slow_answer_seconds=1.0,
        structures=STRUCTURES,
    )
    return Sandbox(settings, services=("psc",), clock=clock)
