"""HTTPS with a client certificate, explicit deadlines, a bounded answer and no hidden retry."""

from __future__ import annotations

import math
import ssl
import time
from dataclasses import dataclass, field
from typing import Protocol

import httpcore2
import httpx2

from amarre.interop.transport.deadline import DeadlineBackend, ending_in
from amarre.interop.transport.errors import (
    AnswerLate,
    AnswerLost,
    AnswerTooLarge,
    ClientCertificateRefused,
    ServerNotTrusted,
    ServiceUnreachable,
    TransportError,
)
from amarre.interop.transport.recorder import NullRecorder, Recorder


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds: to connect, to the first byte of the answer, for the whole exchange."""

    connect: float = 3.0
    first_byte: float = 10.0
    whole: float = 30.0


DEFAULT_DEADLINES = Deadlines()
MAX_ANSWER_BYTES = 30 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is sent. `service` is the French name of the service, for explanations."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""
    service: str = "Le service"
    label: str = "http"


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What came back. Header names are in lower case."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class HttpTransport(Protocol):
    """One request, one answer."""

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        """Send and return the whole answer, whatever its status. Raises TransportError."""
        ...


def extension_of(content_type: str) -> str:
    """Return the file name extension that a foreign tool expects for a body of this media type."""
    media = content_type.split(";")[0].strip().lower()
    if media.startswith("multipart/"):
        return "mime"
    return next((kind for kind in ("xml", "json", "html", "jwt") if kind in media), "txt")


class TlsHttpTransport:
    """The real transport: one kept HTTPS client per peer and certificate.

    `context` None allows plain HTTP only (the sandbox's loopback pages).
    """

    def __init__(
        self,
        context: ssl.SSLContext | None,
        recorder: Recorder | None = None,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        self._client = httpx2.Client(
            transport=_BoundedTransport(context), follow_redirects=False, trust_env=False
        )
        self._recorder = recorder or NullRecorder()
        self._limit = max_answer_bytes

    def close(self) -> None:
        """Close the kept connections."""
        self._client.close()

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        """Send `request`; never retries, never follows a redirection."""
        self._record(
            f"{request.label}-requete", f"{request.method} {request.url}", request.headers, request.body
        )
        response = self._send(request, deadlines)
        self._record(f"{request.label}-reponse", f"HTTP {response.status}", response.headers, response.body)
        return response

    def _record(self, label: str, first_line: str, headers: dict[str, str], body: bytes) -> None:
        """Keep a message as two pieces: its first line and headers as text, its body byte for byte."""
        head = "\r\n".join([first_line, *(f"{name}: {value}" for name, value in headers.items()), "", ""])
        self._recorder.record(f"{label}-entetes.txt", head.encode())
        if body:
            media = {name.lower(): value for name, value in headers.items()}.get("content-type", "")
            self._recorder.record(f"{label}.{extension_of(media)}", body)

    def _send(self, request: HttpRequest, deadlines: Deadlines) -> HttpResponse:
        end = time.monotonic() + deadlines.whole
        timeout = httpx2.Timeout(deadlines.first_byte, connect=deadlines.connect)
        try:
            with (
                ending_in(deadlines.whole),
                self._client.stream(
                    request.method,
                    request.url,
                    headers=request.headers,
                    content=request.body,
                    timeout=timeout,
                ) as response,
            ):
                chunks: list[bytes] = []
                size = 0
                for chunk in response.iter_bytes():
                    size += len(chunk)
                    if size > self._limit:
                        raise AnswerTooLarge(
                            service=request.service, limit=math.ceil(self._limit / 1_000_000)
                        )
                    if time.monotonic() > end:
                        raise AnswerLate(service=request.service, seconds=int(deadlines.whole))
                    chunks.append(chunk)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return HttpResponse(response.status_code, headers, b"".join(chunks))
        except httpx2.ConnectError as error:
            raise _connect_error(error, request.service) from error
        except (httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise ServiceUnreachable(service=request.service) from error
        except (httpx2.ReadTimeout, httpx2.WriteTimeout) as error:
            passed = deadlines.whole if time.monotonic() >= end else deadlines.first_byte
            raise AnswerLate(service=request.service, seconds=int(passed)) from error
        except httpx2.TransportError as error:
            # In TLS 1.3 the refusal of our certificate appears at the first read, not at connection.
            if _is_certificate_alert(error):
                raise ClientCertificateRefused(service=request.service) from error
            raise AnswerLost(service=request.service) from error


class _BoundedTransport(httpx2.HTTPTransport):
    """The client's own transport over connections that end at the deadline of the exchange.

    `context` None: plain HTTP only.
    """

    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__(verify=context or False, trust_env=False)
        # The client gives no other way to say which connections it opens.
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context, network_backend=DeadlineBackend(), max_connections=100, keepalive_expiry=5.0
        )


def _connect_error(error: httpx2.ConnectError, service: str) -> TransportError:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text or "certificate verify failed" in text:
        return ServerNotTrusted(service=service)
    if _is_certificate_alert(error):
        return ClientCertificateRefused(service=service)
    return ServiceUnreachable(service=service)


def _is_certificate_alert(error: Exception) -> bool:
    text = str(error).lower().replace("_", " ")
    return "alert" in text and ("certificate" in text or "unknown ca" in text or "handshake failure" in text)
