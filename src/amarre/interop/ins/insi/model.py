"""What is asked of INSi and what it answers, as values."""

from __future__ import annotations

from dataclasses import dataclass

from amarre.interop.ins.history import FormerIns
from amarre.interop.ins.insi.codes import ResultCode
from amarre.interop.ins.matricule import Environment, Ins, MatriculeWarning, accepted_oids
from amarre.interop.ins.traits import BirthDate, Sexe, Traits


@dataclass(frozen=True, slots=True)
class InsiProfile:
    """How this installation calls INSi.

    `idam` is the CNDA authorisation number; `emetteur` the structure identifier (OU of the certificate, 1 and
    the FINESS); `instance` the UUID of the installation; `oids` the dotted OIDs believed in answers, those of
    the environment when empty.
    """

    endpoint: str
    idam: str
    software_name: str
    software_version: str
    instance: str
    emetteur: str
    environment: Environment
    oids: frozenset[str] = frozenset()

    @property
    def believed_oids(self) -> frozenset[str]:
        """The dotted OIDs believed in answers."""
        return self.oids or accepted_oids(self.environment)

    @property
    def software_urn(self) -> str:
        """The name INSi expects: ``urn:lps:<software>:<version>``."""
        return f"urn:lps:{self.software_name}:{self.software_version}"


@dataclass(frozen=True, slots=True, repr=False)
class TraitsQuery:
    """Criteria of one WS_INS2 call. `prenom` is what goes in the only Prenom element; `lieu` may be ""."""

    nom_naissance: str
    prenom: str
    sexe: Sexe
    date_naissance: BirthDate
    lieu_naissance: str = ""

    def __repr__(self) -> str:
        """Hide the values."""
        return "TraitsQuery(…)"


@dataclass(frozen=True, slots=True)
class VitaleCoverage:
    """What the card says of the coverage, for ContexteBAM/COUVERTURE; every text may be "".

    `holder` tells whether the person is the holder of the card (Porteur); `certified_on` is AAAA-MM-JJ.
    """

    regime: str = ""
    organisme: str = ""
    centre: str = ""
    holder: bool = True
    certified_on: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class VitaleQuery:
    """What a carte Vitale holds for one beneficiary, for one WS_INS1 call.

    `nir_individu` is the beneficiary's certified NIR (13 characters, "" when the card has none), `nir_od`
    that of the insured person, each with its key; `rang` the birth rank. The answer is the INS, never these
    data.
    """

    nir_individu: str
    cle_individu: str
    nir_od: str
    cle_od: str
    nom_naissance: str
    date_naissance: str
    rang: str
    coverage: VitaleCoverage | None = None

    def __repr__(self) -> str:
        """Hide the values."""
        return "VitaleQuery(…)"


@dataclass(frozen=True, slots=True, repr=False)
class InsiRequest:
    """One request ready to send. `body` holds identity traits: never logged."""

    action: str
    message_id: str
    body: bytes

    def __repr__(self) -> str:
        """Hide the body."""
        return f"InsiRequest({self.message_id})"


@dataclass(frozen=True, slots=True)
class Individual:
    """The identity INSi found: active INS, former ones, traits as received, remarks on the matricules."""

    ins: Ins
    former: tuple[FormerIns, ...]
    traits: Traits
    warnings: tuple[MatriculeWarning, ...]


@dataclass(frozen=True, slots=True)
class InsiAnswer:
    """One result: code, label as received, and the identity when the code is FOUND."""

    code: ResultCode
    label: str
    individual: Individual | None
    relates_to: str = ""
