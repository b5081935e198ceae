"""Connections of an establishment to the national services: certificates by purpose, clients kept and reused.

A certificate replaced on disk is taken at the next exchange, without restart: kept clients are keyed by the
files' times, sizes and places (quality bar F18).
"""

from __future__ import annotations

import ssl
import threading
from pathlib import Path

from django.conf import settings

from amarre.dui.core.file_memory import Stamp, stamps_of, until_files_change
from amarre.dui.exchanges.errors import RecordingForbidden
from amarre.dui.organisations.enums import CertificatePurpose, Environment
from amarre.dui.organisations.models import ConnectorProfile
from amarre.interop.transport import (
    FolderRecorder,
    NullRecorder,
    Recorder,
    TlsHttpTransport,
    client_context,
)
from amarre.interop.transport.errors import CertificateUnusable

_kept: dict[tuple[str, ...], tuple[tuple[Stamp, ...], TlsHttpTransport]] = {}
_lock = threading.Lock()


def recorder(profile: ConnectorProfile) -> Recorder:
    """Return what keeps every byte exchanged: nothing, except in a demonstration that asked for it.

    Raises RecordingForbidden when the establishment talks to the production services.
    """
    folder = settings.AMARRE_RECORD_DIR
    if not folder:
        return NullRecorder()
    if profile.environment == Environment.PRODUCTION:
        raise RecordingForbidden
    return FolderRecorder(Path(folder))


def tls_context(profile: ConnectorProfile, purpose: CertificatePurpose) -> ssl.SSLContext:
    """Return the context that presents the establishment's certificate of `purpose`.

    Raises CertificateUnusable when it is not set, or unreadable.
    """
    return _context(*_files(profile, purpose))


def require_usable(profile: ConnectorProfile, purpose: CertificatePurpose) -> None:
    """Raise CertificateUnusable when a connection could not be opened with the certificate of `purpose`.

    Nothing of it is kept but that it could be: a context belongs to one client, which changes it.
    """
    _tried(*_files(profile, purpose))


def https_transport(
    profile: ConnectorProfile, purpose: CertificatePurpose, *, certificate_required: bool = True
) -> TlsHttpTransport:
    """Return the kept HTTPS transport of the establishment for `purpose`.

    Without `certificate_required` (a service opened by a key), a certificate that is not set is not
    presented. Raises CertificateUnusable.
    """
    files = _files(profile, purpose, certificate_required)
    # Asked of each profile: two establishments may share files, not the right to be recorded.
    keeps = recorder(profile)
    stamps = stamps_of(files)
    with _lock:
        held = _kept.get(files)
        if held is not None and held[0] == stamps:
            return held[1]
        # The one before may still be answering somebody: it is closed when nobody holds it any more.
        transport = TlsHttpTransport(_context(*files), keeps)
        _kept[files] = (stamps, transport)
        return transport


@until_files_change
def _tried(*files: str) -> None:
    _context(*files)


def _context(*files: str) -> ssl.SSLContext:
    authorities, *presented = (Path(name) for name in files)
    certificate, key = presented or (None, None)
    return client_context(authorities, certificate, key)


def _files(
    profile: ConnectorProfile, purpose: CertificatePurpose, certificate_required: bool = True
) -> tuple[str, ...]:
    certificate = profile.certificate(purpose)
    if certificate is None and certificate_required:
        raise CertificateUnusable(reason=f"certificat « {purpose.label} » absent des réglages")
    if not profile.ca_file:
        raise CertificateUnusable(reason="fichier des autorités absent des réglages")
    if certificate is None:
        return (profile.ca_file,)
    return profile.ca_file, certificate.certificate_file, certificate.key_file
