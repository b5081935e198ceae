"""Files on their way in: in memory, cut beyond the limit, counted over the whole request."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from amarre.dui.intake.apart.limits import MAX_UPLOAD_BYTES


class BoundedUpload(FileUploadHandler):
    """Keep the files of a request in memory, up to the limit of one document; `exceeded` says it was cut."""

    exceeded = False

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._total = 0

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **options)
        self._data = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Add a piece."""
        self._total += len(raw_data)
        if self._total > MAX_UPLOAD_BYTES:
            self.exceeded = True
            raise StopUpload(connection_reset=False)
        self._data.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Return the file as Django's forms take it; its name is not kept: it often names the person."""
        self._data.seek(0)
        return InMemoryUploadedFile(
            self._data, self.field_name, "document", self.content_type or "", file_size, self.charset
        )
