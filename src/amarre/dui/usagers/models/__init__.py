"""Aggregates: the identity, the dossier, the search at INSi, what identitovigilance watches."""

from amarre.dui.usagers.models.collision import CollisionCase, CollisionCheck
from amarre.dui.usagers.models.discrepancy import Discrepancy
from amarre.dui.usagers.models.dossier import DmpInformation, Dossier
from amarre.dui.usagers.models.duplicate import DuplicatePair, IdentityKey, IdentityMerge
from amarre.dui.usagers.models.evidence_copy import EvidenceCopy
from amarre.dui.usagers.models.identity import Identity, IdentityChange, IdentityEvidence, InsHistory
from amarre.dui.usagers.models.insi_search import InsiSearch
from amarre.dui.usagers.models.recall import RecallNote
from amarre.dui.usagers.models.search_word import DossierWord
from amarre.dui.usagers.models.spelling import NameSpelling
from amarre.dui.usagers.models.verification import VerificationBatch, VerificationItem, VerificationLot
from amarre.dui.usagers.models.vigilance_settings import VigilanceSettings

__all__ = [
    "CollisionCase",
    "CollisionCheck",
    "Discrepancy",
    "DmpInformation",
    "Dossier",
    "DossierWord",
    "DuplicatePair",
    "EvidenceCopy",
    "Identity",
    "IdentityChange",
    "IdentityEvidence",
    "IdentityKey",
    "IdentityMerge",
    "InsHistory",
    "InsiSearch",
    "NameSpelling",
    "RecallNote",
    "VerificationBatch",
    "VerificationItem",
    "VerificationLot",
    "VigilanceSettings",
]
