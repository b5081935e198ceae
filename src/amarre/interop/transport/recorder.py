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
        number = 1 + len(list(self._folder.iterdir()))
        # The number is claimed by creating its file: another process may have taken it meanwhile.
        while True:
            path = self._folder / f"{number:04d}-{kind}"
            if not any(self._folder.glob(f"{number:04d}-*")):
                try:
                    with path.open("xb") as file:
                        file.write(data)
                    return
                except FileExistsError:
                    pass
            number += 1
