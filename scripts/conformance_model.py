"""What a check of the official rules is, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """One subject judged by one check: its failures and warnings, as plain sentences."""

    subject: str
    failures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One official judge. `needs`: files or folders under DIR without which it cannot run."""

    name: str
    title: str
    needs: tuple[str, ...]
    run: Callable[[Path], Iterator[Result]]
