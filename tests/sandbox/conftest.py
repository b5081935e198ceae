"""The sandbox for tests, and a bare HTTP client with certificates (standard library only)."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from amarre.sandbox.app import Sandbox
from amarre.sandbox.pki import CertificatePaths
from amarre.sandbox.pytest_plugin import running_sandbox, sandbox, sandbox_data

__all__ = ["call", "running_sandbox", "sandbox", "sandbox_data"]

Answer = tuple[int, dict[str, str], bytes]
Call = Callable[..., Answer]


@pytest.fixture
def call(sandbox: Sandbox) -> Call:
    """Send one request and return status, headers and body."""

    def send(
        method: str,
        path: str,
        body: bytes = b"",
        *,
        certificate: CertificatePaths | None = None,
        secure: bool = True,
        content_type: str = "application/soap+xml; charset=UTF-8",
        timeout: float = 10.0,
    ) -> Answer:
        url = urlsplit(sandbox.https_url if secure else sandbox.plain_url)
        connection: http.client.HTTPConnection
        if secure:
            context = ssl.create_default_context(cafile=str(sandbox.pki.authorities))
            if certificate is not None:
                context.load_cert_chain(certificate.certificate, certificate.key)
            connection = http.client.HTTPSConnection("localhost", url.port, timeout=timeout, context=context)
        else:
            connection = http.client.HTTPConnection("localhost", url.port, timeout=timeout)
        try:
            connection.request(method, path, body, {"Content-Type": content_type})
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    return send
