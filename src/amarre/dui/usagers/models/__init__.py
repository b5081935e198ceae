"""Aggregates: the identity, the dossier, the search at INSi."""

from amarre.dui.usagers.models.dossier import DmpInformation, Dossier
from amarre.dui.usagers.models.identity import Identity, IdentityChange, IdentityEvidence, InsHistory
from amarre.dui.usagers.models.insi_search import InsiSearch

__all__ = [
    "DmpInformation",
    "Dossier",
    "Identity",
    "IdentityChange",
    "IdentityEvidence",
    "InsHistory",
    "InsiSearch",
]
