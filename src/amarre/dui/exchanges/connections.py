"""Connections of an establishment to the national services: certificates by purpose, clients kept and reused.

A certificate replaced on disk is taken at the next exchange, without restart: kept clients are keyed by the
files' modification times (quality bar F18).
"""

from __future__ import annotations

import ssl
import threading
from pathlib import Path

from django.conf import settings

from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorProfile
from amarre.interop.transport import (
    FolderRecorder,
    NullRecorder,
    Recorder,
    TlsHttpTransport,
    client_context,
)
from amarre.interop.transport.errors import CertificateUnusable

_kept: dict[tuple[tuple[str, int], ...], TlsHttpTransport] = {}
_lock = threading.Lock()


def recorder() -> Recorder:
    """Return what keeps every byte exchanged: nothing, except in a demonstration that asked for it."""
    folder = settings.AMARRE_RECORD_DIR
    return FolderRecorder(Path(folder)) if folder else NullRecorder()


def tls_context(profile: ConnectorProfile, purpose: CertificatePurpose) -> ssl.SSLContext:
    """Return the context that presents the establishment's certificate of `purpose`.

    Raises CertificateUnusable when it is not set, or unreadable.
    """
    authorities, certificate, key = _files(profile, purpose)
    return client_context(Path(authorities), Path(certificate), Path(key))


def https_transport(profile: ConnectorProfile, purpose: CertificatePurpose) -> TlsHttpTransport:
    """Return the kept HTTPS transport of the establishment for `purpose`. Raises CertificateUnusable."""
    files = _files(profile, purpose)
    key = tuple((name, _modified(name)) for name in files)
    with _lock:
        transport = _kept.get(key)
        if transport is None:
            transport = TlsHttpTransport(tls_context(profile, purpose), recorder())
            _kept[key] = transport
        return transport


def _files(profile: ConnectorProfile, purpose: CertificatePurpose) -> tuple[str, str, str]:
    certificate = profile.certificate(purpose)
    if certificate is None:
        raise CertificateUnusable(reason=f"certificat « {purpose.label} » absent des réglages")
    if not profile.ca_file:
        raise CertificateUnusable(reason="fichier des autorités absent des réglages")
    return profile.ca_file, certificate.certificate_file, certificate.key_file


def _modified(name: str) -> int:
    try:
        return Path(name).stat().st_mtime_ns
    except OSError:
        return 0
