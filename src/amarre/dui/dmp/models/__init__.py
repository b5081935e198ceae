"""Rules of the deposits, documents that wait for one, control of reception, readiness, audiences."""

from amarre.dui.dmp.models.readiness import ConnectionTest, Preparation
from amarre.dui.dmp.models.reception import DepositReception
from amarre.dui.dmp.models.rules import DepositProposal, DepositRule
from amarre.dui.dmp.models.visibility import DepositAudience, DmpChange

__all__ = [
    "ConnectionTest",
    "DepositAudience",
    "DepositProposal",
    "DepositReception",
    "DepositRule",
    "DmpChange",
    "Preparation",
]
