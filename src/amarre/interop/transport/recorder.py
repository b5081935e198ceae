"""Keeping every byte that left and came back, one file each."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Protocol


class Recorder(Protocol):
    """Receives what a transport sends and receives."""

    def record(self, kind: str, data: bytes) -> None:
        """Keep `data`. `kind` is a short file-name-safe label such as `insi-requete`."""
        ...


class NullRecorder:
    """Keeps nothing."""

    def record(self, kind: str, data: bytes) -> None:
        """Forget `data`."""


class FolderRecorder:
    """Writes numbered files `NNN-<kind>` in a folder. Only for fictitious persons: bytes are in clear."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._numbers = itertools.count(1 + len(list(folder.iterdir())))

    def record(self, kind: str, data: bytes) -> None:
        """Write one file."""
        (self._folder / f"{next(self._numbers):03d}-{kind}").write_bytes(data)
