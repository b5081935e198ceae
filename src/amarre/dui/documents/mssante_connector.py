"""The door to the MSSanté operator: our settings → the kit's client."""

from __future__ import annotations

from amarre.dui.documents.mssante_errors import MssanteNotConfigured
from amarre.dui.exchanges.connections import recorder, tls_context
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorProfile
from amarre.interop.clients.mssante import MailboxCursor, MssanteClient, MssanteProfile
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.transport.mail import MailDeadlines

# A look for an earlier send (two sessions), a send and its copy hold within the lease of an exchange.
DEADLINES = MailDeadlines(connect=3.0, command=8.0, content=20.0, whole=25.0)
# How far a mailbox was read, as the kit's client says it.
KitCursor = MailboxCursor


def mssante_client(profile: ConnectorProfile) -> MssanteClient:
    """Return the client of the establishment's applicative mailbox.

    Raises MssanteNotConfigured, CertificateUnusable.
    """
    require_configured(profile)
    return MssanteClient(
        MssanteProfile(
            host=profile.mss_smtp_host,
            smtp_port=profile.mss_smtp_port,
            imap_host=profile.mss_imap_host,
            imap_port=profile.mss_imap_port,
            context=tls_context(profile, CertificatePurpose.MSSANTE_AUTH),
            mailbox=profile.mss_mailbox,
            label=profile.mss_label or profile.essms.name,
            reply_to=profile.mss_reply_to,
            nil=profile.mss_nil,
            deadlines=DEADLINES,
        ),
        SystemClock(),
        SystemIds(),
        recorder(profile),
    )


def require_configured(profile: ConnectorProfile) -> None:
    """Raise MssanteNotConfigured, naming every setting a message cannot do without."""
    needed = {
        "le serveur d'envoi": profile.mss_smtp_host,
        "le serveur de réception": profile.mss_imap_host,
        "la boîte applicative": profile.mss_mailbox,
        "la boîte de réponse": profile.mss_reply_to,
        "le numéro de logiciel (NIL)": profile.mss_nil,
        "l'OID racine": profile.root_oid,
        "la nature de l'activité": profile.content_type_code,
        "le certificat MSSanté": profile.certificate(CertificatePurpose.MSSANTE_AUTH),
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise MssanteNotConfigured(missing=", ".join(missing))
