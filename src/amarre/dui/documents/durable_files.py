"""Files on a disk that are whole or absent, and still there after a power cut once `save` has returned.

The database says that a document is filed as soon as its transaction is committed (`synchronous=FULL`): its
bytes must be as safe as its row.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class DurableFiles(FileSystemStorage):
    """Django's folder of files; each is written aside, flushed, then named."""

    def _save(self, name: str, content: File[bytes]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        # Readable by the account of the service alone.
        descriptor, aside = tempfile.mkstemp(dir=target.parent, prefix=".")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).replace(target)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        root = Path(self.location)
        for folder in (target.parent, *target.parent.parents):
            _flush(folder)
            if folder == root:
                break
        return name


def _flush(folder: Path) -> None:
    """Make the names of a folder as safe as the files they lead to."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
