"""The DMP's transactions, without transport (see `amarre.interop.clients.dmp`)."""

from amarre.interop.common.xmldsig import SignatureAlgorithm, SigningCredentials
from amarre.interop.dmp.card import Card, CardSigner, SoftwareCardSigner, profile_of_card
from amarre.interop.dmp.errors import DmpError, DmpOutcomeUnknown, DmpSubmissionError
from amarre.interop.dmp.model import (
    MAX_DOCUMENT_BYTES,
    NORMAL_ACCESS,
    Access,
    Actor,
    AuthenticationContext,
    AuthenticationMode,
    BreakGlass,
    CardKind,
    DmpProfile,
    ProcessingCode,
    Software,
    Structure,
    patient_id_of,
)
from amarre.interop.dmp.rights import RIGHTS, Caller, Right, Scope, Transaction, caller_of, scope_of
from amarre.interop.dmp.rights import SOURCE as RIGHTS_SOURCE
from amarre.interop.dmp.subject_roles import subject_roles
from amarre.interop.dmp.td0_2 import Authorisation, DmpState, DmpStatus
from amarre.interop.dmp.td0_3 import AuthorisationAction, AuthorisationChange
from amarre.interop.dmp.td1_3a import AdministrativeData, Representative
from amarre.interop.dmp.td2_1 import (
    Acknowledgement,
    FrozenSubmission,
    build_request,
    prepare_submission,
)
from amarre.interop.dmp.td3_1 import DmpDocument, FoundDocument
from amarre.interop.dmp.td3_3 import Change, StatusTarget
from amarre.interop.dmp.vihf import build_assertion
from amarre.interop.dmp.visibility import Visibility
from amarre.interop.dmp.web_access import WebLink, WebPage, web_link
from amarre.interop.dmp.xades import sign_submission

__all__ = [
    "MAX_DOCUMENT_BYTES",
    "RIGHTS",
    "RIGHTS_SOURCE",
    "Right",
    "Access",
    "Acknowledgement",
    "Actor",
    "AdministrativeData",
    "AuthenticationContext",
    "AuthenticationMode",
    "Authorisation",
    "AuthorisationAction",
    "AuthorisationChange",
    "BreakGlass",
    "Caller",
    "Card",
    "CardKind",
    "CardSigner",
    "Change",
    "DmpDocument",
    "DmpError",
    "DmpOutcomeUnknown",
    "DmpProfile",
    "DmpState",
    "DmpStatus",
    "DmpSubmissionError",
    "FoundDocument",
    "FrozenSubmission",
    "NORMAL_ACCESS",
    "ProcessingCode",
    "Representative",
    "Scope",
    "SignatureAlgorithm",
    "SigningCredentials",
    "Software",
    "SoftwareCardSigner",
    "StatusTarget",
    "Structure",
    "Transaction",
    "Visibility",
    "WebLink",
    "WebPage",
    "build_assertion",
    "build_request",
    "caller_of",
    "patient_id_of",
    "prepare_submission",
    "profile_of_card",
    "scope_of",
    "sign_submission",
    "subject_roles",
    "web_link",
]
