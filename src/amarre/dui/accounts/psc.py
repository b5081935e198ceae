"""The door to Pro Santé Connect: settings of the installation into a client of the kit."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from amarre.dui.accounts.errors import NotConfigured, ServiceSilent
from amarre.dui.accounts.psc_settings import PscSettings
from amarre.interop.clients.psc import PscClient
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.psc import Metadata, PscProfile
from amarre.interop.psc.model import (
    ClientAuthentication,
    PrivateKeyJwtAuthentication,
    SecretAuthentication,
    TlsClientAuthentication,
)
from amarre.interop.transport.errors import AnswerLate, AnswerLost, ServiceUnreachable
from amarre.interop.transport.http import TlsHttpTransport
from amarre.interop.transport.recorder import FolderRecorder
from amarre.interop.transport.tls import client_context

DISCOVERY_LIFE = datetime.timedelta(hours=1)


class MetadataCache:
    """The discovery document, read again every hour; one per process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[datetime.datetime, Metadata]] = {}

    def get(self, client: PscClient, key: str, now: datetime.datetime) -> Metadata:
        """Return the metadata found at `key` (its address), read with `client` when too old or unknown."""
        with self._lock:
            known = self._known.get(key)
        if known is not None and now - known[0] < DISCOVERY_LIFE:
            return known[1]
        metadata = client.discover()
        with self._lock:
            self._known[key] = (now, metadata)
        return metadata

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()


_metadata = MetadataCache()


def forget_metadata() -> None:
    """Forget the discovery document of this process: the next login reads it again."""
    _metadata.clear()


def _authentication(given: PscSettings) -> ClientAuthentication:
    match given.authentication:
        case "private_key_jwt":
            try:
                pem = Path(given.key_file).read_bytes()
            except OSError as error:
                raise NotConfigured(part="clé illisible") from error
            return PrivateKeyJwtAuthentication(pem, given.assertion_key_id)
        case "client_secret_basic":
            return SecretAuthentication(given.client_secret)
        case "tls_client_auth":
            return TlsClientAuthentication()
    raise NotConfigured(part="mode d’authentification")


def _profile(given: PscSettings) -> PscProfile:
    return PscProfile(
        issuer=given.issuer,
        discovery_url=given.discovery_url,
        client_id=given.client_id,
        redirect_uri=given.redirect_uri,
        authentication=_authentication(given),
        post_logout_redirect_uri=given.post_logout_redirect_uri,
        accepted_acr=given.accepted_acr,
        algorithms=given.algorithms,
        fresh_login=given.fresh_login,
    )


@contextmanager
def connected() -> Iterator[tuple[PscClient, Metadata]]:
    """Give a client and the service's metadata for the time of one login.

    Raises NotConfigured, ServiceSilent, and the errors of the kit (PSC-0xx, TRA-0xx of certificates).
    """
    given: PscSettings = settings.PSC
    if not (given.issuer and given.client_id and given.public_url and given.ca_file):
        raise NotConfigured(part="adresse, client ou autorité")
    certificate = Path(given.cert_file) if given.cert_file else None
    key = Path(given.key_file) if given.key_file else None
    # Kept in clear in a demonstration that asked for it; production refuses the setting (amarre.E010).
    kept = FolderRecorder(Path(settings.AMARRE_RECORD_DIR)) if settings.AMARRE_RECORD_DIR else None
    transport = TlsHttpTransport(client_context(Path(given.ca_file), certificate, key), kept)
    clock = SystemClock()
    try:
        client = PscClient(transport, _profile(given), clock, SystemIds())
        yield client, _metadata.get(client, given.discovery_url, clock.now())
    except (ServiceUnreachable, AnswerLate, AnswerLost) as error:
        # The sentences of the transport promise that the request is kept: a login is not.
        raise ServiceSilent(remote_code=error.code, cause=error.explanation().what) from error
    finally:
        transport.close()
