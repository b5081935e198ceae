"""Which transaction is open to which mode of access: a table, applied before anything leaves.

Sources: GIE SESAM-Vitale, PDT-INF-526 v1.8 (25/09/2024) and PDT-INF-606 v1.3 (08/07/2025), informative: the
DMP enforces them. The matrix of professions × document types is not here: it is national and
applied by the DMP.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from amarre.interop.dmp.errors import (
    DmpDepositNeedsEstablishment,
    DmpModeNotAllowed,
    DmpNotOwnDocument,
    DmpProfessionNotAllowed,
    DmpReadingNeedsProfessional,
    DmpStrongLoginNeeded,
)
from amarre.interop.dmp.model import (
    Actor,
    AuthenticationContext,
    AuthenticationMode,
    CardKind,
    DmpProfile,
)
from amarre.interop.xds import RegisteredDocument

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
    DEMASQUER = "TD3.3a démasquer"
    RENDRE_VISIBLE = "TD3.3b"
    SUPPRIMER = "TD3.3c"
    ARCHIVER = "TD3.3d"
    ACCES_WEB = "TD0.9"


class Caller(StrEnum):
    """Who calls, by mode: the columns of the table."""

    CPS = "Carte de professionnel de santé (CPS, CPF)"
    CPE = "Carte d'employé (CPE)"
    ORGANISATION = "Certificat de l'établissement"
    AIR_PS = "Connexion forte (AIR), professionnel de santé"
    AIR_NON_PS = "Connexion forte (AIR), autre professionnel"


class Scope(StrEnum):
    """How far a right goes."""

    NO = "non"
    YES = "oui"
    OWN = "ses propres documents"
    STRUCTURE = "au nom de la structure"
    LIMITED = "limité"


@dataclass(frozen=True, slots=True)
class Right:
    """One row: a transaction, what it does in French, its scope for each caller, in the order of `Caller`."""

    transaction: Transaction
    act: str
    scopes: tuple[Scope, Scope, Scope, Scope, Scope]


_N, _Y, _O, _S, _L = Scope.NO, Scope.YES, Scope.OWN, Scope.STRUCTURE, Scope.LIMITED

RIGHTS: tuple[Right, ...] = (
    Right(Transaction.TEST_EXISTENCE, "savoir si une personne a un DMP", (_Y, _Y, _Y, _Y, _Y)),
    Right(
        Transaction.DECLARER_AUTORISATION, "déclarer son accès au DMP d'une personne", (_Y, _S, _N, _Y, _S)
    ),
    Right(
        Transaction.SUPPRIMER_AUTORISATION, "retirer son accès au DMP d'une personne", (_Y, _N, _N, _Y, _N)
    ),
    Right(Transaction.LISTER_DMP, "lister les DMP que l'on peut lire", (_Y, _S, _L, _Y, _L)),
    Right(Transaction.DONNEES_ADMINISTRATIVES, "lire les données administratives", (_Y, _Y, _Y, _Y, _Y)),
    Right(Transaction.DEPOSER, "déposer un document", (_Y, _N, _S, _N, _N)),
    Right(Transaction.RECHERCHER, "chercher les documents", (_Y, _N, _N, _Y, _N)),
    Right(Transaction.RECHERCHER_PAR_NUMERO, "vérifier qu'un document est arrivé", (_Y, _Y, _Y, _Y, _Y)),
    Right(Transaction.CONSULTER, "lire un document", (_Y, _N, _N, _Y, _N)),
    Right(Transaction.MASQUER, "cacher un document aux professionnels", (_Y, _N, _N, _Y, _N)),
    Right(Transaction.DEMASQUER, "montrer de nouveau un document aux professionnels", (_O, _N, _N, _O, _N)),
    Right(
        Transaction.RENDRE_VISIBLE,
        "montrer à la personne un document qui lui était caché",
        (_Y, _N, _N, _Y, _N),
    ),
    Right(Transaction.SUPPRIMER, "supprimer un document", (_O, _S, _S, _O, _S)),
    Right(Transaction.ARCHIVER, "archiver un document", (_O, _N, _N, _O, _N)),
    Right(Transaction.ACCES_WEB, "ouvrir le DMP en ligne", (_Y, _Y, _N, _Y, _Y)),
)

_TABLE = {
    (row.transaction, caller): scope
    for row in RIGHTS
    for caller, scope in zip(Caller, row.scopes, strict=True)
}
_ACTS = {row.transaction: row.act for row in RIGHTS}
_CALLERS = {
    AuthenticationMode.INDIRECTE: Caller.ORGANISATION,
    AuthenticationMode.INDIRECTE_RENFORCEE: Caller.AIR_PS,
    AuthenticationMode.DIRECTE: Caller.CPS,
}
# Professions of health (TRE_G15, and TRE_G16 in training): the others are "non PS" for the table.
_HEALTH_PROFESSIONS = frozenset({"1.2.250.1.71.1.2.7", "1.2.250.1.71.1.2.8"})
PHYSICIAN = ("10", "1.2.250.1.71.1.2.7")
_STRONG = frozenset({AuthenticationContext.SMARTCARD, AuthenticationContext.MOBILE_TWO_FACTOR})


def scope_of(transaction: Transaction, caller: Caller) -> Scope:
    """Return how far a caller may use a transaction."""
    return _TABLE[transaction, caller]


def act_of(transaction: Transaction) -> str:
    """Return what a transaction does, in French: « déposer un document »."""
    return _ACTS[transaction]


def caller_of(profile: DmpProfile, actor: Actor) -> Caller:
    """Return the column of the table for a connector and who acts through it."""
    if profile.mode is AuthenticationMode.INDIRECTE:
        return Caller.ORGANISATION
    if profile.mode is AuthenticationMode.DIRECTE:
        return Caller.CPE if profile.card is CardKind.CPE else Caller.CPS
    health = bool(actor.roles) and actor.roles[0].system in _HEALTH_PROFESSIONS
    return Caller.AIR_PS if health else Caller.AIR_NON_PS


def require(transaction: Transaction, mode: AuthenticationMode) -> None:
    """Raise a DmpModeNotAllowed when the mode gives no right at all to the transaction."""
    _require(transaction, _CALLERS[mode], mode)


def require_call(transaction: Transaction, profile: DmpProfile, actor: Actor) -> None:
    """Refuse a call the DMP would refuse, before anything leaves.

    Raises a DmpModeNotAllowed, DmpStrongLoginNeeded in mode AIR without a strong login.
    """
    _require(transaction, caller_of(profile, actor), profile.mode)
    if profile.mode is AuthenticationMode.INDIRECTE_RENFORCEE and (
        actor.context not in _STRONG or actor.authenticated_at is None
    ):
        raise DmpStrongLoginNeeded()


def require_own(
    transaction: Transaction, profile: DmpProfile, actor: Actor, document: RegisteredDocument
) -> None:
    """Raise DmpNotOwnDocument when the right is limited to documents this one is not among.

    Physicians in mode AIR may archive any document (PDT-INF-606).
    """
    scope = scope_of(transaction, caller_of(profile, actor))
    if scope is Scope.OWN:
        physician = bool(actor.roles) and (actor.roles[0].code, actor.roles[0].system) == PHYSICIAN
        reinforced = profile.mode is AuthenticationMode.INDIRECTE_RENFORCEE
        if transaction is Transaction.ARCHIVER and physician and reinforced:
            return
        owners = {author.identifier for author in document.author_details}
        allowed = actor.identifier in owners
    elif scope is Scope.STRUCTURE:
        allowed = profile.structure.identifier in {item.structure for item in document.author_details}
    else:
        return
    if not allowed:
        raise DmpNotOwnDocument()


def refusal_of(transaction: Transaction) -> DmpModeNotAllowed:
    """Return what to say to somebody who has only the establishment's certificate."""
    return DmpReadingNeedsProfessional(act=act_of(transaction))


def _require(transaction: Transaction, caller: Caller, mode: AuthenticationMode) -> None:
    if scope_of(transaction, caller) is not Scope.NO:
        return
    if caller is Caller.ORGANISATION:
        raise refusal_of(transaction)
    if transaction is Transaction.DEPOSER and mode is AuthenticationMode.INDIRECTE_RENFORCEE:
        raise DmpDepositNeedsEstablishment()
    if caller in (Caller.CPE, Caller.AIR_NON_PS):
        raise DmpProfessionNotAllowed(act=act_of(transaction))
    raise DmpModeNotAllowed(act=act_of(transaction))
