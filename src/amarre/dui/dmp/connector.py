"""The door to the DMP: our settings and certificate files → the kit's client."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from amarre.dui.core.clock import now
from amarre.dui.core.file_memory import until_files_change
from amarre.dui.core.version import SOFTWARE_VERSION
from amarre.dui.dmp.errors import DmpNotConfigured
from amarre.dui.documents.errors import CertificateExpired
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


# A person waits in front of the page.
PROBE_DEADLINES = Deadlines(connect=3.0, first_byte=5.0, whole=8.0)


@dataclass(frozen=True, slots=True)
class Reached:
    """The DMP answered. `skew` is our clock minus the one its answer carries, None when it carries none."""

    skew: datetime.timedelta | None


def reach_dmp(profile: ConnectorProfile) -> Reached:
    """Open a connection with the establishment's certificate and read one answer, whatever it says.

    Carries no data of anyone. Raises a TransportError, DmpNotConfigured, CertificateExpired.
    """
    if not profile.dmp_url:
        raise DmpNotConfigured(missing="l'adresse du DMP")
    request = HttpRequest("GET", profile.dmp_url, {}, service="Le DMP", label="dmp-liaison")
    before = now()
    response = answer_keeper(profile).send(request, PROBE_DEADLINES)
    return Reached(_skew(response.headers.get("date", ""), before + (now() - before) / 2))


def _skew(date: str, ours: datetime.datetime) -> datetime.timedelta | None:
    """Return our clock minus the service's (RFC 9110 §6.6.1: whole seconds)."""
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return None
    if theirs.tzinfo is None:
        return None
    return ours - (theirs + datetime.timedelta(milliseconds=500))


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
        dmp_profile(profile, actor),
        clock=SystemClock(),
        ids=SystemIds(),
    )


@dataclass(frozen=True, slots=True)
class Needed:
    """One setting the DMP cannot do without: its key, its French words, its value ("" when it is missing)."""

    key: str
    words: str
    value: str
    # The DMP's list the value must be in, None for free text.
    known_in: ValueSetId | None = None

    @property
    def shown(self) -> str:
        """Return the value as people read it: the label of a code."""
        found = value_set(self.known_in).find(self.value) if self.known_in else None
        return f"{found.display} ({found.code})" if found else self.value

    @property
    def missing(self) -> str:
        """Return what is missing, in words; "" when nothing is."""
        if not self.value:
            return self.words
        if self.known_in is not None and value_set(self.known_in).find(self.value) is None:
            return unknown_code(self.value)
        return ""


def needed_settings(profile: ConnectorProfile) -> list[Needed]:
    """Return every setting the DMP cannot do without; certificates are judged apart."""
    return [
        Needed("dmp_url", "l'adresse du DMP", profile.dmp_url),
        Needed("struct_idnat", "le FINESS ou le SIRET", profile.essms.struct_idnat),
        Needed("root_oid", "l'OID racine", profile.root_oid),
        Needed("software_oid", "l'OID du logiciel", profile.software_oid),
        Needed("homologation", "le numéro d'homologation DMP", profile.dmp_homologation),
        Needed("sector", "le secteur d'activité", _sector_code(profile), ValueSetId.DMP_FACILITY_TYPE),
        Needed("activity", "la nature de l'activité", profile.content_type_code, ValueSetId.DMP_CONTENT_TYPE),
    ]


def require_configured(profile: ConnectorProfile) -> None:
    """Raise DmpNotConfigured, naming every setting the DMP cannot do without."""
    missing = [needed.missing for needed in needed_settings(profile) if needed.missing]
    for purpose, words in (
        (CertificatePurpose.DMP_AUTH, "le certificat d'authentification"),
        (CertificatePurpose.DMP_SIGN, "le certificat de signature"),
    ):
        if profile.certificate(purpose) is None:
            missing.append(words)
    if missing:
        raise DmpNotConfigured(missing=", ".join(missing))


def unknown_code(code: str) -> str:
    """Return the words of a code that the DMP's list does not hold."""
    return f"un code connu du DMP (« {code} » ne l'est pas)"


def authentication_certificate_of(profile: ConnectorProfile) -> x509.Certificate:
    """Return the certificate that opens the connection.

    Raises DmpNotConfigured, CertificateUnusable, CertificateExpired.
    """
    return _chain(_require_in_date(profile, CertificatePurpose.DMP_AUTH))[0]


def signing_certificate_of(profile: ConnectorProfile) -> x509.Certificate:
    """Return the certificate that signs the assertions and the sets, its key checked.

    Raises DmpNotConfigured, CertificateUnusable, CertificateExpired.
    """
    return _signing_credentials(profile).certificate


def dmp_profile(profile: ConnectorProfile, actor: Actor) -> DmpProfile:
    """Return the establishment as the kit knows it, `actor` acting. `require_configured` was called.

    Raises DmpNotConfigured, CertificateUnusable, CertificateExpired.
    """
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
        raise DmpNotConfigured(missing=unknown_code(code))
    return found


def _signing_credentials(profile: ConnectorProfile) -> SigningCredentials:
    held = _require_in_date(profile, CertificatePurpose.DMP_SIGN)
    chain = _chain(held)
    try:
        key = _private_key(held.key_file)
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
        return _certificates(held.certificate_file)
    except OSError as error:
        raise CertificateUnusable(reason="fichier du certificat absent ou illisible") from error
    except ValueError as error:
        raise CertificateUnusable(reason="ce fichier n'est pas un certificat") from error


@until_files_change
def _certificates(name: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(Path(name).read_bytes())


@until_files_change
def _private_key(name: str) -> PrivateKeyTypes:
    # Reading a key checks it, which takes longer than all the rest of a deposit.
    return load_pem_private_key(Path(name).read_bytes(), None)
