"""Who calls the DMP, for which establishment, with which software.

Source: GIE SESAM-Vitale, SEL-MP-037 "DMPi" (contents of the VIHF, by mode of authentication).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

from amarre.interop.common.xmldsig import SignatureAlgorithm, Signer
from amarre.interop.ins import QualifiedIdentity
from amarre.interop.terminology import Code
from amarre.interop.xds import PatientId

# Device OID of the DMP itself (receiver of the HL7 v3 messages).
DMP_OID = "1.2.250.1.213.4.1.1.1"


class AuthenticationMode(StrEnum):
    """Mode of the VIHF: organisation certificate alone, reinforced (AIR), card."""

    INDIRECTE = "INDIRECTE"
    INDIRECTE_RENFORCEE = "INDIRECTE_RENFORCEE"
    DIRECTE = "DIRECTE"


class CardKind(StrEnum):
    """Professional cards: of a professional, of a professional in training, of an employee."""

    CPS = "CPS"
    CPF = "CPF"
    CPE = "CPE"


class AuthenticationContext(StrEnum):
    """How the professional logged in locally (SAML 2.0 AuthnContext classes)."""

    PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"  # noqa: S105
    SMARTCARD = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
    MOBILE_TWO_FACTOR = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorUnregistered"
    UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"


class ProcessingCode(StrEnum):
    """HL7 v3 processingCode: debugging (test platforms), training, production."""

    DEBUGGING = "D"
    TRAINING = "T"
    PRODUCTION = "P"


@dataclass(frozen=True, slots=True)
class Structure:
    """The establishment. `identifier` is its Struct_IdNat and must equal the OU of its certificate.

    `sector` is a code of JDV_J61 (``SA41``…), VIHF Secteur_Activite.
    """

    identifier: str
    name: str
    sector: Code


@dataclass(frozen=True, slots=True)
class Software:
    """The calling software. `oid` identifies this installation; `homologation` is the CNDA's number."""

    oid: str
    name: str
    version: str
    homologation: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the professional logged in, or the person responsible for automated deposits.

    `identifier` is the PS_IdNat. `roles` are one or two codes of JDV_J65 (profession, then speciality or
    role);
    `authenticated_at` is the local login, None for an automated deposit (the instant of the call is used).
    `specialty` is the code of JDV_J01 (``G15_60``), written in the metadata of the submission; the codes of
    the VIHF are others (``60``).
    """

    identifier: str
    family_name: str
    given_name: str
    roles: tuple[Code, ...]
    specialty: Code | None = None
    authenticated_at: datetime.datetime | None = None
    context: AuthenticationContext = AuthenticationContext.UNSPECIFIED

    @property
    def full_name(self) -> str:
        """``PRENOM NOM``, VIHF subject-id."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Access in an emergency to what is masked ("bris de glace"), with its reason, at least ten characters.

    The reason does not travel: the DMP only knows the mode. It exists so that no call can be made in this
    mode without one to keep. Raises ValueError when it is too short.
    """

    reason: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.reason.strip()) < 10:
            raise ValueError("an emergency access needs a reason")


@dataclass(frozen=True, slots=True)
class Access:
    """How a call enters a DMP. Normal by default: anything else is asked for by name.

    `secret` is the secret connection of a minor (JDV_J64): what is done is hidden from legal representatives.
    """

    break_glass: BreakGlass | None = None
    secret: bool = False


NORMAL_ACCESS = Access()
# Often quoted for the DMP, settled by no public source.
MAX_DOCUMENT_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DmpProfile:
    """Everything an establishment's connector needs; settings, never constants in code.

    `base_url` ends before the service name (``…/si-dmp-server/v2/services``). `root_oid` is the
    establishment's OID, `responsible` acts when no professional is given. `credentials` signs the VIHF and
    the submission sets: the establishment's certificate, or a card (`amarre.interop.dmp.card`), `card` then
    saying which. `vihf_version`, `xades_algorithm`, `max_document_bytes` are settings because the public
    sources do not settle them.
    """

    base_url: str
    structure: Structure
    software: Software
    root_oid: str
    credentials: Signer = field(repr=False)
    responsible: Actor
    content_type: Code
    mode: AuthenticationMode = AuthenticationMode.INDIRECTE
    processing: ProcessingCode = ProcessingCode.DEBUGGING
    vihf_version: str = "3.0"
    vihf_algorithm: SignatureAlgorithm = SignatureAlgorithm.RSA_SHA256
    xades_algorithm: SignatureAlgorithm = SignatureAlgorithm.RSA_SHA256
    max_document_bytes: int = MAX_DOCUMENT_BYTES
    card: CardKind | None = None

    def service_url(self, service: str) -> str:
        """Return the address of one service (``patients``, ``registry``, ``repository``)."""
        return f"{self.base_url.rstrip('/')}/{service}"


def patient_id_of(identity: QualifiedIdentity) -> PatientId:
    """Return the identifier of a person for the DMP; only a qualified identity has one."""
    return PatientId(identity.matricule.value, identity.oid.value)
