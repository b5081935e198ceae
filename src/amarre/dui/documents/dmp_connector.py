"""The door to the DMP: our settings and certificate files → the kit's client."""

from __future__ import annotations

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from amarre.dui.core.clock import now
from amarre.dui.core.version import SOFTWARE_VERSION
from amarre.dui.documents.deposit_errors import CertificateExpired, DmpNotConfigured
from amarre.dui.exchanges.connections import https_transport
from amarre.dui.organisations.enums import CertificatePurpose, Environment
from amarre.dui.organisations.models import ConnectorCertificate, ConnectorProfile
from amarre.dui.web.dates import day
from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.dmp import Actor, DmpProfile, ProcessingCode, SigningCredentials, Software, Structure
from amarre.interop.terminology import Code, ValueSetId, value_set
from amarre.interop.transport.errors import CertificateUnusable
from amarre.interop.transport.http import (
    DEFAULT_DEADLINES,
    Deadlines,
    HttpRequest,
    HttpResponse,
    HttpTransport,
)

PROCESSING = {
    Environment.BAC_A_SABLE.value: ProcessingCode.DEBUGGING,
    Environment.QUALIFICATION.value: ProcessingCode.DEBUGGING,
    Environment.PRODUCTION.value: ProcessingCode.PRODUCTION,
}


class AnswerKeeper:
    """A transport that remembers the last answer: its bytes are the acknowledgement we keep."""

    def __init__(self, inner: HttpTransport) -> None:
        self._inner = inner
        self.last = b""

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        """Send through the inner transport; raises what it raises."""
        self.last = b""
        response = self._inner.send(request, deadlines)
        self.last = response.body
        return response


def answer_keeper(profile: ConnectorProfile) -> AnswerKeeper:
    """Return a transport towards the DMP. Raises CertificateUnusable, CertificateExpired."""
    _require_in_date(profile, CertificatePurpose.DMP_AUTH)
    return AnswerKeeper(https_transport(profile, CertificatePurpose.DMP_AUTH))


def dmp_client(profile: ConnectorProfile, actor: Actor, transport: HttpTransport | None = None) -> DmpClient:
    """Return the client of the establishment, `actor` depositing.

    Raises DmpNotConfigured, CertificateUnusable, CertificateExpired.
    """
    require_configured(profile)
    return DmpClient(
        transport or answer_keeper(profile),
        _dmp_profile(profile, actor),
        clock=SystemClock(),
        ids=SystemIds(),
    )


def require_configured(profile: ConnectorProfile) -> None:
    """Raise DmpNotConfigured, naming every setting the DMP cannot do without."""
    needed = {
        "l'adresse du DMP": profile.dmp_url,
        "le FINESS ou le SIRET": profile.essms.struct_idnat,
        "l'OID racine": profile.root_oid,
        "l'OID du logiciel": profile.software_oid,
        "le numéro d'homologation DMP": profile.dmp_homologation,
        "le secteur d'activité": _sector_code(profile),
        "la nature de l'activité": profile.content_type_code,
        "le certificat d'authentification": profile.certificate(CertificatePurpose.DMP_AUTH),
        "le certificat de signature": profile.certificate(CertificatePurpose.DMP_SIGN),
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise DmpNotConfigured(missing=", ".join(missing))


def _dmp_profile(profile: ConnectorProfile, actor: Actor) -> DmpProfile:
    essms = profile.essms
    return DmpProfile(
        base_url=profile.dmp_url,
        structure=Structure(
            essms.struct_idnat, essms.name, _code(ValueSetId.DMP_FACILITY_TYPE, _sector_code(profile))
        ),
        software=Software(profile.software_oid, "Amarre", SOFTWARE_VERSION, profile.dmp_homologation),
        root_oid=profile.root_oid,
        credentials=_signing_credentials(profile),
        responsible=actor,
        content_type=_code(ValueSetId.DMP_CONTENT_TYPE, profile.content_type_code),
        processing=PROCESSING[profile.environment],
    )


def _sector_code(profile: ConnectorProfile) -> str:
    return profile.essms.secteur_activite or profile.healthcare_facility_type_code


def _code(which: ValueSetId, code: str) -> Code:
    found = value_set(which).find(code)
    if found is None:
        raise DmpNotConfigured(missing=f"un code connu du DMP (« {code} » ne l'est pas)")
    return found


def _signing_credentials(profile: ConnectorProfile) -> SigningCredentials:
    held = _require_in_date(profile, CertificatePurpose.DMP_SIGN)
    chain = _chain(held)
    try:
        key = load_pem_private_key(Path(held.key_file).read_bytes(), None)
    except OSError as error:
        raise CertificateUnusable(reason="fichier de la clé de signature absent ou illisible") from error
    except (ValueError, TypeError) as error:
        raise CertificateUnusable(reason="clé de signature illisible") from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != chain[0].public_key():
        raise CertificateUnusable(reason="la clé de signature n'est pas celle du certificat")
    return SigningCredentials(key, chain[0], tuple(chain[1:]))


def _require_in_date(profile: ConnectorProfile, purpose: CertificatePurpose) -> ConnectorCertificate:
    held = profile.certificate(purpose)
    if held is None:
        raise DmpNotConfigured(missing=f"le certificat « {purpose.label} »")
    end: datetime.datetime = _chain(held)[0].not_valid_after_utc
    if end < now():
        raise CertificateExpired(purpose=str(purpose.label), day=day(end))
    return held


def _chain(held: ConnectorCertificate) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(Path(held.certificate_file).read_bytes())
    except OSError as error:
        raise CertificateUnusable(reason="fichier du certificat absent ou illisible") from error
    except ValueError as error:
        raise CertificateUnusable(reason="ce fichier n'est pas un certificat") from error
