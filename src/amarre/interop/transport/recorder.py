"""Keeping every byte that left and came back, one file each."""

from __future__ import annotations

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
    """Writes numbered files `NNN-<kind>` in a folder, even when several processes write in the same one.

    Only for fictitious persons: bytes are in clear.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def record(self, kind: str, data: bytes) -> None:
        """Write one file under the next free number."""
        number = 1 + max((int(path.name[:4]) for path in self._folder.glob("[0-9]" * 4 + "-*")), default=0)
        # The number is claimed by an exclusive creation: another process may have taken it meanwhile.
        while True:
            try:
                (self._folder / f".{number:04d}").touch(exist_ok=False)
            except FileExistsError:
                number += 1
                continue
            (self._folder / f"{number:04d}-{kind}").write_bytes(data)
            return
