"""The only package of the kit that opens connections."""

from amarre.interop.transport.http import (
    Deadlines,
    HttpRequest,
    HttpResponse,
    HttpTransport,
    TlsHttpTransport,
)
from amarre.interop.transport.recorder import FolderRecorder, NullRecorder, Recorder
from amarre.interop.transport.tls import client_context

__all__ = [
    "Deadlines",
    "FolderRecorder",
    "HttpRequest",
    "HttpResponse",
    "HttpTransport",
    "NullRecorder",
    "Recorder",
    "TlsHttpTransport",
    "client_context",
]
