"""The door to INSi: our settings → the kit's client."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings

from amarre.dui.core.version import SOFTWARE_VERSION
from amarre.dui.exchanges.connections import https_transport
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.errors import InsiNotConfigured
from amarre.interop.clients.insi import InsiClient
from amarre.interop.clients.insi_injection import cnda_transport
from amarre.interop.clients.insi_verification import SandboxVerification
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.ins import Environment
from amarre.interop.ins.insi import InsiProfile
from amarre.interop.ins.verification import VerificationPort
from amarre.interop.transport.http import HttpTransport

ENVIRONMENTS = {
    "bac_a_sable": Environment.SANDBOX,
    "qualification": Environment.QUALIFICATION,
    "production": Environment.PRODUCTION,
}


def insi_client(profile: ConnectorProfile) -> InsiClient:
    """Return the client of the establishment.

    During an authorisation session, files of the CNDA answer its scenarios (AMARRE_INSI_INJECTION). Raises
    InsiNotConfigured, CertificateUnusable, InjectionForbidden (towards production), InjectionUnreadable.
    """
    require_configured(profile)
    transport: HttpTransport = https_transport(profile, CertificatePurpose.INSI_AUTH)
    if settings.AMARRE_INSI_INJECTION:
        transport = cnda_transport(transport, Path(settings.AMARRE_INSI_INJECTION), environment_of(profile))
    return InsiClient(transport, _insi_profile(profile), SystemClock(), SystemIds())


def verification_port(profile: ConnectorProfile) -> VerificationPort:
    """Return what verifies the identities of the establishment.

    Raises InsiNotConfigured, CertificateUnusable, and VerificationNotOfficial for any environment but the
    sandbox's: the official messages are not public.
    """
    require_configured(profile)
    transport = https_transport(profile, CertificatePurpose.INSI_AUTH)
    return SandboxVerification(transport, _insi_profile(profile))


def environment_of(profile: ConnectorProfile) -> Environment:
    """Return the kit's environment of a profile."""
    return ENVIRONMENTS[profile.environment]


def require_configured(profile: ConnectorProfile) -> None:
    """Raise InsiNotConfigured, naming every setting INSi cannot do without."""
    needed = {
        "l'adresse d'INSi": profile.insi_url,
        "le numéro d'autorisation (IDAM)": profile.insi_idam,
        "le FINESS ou le SIRET": profile.essms.struct_idnat,
        "le certificat INSi": profile.certificate(CertificatePurpose.INSI_AUTH),
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise InsiNotConfigured(missing=", ".join(missing))


def _insi_profile(profile: ConnectorProfile) -> InsiProfile:
    # One installation of the software per establishment: its UUID follows from the structure's identifier.
    instance = uuid.uuid5(uuid.NAMESPACE_OID, f"amarre:{profile.essms.struct_idnat}")
    return InsiProfile(
        endpoint=profile.insi_url,
        idam=profile.insi_idam,
        software_name="amarre",
        software_version=SOFTWARE_VERSION,
        instance=str(instance),
        emetteur=profile.essms.struct_idnat,
        environment=ENVIRONMENTS[profile.environment],
        oids=frozenset(profile.ins_oids),
    )
