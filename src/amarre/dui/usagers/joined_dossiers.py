"""A dossier that a fusion joined to another one: it is read, nothing new is written in it.

What is already in it lives on: its documents are still deposited, sent, withdrawn, its messages followed.
What is new about the person goes in the dossier that goes on. See docs/adr/2026-11-20-reversible-fusion.md.
"""

from __future__ import annotations

from amarre.dui.access import policy
from amarre.dui.access.permissions import Permission as P
from amarre.dui.usagers.models import Dossier
from amarre.dui.usagers.vigilance_errors import DossierJoined

WRITING = frozenset(
    {
        P.WRITE_IDENTITE, P.QUALIFY_IDENTITE, P.WRITE_CONTACTS, P.WRITE_SEJOURS, P.VALIDATE_SEJOURS,
        P.WRITE_AGENDA, P.VALIDATE_AGENDA, P.WRITE_JOURNAL_SOCIAL, P.WRITE_JOURNAL_SOINS, P.WRITE_PROJET,
        P.VALIDATE_PROJET, P.WRITE_EVALUATIONS, P.VALIDATE_EVALUATIONS, P.WRITE_SANTE, P.VALIDATE_SANTE,
        P.WRITE_DOCUMENTS,
    }
)  # fmt: skip


def refusal(permission: P, dossier: Dossier) -> DossierJoined | None:
    """Return the error that sends to the dossier that goes on, None when nothing opposes."""
    if permission not in WRITING or dossier.joined_to_id is None:
        return None
    return DossierJoined(number=dossier.continuing.number)


def refuse_joined(dossier: Dossier) -> None:
    """Raise DossierJoined for an act whose right also serves what is already in the dossier."""
    if dossier.joined_to_id is not None:
        raise DossierJoined(number=dossier.continuing.number)


def register() -> None:
    """Tell the policy; called once, when the application is ready."""
    policy.refuse_when(Dossier, refusal)
