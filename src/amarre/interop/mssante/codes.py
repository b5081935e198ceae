"""Data of the message: names, limits, accepted domains, masking matrix. Each value has its source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

VERSION = "Référentiel socle MSSanté #2, Clients de messageries sécurisées de santé, v1.0.1, 18/01/2024"

# ECO.2.1.1 and ECO.2.1.3.
ARCHIVE_NAME = "IHE_XDM.zip"
SUBJECT_PREFIX = "XDM/1.0/DDM+"
SUBJECT_LABEL_LENGTH = 40

# ECO.2.2.8: value that tells the usager that no answer is possible.
END_OF_EXCHANGE = "FIN"

# Mon espace santé, Messagerie, éléments d'information à destination des éditeurs, v1.3 (28/06/2023).
CITIZEN_DOMAIN = "patient.mssante.fr"
CITIZEN_MAX_BYTES = 25 * 1024 * 1024

# Domains accepted by default. The white list of the trust space also holds other domains: an installation
# adds those its operator confirms. A leading "*." accepts the sub-domains, not the domain itself.
DEFAULT_DOMAINS: tuple[str, ...] = ("*.mssante.fr",)


class Audience(StrEnum):
    """Who receives the document."""

    PROFESSIONALS = "professionals"
    USAGER = "usager"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Visibility:
    """Visibility of a document, as in the DMP metadata (confidentiality codes)."""

    masque_ps: bool = False
    invisible_patient: bool = False
    invisible_rep_legaux: bool = False


@dataclass(frozen=True, slots=True)
class MaskingRow:
    """One row of the matrix; None accepts both values."""

    audience: Audience
    masque_ps: bool | None
    invisible_patient: bool | None
    invisible_rep_legaux: bool | None


# IG « Transmission de document(s) CDA en HL7v2 » (ANS, 04/2026), table of the MSSanté rules.
MASKING: tuple[MaskingRow, ...] = (
    MaskingRow(Audience.BOTH, False, False, False),
    MaskingRow(Audience.PROFESSIONALS, False, True, False),
    # A document visible by everybody goes to professionals alone too: the table lists what a flag imposes,
    # and no flag is set (reading of the project, unconfirmed by the guide).
    MaskingRow(Audience.PROFESSIONALS, False, False, False),
    MaskingRow(Audience.USAGER, None, False, None),
)
