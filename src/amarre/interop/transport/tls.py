"""TLS contexts for the national services: their authority only, never the operating system's store."""

from __future__ import annotations

import ssl
from pathlib import Path

from amarre.interop.transport.errors import CertificateUnusable


def client_context(
    ca_file: Path, cert_file: Path | None = None, key_file: Path | None = None, password: str | None = None
) -> ssl.SSLContext:
    """Return a context that trusts `ca_file` only and presents `cert_file` when given.

    TLS 1.2 at least, host name verified. Source: DMP transport (mutual TLS 1.2), MSSanté ECO.1.1.1 and
    ECO.1.1.10 (no other authority than IGC-Santé). Raises CertificateUnusable.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cafile=str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise CertificateUnusable(reason="autorité de confiance absente ou illisible") from error
    if cert_file is None:
        return context
    try:
        context.load_cert_chain(str(cert_file), str(key_file) if key_file else None, password or "")
    except FileNotFoundError as error:
        raise CertificateUnusable(reason="fichier absent") from error
    except (OSError, ssl.SSLError) as error:
        raise CertificateUnusable(
            reason="fichier illisible, ou clé qui n'est pas celle du certificat"
        ) from error
    return context
