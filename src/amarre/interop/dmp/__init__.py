"""DMP: existence, deposit and search by identifier, without transport (see `amarre.interop.clients.dmp`)."""

from amarre.interop.common.xmldsig import SignatureAlgorithm, SigningCredentials
from amarre.interop.dmp.errors import DmpError, DmpOutcomeUnknown, DmpSubmissionError
from amarre.interop.dmp.model import (
    Actor,
    AuthenticationContext,
    AuthenticationMode,
    DmpProfile,
    ProcessingCode,
    Software,
    Structure,
    patient_id_of,
)
from amarre.interop.dmp.subject_roles import subject_roles
from amarre.interop.dmp.td0_2 import Authorisation, DmpState, DmpStatus
from amarre.interop.dmp.td2_1 import (
    Acknowledgement,
    FrozenSubmission,
    Visibility,
    build_request,
    prepare_submission,
)
from amarre.interop.dmp.td3_1 import FoundDocument
from amarre.interop.dmp.vihf import build_assertion
from amarre.interop.dmp.xades import sign_submission

__all__ = [
    "Acknowledgement",
    "Actor",
    "AuthenticationContext",
    "AuthenticationMode",
    "Authorisation",
    "DmpError",
    "DmpOutcomeUnknown",
    "DmpProfile",
    "DmpState",
    "DmpStatus",
    "DmpSubmissionError",
    "FoundDocument",
    "FrozenSubmission",
    "ProcessingCode",
    "SignatureAlgorithm",
    "SigningCredentials",
    "Software",
    "Structure",
    "Visibility",
    "build_assertion",
    "build_request",
    "patient_id_of",
    "prepare_submission",
    "sign_submission",
    "subject_roles",
]
