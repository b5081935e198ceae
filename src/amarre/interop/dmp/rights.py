"""Which transaction is open to which mode of access: a table, applied before anything leaves.

Sources: GIE SESAM-Vitale, PDT-INF-526 v1.8 (25/09/2024) and PDT-INF-606 v1.3 (08/07/2025), informative: the
DMP enforces them. The matrix of professions × document types is not here: it is national and
applied by the DMP.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from amarre.interop.dmp.errors import DmpModeNotAllowed
from amarre.interop.dmp.model import AuthenticationMode

SOURCE = "PDT-INF-526 v1.8 (25/09/2024), PDT-INF-606 v1.3 (08/07/2025)"


class Transaction(StrEnum):
    """Transactions of the DMP, as the guide numbers them."""

    TEST_EXISTENCE = "TD0.2"
    DECLARER_AUTORISATION = "TD0.3 ajout"
    SUPPRIMER_AUTORISATION = "TD0.3 suppression"
    LISTER_DMP = "TD0.4"
    DONNEES_ADMINISTRATIVES = "TD1.3a"
    DEPOSER = "TD2.1"
    RECHERCHER = "TD3.1a"
    RECHERCHER_PAR_NUMERO = "TD3.1b"
    CONSULTER = "TD3.2"
    MASQUER = "TD3.3a"
    RENDRE_VISIBLE = "TD3.3b"
    SUPPRIMER = "TD3.3c"
    ARCHIVER = "TD3.3d"
    ACCES_WEB = "TD0.9"


class Caller(StrEnum):
    """Who calls, by mode: the columns of the table."""

    CPS = "CPS ou CPF"
    CPE = "CPE"
    ORGANISATION = "Certificat d'organisation (INDIRECTE)"
    AIR_PS = "AIR, professionnel de santé"
    AIR_NON_PS = "AIR, autre professionnel"


class Scope(StrEnum):
    """How far a right goes."""

    NO = "non"
    YES = "oui"
    OWN = "ses propres documents"
    STRUCTURE = "ceux de la structure"
    LIMITED = "limité"


@dataclass(frozen=True, slots=True)
class Right:
    """One row: a transaction and its scope for each caller, in the order of `Caller`."""

    transaction: Transaction
    scopes: tuple[Scope, Scope, Scope, Scope, Scope]


_N, _Y, _O, _S, _L = Scope.NO, Scope.YES, Scope.OWN, Scope.STRUCTURE, Scope.LIMITED

RIGHTS: tuple[Right, ...] = (
    Right(Transaction.TEST_EXISTENCE, (_Y, _Y, _Y, _Y, _Y)),
    Right(Transaction.DECLARER_AUTORISATION, (_Y, _S, _N, _Y, _S)),
    Right(Transaction.SUPPRIMER_AUTORISATION, (_Y, _N, _N, _Y, _N)),
    Right(Transaction.LISTER_DMP, (_Y, _S, _L, _Y, _L)),
    Right(Transaction.DONNEES_ADMINISTRATIVES, (_Y, _Y, _Y, _Y, _Y)),
    Right(Transaction.DEPOSER, (_Y, _N, _S, _N, _N)),
    Right(Transaction.RECHERCHER, (_Y, _N, _N, _Y, _N)),
    Right(Transaction.RECHERCHER_PAR_NUMERO, (_Y, _Y, _Y, _Y, _Y)),
    Right(Transaction.CONSULTER, (_Y, _N, _N, _Y, _N)),
    Right(Transaction.MASQUER, (_Y, _N, _N, _Y, _N)),
    Right(Transaction.RENDRE_VISIBLE, (_Y, _N, _N, _Y, _N)),
    Right(Transaction.SUPPRIMER, (_O, _S, _S, _O, _S)),
    Right(Transaction.ARCHIVER, (_O, _N, _N, _O, _N)),
    Right(Transaction.ACCES_WEB, (_Y, _Y, _N, _Y, _Y)),
)

_TABLE = {
    (row.transaction, caller): scope
    for row in RIGHTS
    for caller, scope in zip(Caller, row.scopes, strict=True)
}
_CALLERS = {
    AuthenticationMode.INDIRECTE: Caller.ORGANISATION,
    AuthenticationMode.INDIRECTE_RENFORCEE: Caller.AIR_PS,
    AuthenticationMode.DIRECTE: Caller.CPS,
}


def scope_of(transaction: Transaction, caller: Caller) -> Scope:
    """Return how far a caller may use a transaction."""
    return _TABLE[transaction, caller]


def require(transaction: Transaction, mode: AuthenticationMode) -> None:
    """Raise DmpModeNotAllowed when the mode gives no right at all to the transaction."""
    if scope_of(transaction, _CALLERS[mode]) is Scope.NO:
        raise DmpModeNotAllowed(transaction=transaction.value, mode=mode.value)
