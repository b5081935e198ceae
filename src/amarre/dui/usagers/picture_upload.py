"""A picture received in memory, bounded, never on the disk: the hardened parser reads its pixels alone."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from amarre.interop.common.pictures import MAX_BYTES

# Set in the request when an upload was cut: the form would only see that nothing came.
CUT = "amarre.picture_cut"


class PictureInMemory(FileUploadHandler):
    """Keep each upload in memory; cut the connection beyond the limit of the kit."""

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **options)
        self._data = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Add a piece."""
        if self._data.tell() + len(raw_data) > MAX_BYTES:
            if self.request is not None:
                self.request.META[CUT] = "1"
            raise StopUpload(connection_reset=False)
        self._data.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Return the file as Django's forms take it."""
        self._data.seek(0)
        return InMemoryUploadedFile(
            self._data, self.field_name, "photo", self.content_type or "", file_size, self.charset
        )
