"""The door to the Annuaire Santé: our settings → the kit's client."""

from __future__ import annotations

from pathlib import Path

from amarre.dui.directory.errors import AnnuaireNotConfigured, KeyUnreadable
from amarre.dui.exchanges.connections import https_transport
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorProfile
from amarre.interop.clients.annuaire import AnnuaireClient, AnnuaireProfile
from amarre.interop.transport.http import Deadlines

# Someone waits in front of the screen: less than the deadlines of the background work.
DEADLINES = Deadlines(connect=2.0, first_byte=5.0, whole=8.0)
MAX_KEY_BYTES = 4096


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
