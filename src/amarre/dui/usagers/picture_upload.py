"""A picture received for reading only: in memory, bounded, never on the disk, never kept.

What a picture says beside its pixels (EXIF: place, date, device) goes with it: only pixels are read.
"""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from amarre.interop.ins.datamatrix import MAX_PICTURE_BYTES

# First bytes of what a browser sends from a camera or a scanner, and the one phones keep for themselves.
JPEG, PNG, RIFF, HEIC = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"ftyp"


class PictureInMemory(FileUploadHandler):
    """Keep one upload in memory; cut the connection beyond the limit of the kit."""

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **options)
        self._data = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Add a piece."""
        if self._data.tell() + len(raw_data) > MAX_PICTURE_BYTES:
            raise StopUpload(connection_reset=False)
        self._data.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Return the file as Django's forms take it."""
        self._data.seek(0)
        return InMemoryUploadedFile(
            self._data, self.field_name, "photo", self.content_type or "", file_size, self.charset
        )


def is_readable_format(data: bytes) -> bool:
    """Say whether the bytes begin as a JPEG, PNG or WebP picture, whatever the name says."""
    return data.startswith((JPEG, PNG)) or (data[:4] == RIFF and data[8:12] == b"WEBP")


def is_heic(data: bytes) -> bool:
    """Say whether it is the format some telephones keep their pictures in."""
    return data[4:8] == HEIC
