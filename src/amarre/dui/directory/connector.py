"""The door to the Annuaire Santé: our settings → the kit's client."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from amarre.dui.directory.errors import AnnuaireNotConfigured, DirectorySilent, KeyUnreadable
from amarre.dui.exchanges.connections import https_transport
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorProfile
from amarre.interop.clients.annuaire import AnnuaireClient, AnnuaireProfile
from amarre.interop.common.errors import Retry
from amarre.interop.transport.errors import TransportError
from amarre.interop.transport.http import Deadlines

# Someone waits in front of the screen: less than the deadlines of the background work.
DEADLINES = Deadlines(connect=2.0, first_byte=5.0, whole=8.0)
MAX_KEY_BYTES = 4096


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """Turn a directory that gives no answer into DirectorySilent; other failures pass.

    The sentences of the transport speak of acts kept and played again: a search is not.
    """
    try:
        yield
    except TransportError as error:
        if error.retry is not Retry.LATER:
            raise
        raise DirectorySilent(remote_code=error.code, cause=error.explanation().what) from error


def annuaire_client(profile: ConnectorProfile) -> AnnuaireClient:
    """Return the client of the establishment.

    The API asks for a key; a gateway that also asks for a certificate is given that of the MSSanté mailbox,
    when there is one. Raises AnnuaireNotConfigured, KeyUnreadable, CertificateUnusable.
    """
    needed = {
        "l'adresse de l'Annuaire": profile.annuaire_url,
        "le fichier de la clé d'accès": profile.annuaire_key_file,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise AnnuaireNotConfigured(missing=", ".join(missing))
    transport = https_transport(profile, CertificatePurpose.MSSANTE_AUTH, certificate_required=False)
    return AnnuaireClient(
        transport, AnnuaireProfile(profile.annuaire_url, _key(profile.annuaire_key_file), DEADLINES)
    )


def _key(name: str) -> str:
    try:
        with Path(name).open("rb") as file:
            key = file.read(MAX_KEY_BYTES).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnreadable from error
    if not key or not key.isprintable():
        raise KeyUnreadable
    return key
